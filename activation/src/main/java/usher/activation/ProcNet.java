package usher.activation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The tables of sockets in /proc/net ({@code proc(5)}), a row as an array of its columns. */
final class ProcNet {
    private ProcNet() {}

    /** Rows of tcp, tcp6, udp or udp6. */
    record Inet(String local, String remote, int state, long receiveQueue, long inode) {
        int localPort() {
            return Integer.parseInt(local.substring(local.lastIndexOf(':') + 1), 16);
        }

        boolean isWildcard() {
            return local.substring(0, local.lastIndexOf(':')).chars().allMatch(c -> c == '0');
        }
    }

    /** Rows of unix; {@code id} tells sockets apart unless the kernel hides it behind zeros. */
    record Unix(String id, int type, int state, long inode, String name) {}

    static Stream<Inet> inet(String table) {
        return rows(table)
                .filter(row -> row.length > 9)
                .map(row -> new Inet(
                        row[1],
                        row[2],
                        Integer.parseInt(row[3], 16),
                        Long.parseLong(row[4].substring(row[4].indexOf(':') + 1), 16),
                        Long.parseLong(row[9])));
    }

    static Stream<Unix> unix() {
        return rows("unix")
                .filter(row -> row.length > 7)
                .map(row -> new Unix(
                        row[0],
                        Integer.parseInt(row[4], 16),
                        Integer.parseInt(row[5], 16),
                        Long.parseLong(row[6]),
                        row[7]));
    }

    private static Stream<String[]> rows(String table) {
        Path file = Path.of("/proc/self/net", table);
        try {
            // Names of Unix sockets are bytes; those that are not UTF-8 must not spoil the rest.
            List<String> lines = new String(Files.readAllBytes(file), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            return lines.stream().skip(1).map(line -> line.strip().split("\\s+", 8 + columnsAfter(table)));
        } catch (IOException absent) {
            return Stream.empty(); // no IPv6, or no /proc
        }
    }

    /** The name in the unix table is the last column and may hold spaces. */
    private static int columnsAfter(String table) {
        return table.equals("unix") ? 0 : 16;
    }

    /** The first process in /proc that has a socket of that inode open: {@code pid 123 (nginx)}. */
    static Optional<String> owner(long inode) {
        String link = "socket:[" + inode + "]";
        for (int pid : Sessions.processes()) {
            Path process = Path.of("/proc", Integer.toString(pid));
            if (hasOpen(process, link)) {
                return Optional.of("pid " + pid + command(process));
            }
        }
        return Optional.empty();
    }

    private static boolean hasOpen(Path process, String link) {
        try (Stream<Path> descriptors = Files.list(process.resolve("fd"))) {
            return descriptors.anyMatch(descriptor -> {
                try {
                    return Files.readSymbolicLink(descriptor).toString().equals(link);
                } catch (IOException closedMeanwhile) {
                    return false;
                }
            });
        } catch (IOException | UncheckedIOException notOurs) {
            return false;
        }
    }

    private static String command(Path process) {
        try {
            return " (" + Files.readString(process.resolve("comm")).strip() + ")";
        } catch (IOException gone) {
            return "";
        }
    }
}

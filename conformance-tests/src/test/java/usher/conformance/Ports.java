package usher.conformance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;

/** Ports of the loopback interface, and what the kernel's tables ({@code proc(5)}, /proc/net) say of them. */
final class Ports {
    // Below net.ipv4.ip_local_port_range, so that no client's own port can be one that was just found free.
    private static final int FIRST = 20_000;
    private static final int COUNT = 12_000;

    private static final String LISTEN = "0A";
    private static final Random RANDOM = new Random();
    private static final Set<Integer> GIVEN = new HashSet<>();

    private Ports() {}

    /** A port that nobody uses on TCP and UDP, given to no other caller. */
    static synchronized int free() {
        for (int tries = 0; tries < 1000; tries++) {
            int port = FIRST + RANDOM.nextInt(COUNT);
            if (GIVEN.add(port) && isFree(port)) {
                return port;
            }
        }
        throw new AssertionError("no free port between " + FIRST + " and " + (FIRST + COUNT));
    }

    /** Somebody else's listening socket on this port. */
    static ServerSocket hold(int port) throws IOException {
        return new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
    }

    private static boolean isFree(int port) {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        try (ServerSocket tcp = hold(port);
                DatagramSocket udp = new DatagramSocket(new InetSocketAddress(loopback, port))) {
            return tcp.isBound() && udp.isBound();
        } catch (IOException inUse) {
            return false;
        }
    }

    /** The inode of the socket listening on (TCP) or bound to (UDP) this port, as in {@code socket:[inode]}. */
    static Optional<String> listener(int port) {
        return Stream.of("tcp", "tcp6", "udp", "udp6")
                .flatMap(table -> lines(Path.of("/proc/net", table))
                        .map(line -> line.trim().split("\\s+"))
                        .filter(line -> line.length > 9 && localPort(line) == port)
                        .filter(line -> table.startsWith("udp") || line[3].equals(LISTEN))
                        .map(line -> line[9]))
                .findFirst();
    }

    /** The paths below {@code directory} on which somebody listens. */
    static List<String> listeningPathsBelow(Path directory) {
        return lines(Path.of("/proc/net/unix"))
                .map(line -> line.trim().split("\\s+"))
                // Flags: __SO_ACCEPTCON
                .filter(line -> line.length == 8 && line[3].equals("00010000"))
                .map(line -> line[7])
                .filter(path -> path.startsWith(directory + "/"))
                .toList();
    }

    private static int localPort(String[] line) {
        String local = line[1].toUpperCase(Locale.ROOT);
        int colon = local.lastIndexOf(':');
        // The table's heading has no number there.
        return local.matches("[0-9A-F]+:[0-9A-F]{4}") ? Integer.parseInt(local.substring(colon + 1), 16) : -1;
    }

    private static Stream<String> lines(Path table) {
        try {
            return Files.exists(table) ? Files.readAllLines(table).stream() : Stream.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package usher.conformance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the kernel says of one process; {@code proc(5)}. Read at once when asked, so the process must be there. */
record Kernel(long pid) {
    private static final int O_NONBLOCK = 04000;
    private static final int O_CLOEXEC = 02000000;

    /** The processes, zombies aside, in whose environment {@code variable} ({@code NAME=value}) was at their exec. */
    static List<Kernel> processesWith(String variable) {
        return processes(process -> environment(process.directory()).contains(variable));
    }

    /** Those of all processes, zombies among them, of which that is true. */
    static List<Kernel> processes(Predicate<Kernel> wanted) {
        try (Stream<Path> entries = Files.list(Path.of("/proc"))) {
            return entries.map(entry -> entry.getFileName().toString())
                    .filter(name -> name.matches("[0-9]+"))
                    .map(name -> new Kernel(Long.parseLong(name)))
                    .filter(wanted)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> environment(Path process) {
        try {
            String all = Files.readString(process.resolve("environ"), StandardCharsets.ISO_8859_1);
            return Arrays.asList(all.split("\0"));
        } catch (IOException goneOrAnothers) {
            return List.of();
        }
    }

    /** The environment of its last exec. */
    Map<String, String> environment() {
        return environment(directory()).stream()
                .filter(entry -> entry.contains("="))
                .map(entry -> entry.split("=", 2))
                .collect(Collectors.toMap(entry -> entry[0], entry -> entry[1], (first, second) -> first));
    }

    /** Its open descriptors, each with what it is: a path, {@code socket:[inode]}, {@code pipe:[inode]}. */
    Map<Integer, String> descriptors() {
        Map<Integer, String> descriptors = new TreeMap<>();
        try (Stream<Path> entries = Files.list(directory().resolve("fd"))) {
            for (Path entry : (Iterable<Path>) entries::iterator) {
                descriptors.put(
                        Integer.valueOf(entry.getFileName().toString()),
                        Files.readSymbolicLink(entry).toString());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return descriptors;
    }

    boolean isBlocking(int descriptor) {
        return (flags(descriptor) & O_NONBLOCK) == 0;
    }

    boolean closesOnExec(int descriptor) {
        return (flags(descriptor) & O_CLOEXEC) != 0;
    }

    private int flags(int descriptor) {
        return Integer.parseInt(field("fdinfo/" + descriptor, "flags:"), 8);
    }

    /** A line of its {@code status} file, such as {@code SigIgn}, without the name. */
    String status(String name) {
        return field("status", name + ":");
    }

    /** Soft and hard limit of open files. */
    List<String> openFilesLimit() {
        return Arrays.asList(field("limits", "Max open files").split("\\s+")).subList(0, 2);
    }

    /** The name of the program it runs, cut to 15 characters. */
    String program() {
        return text("comm").trim();
    }

    /** The leader of its session. */
    long session() {
        return Long.parseLong(stat()[3]);
    }

    /** Whether it has ended, and this parent of its has not waited for it. */
    boolean isZombieOf(long parent) {
        try {
            String[] stat = stat();
            return stat[0].equals("Z") && Long.parseLong(stat[1]) == parent;
        } catch (UncheckedIOException gone) {
            return false;
        }
    }

    /** State, parent, group, session and more: what comes after the name in parentheses, which may hold anything. */
    private String[] stat() {
        String stat = text("stat");
        return stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    }

    /** Sends it a signal, such as {@code HUP}. */
    void signal(String name) {
        Result kill = Result.of(new ProcessBuilder("kill", "-" + name, Long.toString(pid)), Await.GENEROUS);
        if (kill.exit() != 0) {
            throw new AssertionError(kill);
        }
    }

    Path workingDirectory() {
        try {
            return Files.readSymbolicLink(directory().resolve("cwd"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends it at once (SIGKILL); nothing happens if it is gone. */
    void kill() {
        ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
    }

    private String field(String file, String name) {
        return text(file)
                .lines()
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(name.length()).trim())
                .findFirst()
                .orElseThrow(() ->
                        new AssertionError("no " + name + " in " + directory().resolve(file)));
    }

    private String text(String file) {
        try {
            return Files.readString(directory().resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path directory() {
        return Path.of("/proc", Long.toString(pid));
    }

    @Override
    public String toString() {
        try {
            return pid + " " + text("cmdline").replace('\0', ' ').trim();
        } catch (UncheckedIOException gone) {
            return pid + " (gone)";
        }
    }
}

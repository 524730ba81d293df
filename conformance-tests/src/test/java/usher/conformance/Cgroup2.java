package usher.conformance;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What this system has of version-2 control groups. */
final class Cgroup2 {
    private Cgroup2() {}

    /** Where they are mounted, if they are. */
    static Optional<Path> mount() {
        return lines(Path.of("/proc/self/mountinfo")).stream()
                .filter(line -> line.contains(" - cgroup2 "))
                .map(line -> Path.of(line.split(" ", -1)[4]))
                .findFirst();
    }

    /** The group of this test, where a launcher makes its own. */
    static Path own() {
        return mount().orElseThrow().resolve(of("self").substring(1));
    }

    /** Skips the test where no groups can be made. */
    static void assumeWritable() {
        assumeTrue(Scenario.isRoot() && mount().isPresent(), "needs root and version-2 control groups");
    }

    /** Skips nothing: false where the controller is version 1's, or not there. */
    static boolean has(String controller) {
        return mount().isPresent()
                && String.join(" ", lines(own().resolve("cgroup.controllers"))).contains(controller);
    }

    /** The path of the group that a process is in. */
    static String of(String process) {
        return lines(Path.of("/proc", process, "cgroup")).stream()
                .filter(line -> line.startsWith("0::"))
                .map(line -> line.substring(3))
                .findFirst()
                .orElseThrow();
    }

    /** The groups below one. */
    static List<Path> below(Path group) {
        try (Stream<Path> all = Files.walk(group)) {
            return all.filter(Files::isDirectory)
                    .filter(path -> !path.equals(group))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

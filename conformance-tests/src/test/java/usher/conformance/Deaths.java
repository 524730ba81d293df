package usher.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Has launchers kill themselves after so many effects; the launcher's own {@code CrashPoint} says what those are. */
final class Deaths {
    private final Path file;
    private final Path now;
    private final Path died;

    Deaths(Launcher launcher) throws IOException {
        Path directory = Files.createDirectory(launcher.directory().resolve("crashes"));
        // The launcher may be an ordinary user's, and takes what it reads away.
        Tree.mode(directory, "rwxrwxrwx");
        file = directory.resolve("numbers");
        now = directory.resolve("numbers.now");
        died = directory.resolve("numbers.died");
    }

    /** What {@code usher run} must find in its environment. */
    Map<String, String> environment() {
        return Map.of("USHER_JAVA_OPTIONS", "-Dusher.crashes=" + file);
    }

    /** The launcher that runs dies at its n-th effect from now on. */
    void atEffect(long n) throws IOException {
        put(now, Long.toString(n));
    }

    /** Those that start from now on die at these effects of theirs, each at the next. */
    void afterStart(long... effects) throws IOException {
        Files.deleteIfExists(now);
        put(file, Arrays.stream(effects).mapToObj(Long::toString).collect(Collectors.joining("\n")));
    }

    /** Nobody dies any more, once the launcher has had its next effect. */
    void noMore() throws IOException {
        put(file, "");
        atEffect(0);
    }

    /** Where launchers have died since this was asked the last time, innermost methods first. */
    List<String> places() throws IOException {
        List<String> places = Files.exists(died) ? Files.readAllLines(died) : List.of();
        Files.deleteIfExists(died);
        return places;
    }

    private static void put(Path path, String text) throws IOException {
        Path fresh = path.resolveSibling("fresh");
        Files.writeString(fresh, text);
        Tree.mode(fresh, "rw-rw-rw-");
        Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE);
    }
}

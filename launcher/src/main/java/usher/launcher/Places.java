package usher.launcher;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import usher.activation.Glances;
import usher.bundles.BundleSet;
import usher.bundles.SearchPath;

/**
 * Where this user's launcher finds and keeps things.
 *
 * @param uid of this process
 * @param insecureBundles bundles are read whoever may write to them
 * @param logDirectory absolute; while it cannot be written, {@link #spareLogDirectory} serves
 */
record Places(int uid, SearchPath searchPath, boolean insecureBundles, RunDirectory runDirectory, Path logDirectory) {

    /** As the command line says; else as the environment says; else the defaults for root or for others. */
    static Places of(Arguments arguments, Map<String, String> environment, int uid) {
        SearchPath searchPath = arguments.bundles().isEmpty()
                ? SearchPath.defaults(environment, uid == 0)
                : new SearchPath(arguments.bundles());
        RunDirectory runDirectory = runDirectory(arguments.runDirectory(), environment, uid);
        Path logDirectory = arguments
                .logDirectory()
                .map(path -> path.toAbsolutePath().normalize())
                .orElseGet(() -> logDirectory(environment, uid, runDirectory));
        return new Places(uid, searchPath, arguments.insecureBundles(), runDirectory, logDirectory);
    }

    /** The one that the command line names; else as the environment says; else the default. */
    static RunDirectory runDirectory(Optional<Path> named, Map<String, String> environment, int uid) {
        return named.map(path -> new RunDirectory(path.toAbsolutePath().normalize(), false))
                .orElseGet(() -> runDirectory(environment, uid));
    }

    /** All bundles, as they stand now. */
    BundleSet read() {
        return searchPath.read(new SearchPath.Trust(uid, insecureBundles), Glances::over);
    }

    /** That there is none of that name, and where it was looked for. */
    String noSuchBundle(String word) {
        List<String> directories = new ArrayList<>();
        searchPath.directories().forEach(directory -> directories.add(directory.toString()));
        return word + ": no such bundle along " + String.join(":", directories);
    }

    Path control() {
        return runDirectory.path().resolve(ControlProtocol.SOCKET);
    }

    /** The launcher's own log, and everybody's while the log directory cannot be written. */
    Path spareLogDirectory() {
        return runDirectory.path().resolve("log");
    }

    /** Output on its way to logs. */
    Path spoolDirectory() {
        return runDirectory.path().resolve("spool");
    }

    /** RUN-DIR/logs leads to the log directory while the launcher runs, for those who read logs. */
    Path logs() {
        return runDirectory.path().resolve("logs");
    }

    /** Where the running launcher keeps its logs, as it says itself: where {@link #logs} leads. */
    Optional<Path> publishedLogDirectory() {
        try {
            return Optional.of(Files.readSymbolicLink(logs())).filter(Files::isDirectory);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Lets {@link #logs} lead to this log directory. */
    void publishLogDirectory() {
        try {
            Path fresh = runDirectory.path().resolve(".logs");
            Files.deleteIfExists(fresh);
            Files.createSymbolicLink(fresh, logDirectory);
            Files.move(fresh, logs(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            // Then readers look where the log directory is by default.
        }
    }

    private static RunDirectory runDirectory(Map<String, String> environment, int uid) {
        Path named = path(environment, "USHER_RUN_DIR");
        if (named != null) {
            return new RunDirectory(named.toAbsolutePath().normalize(), false);
        }
        if (uid == 0) {
            return new RunDirectory(Path.of("/run/usher"), false);
        }
        Path runtime = absolute(environment, "XDG_RUNTIME_DIR");
        if (runtime != null && isOwn(runtime, uid)) {
            return new RunDirectory(runtime.resolve("usher"), false);
        }
        Path temporary = absolute(environment, "TMPDIR");
        return new RunDirectory((temporary == null ? Path.of("/tmp") : temporary).resolve("usher-" + uid), true);
    }

    /** The specification has it so, and su leaves the variable of whoever called it. */
    private static boolean isOwn(Path directory, int uid) {
        try {
            return Files.getAttribute(directory, "unix:uid") instanceof Integer owner && owner == uid;
        } catch (IOException e) {
            return false;
        }
    }

    private static Path logDirectory(Map<String, String> environment, int uid, RunDirectory runDirectory) {
        if (uid == 0) {
            return Path.of("/var/log/usher");
        }
        Path state = absolute(environment, "XDG_STATE_HOME");
        if (state != null) {
            return state.resolve("usher").resolve("log");
        }
        Path home = absolute(environment, "HOME");
        return home == null
                ? runDirectory.path().resolve("log")
                : home.resolve(".local").resolve("state").resolve("usher").resolve("log");
    }

    private static @Nullable Path absolute(Map<String, String> environment, String variable) {
        Path path = path(environment, variable);
        return path != null && path.isAbsolute() ? path : null;
    }

    private static @Nullable Path path(Map<String, String> environment, String variable) {
        String value = environment.getOrDefault(variable, "");
        try {
            return value.isEmpty() ? null : Path.of(value);
        } catch (InvalidPathException e) {
            return null;
        }
    }

    /** The effective user of this process. */
    static int ownUid() {
        // "Uid:", then real, effective, saved and file system's: proc(5). The owner of /proc/self is root if dumps are
        // off.
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"), StandardCharsets.ISO_8859_1)) {
            String ids =
                    lines.filter(line -> line.startsWith("Uid:")).findFirst().orElseThrow();
            return Integer.parseUnsignedInt(ids.split("\t", -1)[2]);
        } catch (IOException e) {
            throw new UncheckedIOException("/proc is needed", e);
        }
    }
}

package usher.activation;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Processes that a launcher before this one has started and was killed before it could write that down. Their
 * environment says in INVOCATION_ID ({@code systemd.exec(5)}) which they are; its beginning tells theirs from others.
 */
public final class Orphans {
    /** The variable by which a process is known. */
    public static final String VARIABLE = "INVOCATION_ID";

    private final boolean any;
    private @Nullable Map<String, ProcessId> byMarker;

    private Orphans(boolean any) {
        this.any = any;
    }

    /** After a first start there are none, and nothing is searched. */
    public static Orphans none() {
        return new Orphans(false);
    }

    /** Those that run; they are looked for when the first is asked for. */
    public static Orphans search() {
        return new Orphans(true);
    }

    /** The process with that marker, given out once. */
    public Optional<Child> find(String marker) {
        if (!any) {
            return Optional.empty();
        }
        if (byMarker == null) {
            byMarker = all();
        }
        ProcessId process = byMarker.remove(marker);
        return process == null ? Optional.empty() : process.open().map(pidfd -> Child.adopt(process.pid(), pidfd));
    }

    /** A daemon's own children inherit the marker; the leader of a session is the one that was started. */
    private static Map<String, ProcessId> all() {
        Map<String, ProcessId> all = new HashMap<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path path : processes) {
                int pid = Integer.parseInt(path.getFileName().toString());
                String marker = marker(path);
                ProcessId process = ProcessId.of(pid);
                if (!marker.isEmpty() && process.session() == pid && process.isAlive()) {
                    all.merge(marker, process, (one, other) -> one.startedAt() <= other.startedAt() ? one : other);
                }
            }
        } catch (IOException | DirectoryIteratorException noProc) {
            return all;
        }
        return all;
    }

    private static String marker(Path process) {
        try {
            String environment = Files.readString(process.resolve("environ"), StandardCharsets.ISO_8859_1);
            for (String variable : environment.split("\0", -1)) {
                if (variable.startsWith(VARIABLE + "=")) {
                    return variable.substring(VARIABLE.length() + 1);
                }
            }
        } catch (IOException goneOrAnothers) {
            return "";
        }
        return "";
    }
}

package usher.activation;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
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

    /** Whether there is one with that marker that has not been given out. */
    public boolean have(String marker) {
        return any && byMarker().containsKey(marker);
    }

    /** The process with that marker is none: it was written down. */
    public void forget(String marker) {
        if (any) {
            byMarker().remove(marker);
        }
    }

    /** The process with that marker, given out once. */
    public Optional<Child> find(String marker) {
        if (!any) {
            return Optional.empty();
        }
        ProcessId process = byMarker().remove(marker);
        return process == null ? Optional.empty() : process.open().map(pidfd -> Child.adopt(process.pid(), pidfd));
    }

    private Map<String, ProcessId> byMarker() {
        if (byMarker == null) {
            byMarker = all();
        }
        return byMarker;
    }

    /** A daemon's own children inherit the marker; the leader of a session is the one that was started. */
    private static Map<String, ProcessId> all() {
        Map<String, ProcessId> all = new HashMap<>();
        for (int process : Sessions.processes()) {
            String marker = marker(process);
            Sessions.Standing standing = Sessions.standing(process);
            if (!marker.isEmpty() && standing != null && standing.session() == process && !standing.ended()) {
                ProcessId found = new ProcessId(process, standing.startedAt());
                all.merge(marker, found, (one, other) -> one.startedAt() <= other.startedAt() ? one : other);
            }
        }
        return all;
    }

    private static String marker(int process) {
        try {
            String environment = Files.readString(
                    Path.of("/proc", Integer.toString(process), "environ"), StandardCharsets.ISO_8859_1);
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

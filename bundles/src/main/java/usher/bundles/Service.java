package usher.bundles;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What a bundle runs: its scripts and the settings beside them. Time-outs of zero mean none.
 *
 * @param directory where the scripts lie: {@code BUNDLE/service}, or the bundle itself if it is a plain daemontools
 *     directory
 * @param scripts those that exist; they need not be executable
 * @param down not part of {@code run} without names
 * @param eager start with the job although the bundle has sockets
 * @param environment a value per variable; no value: the variable is unset
 * @param notificationFd ready when the daemon writes a newline to that descriptor
 * @param sdNotify ready at READY=1 on NOTIFY_SOCKET
 * @param downSignal signal number; CONT is sent after it
 * @param mount the directory that is mounted while this bundle is up
 */
public record Service(
        Path directory,
        Set<Script> scripts,
        boolean down,
        boolean eager,
        Optional<Duration> idleTimeout,
        Map<String, Optional<String>> environment,
        Place place,
        OptionalInt notificationFd,
        boolean sdNotify,
        int downSignal,
        Timeouts timeouts,
        Optional<Path> mount,
        Log log) {

    public Service {
        EnumSet<Script> known = EnumSet.noneOf(Script.class);
        known.addAll(scripts);
        scripts = Collections.unmodifiableSet(known);
        environment = ByteOrder.copyOf(environment);
    }

    public enum Script {
        START,
        RUN,
        STOP,
        FINISH;

        public String fileName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Who a process is and where it stands.
     *
     * @param user name or number
     * @param umask default 022
     * @param directory working directory, default the service directory
     * @param root chroot
     * @param limits by prlimit's names; -1 is unlimited
     */
    public record Place(
            Optional<String> user,
            Optional<String> group,
            int umask,
            Path directory,
            Optional<Path> root,
            boolean noNewPrivileges,
            Map<String, Limit> limits) {

        public Place {
            limits = ByteOrder.copyOf(limits);
        }
    }

    /** A resource limit; -1 is unlimited. */
    public record Limit(long soft, long hard) {}

    /** {@code timeout-up} 90 s, {@code timeout-down} none, {@code timeout-kill} 10 s, {@code timeout-finish} 5 s. */
    public record Timeouts(Duration up, Duration down, Duration kill, Duration finish) {
        public static final Timeouts DEFAULT =
                new Timeouts(Duration.ofSeconds(90), Duration.ZERO, Duration.ofSeconds(10), Duration.ofSeconds(5));

        /** What a logger has between the end of its input and its down-signal: {@code down}, without that {@code kill}. */
        public Duration drain() {
            return down.isZero() ? kill : down;
        }
    }

    /** How the launcher keeps the log of a bundle without a logger: stamp, bytes per file, old files kept. */
    public record Log(Stamp stamp, long size, int count) {
        public enum Stamp {
            TAI64N,
            RFC3339
        }

        public static final Log DEFAULT = new Log(Stamp.TAI64N, 1_000_000, 10);
    }

    public boolean has(Script script) {
        return scripts.contains(script);
    }
}

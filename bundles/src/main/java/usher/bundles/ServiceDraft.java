package usher.bundles;

import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** A service while its settings are read one after the other; what none of them says keeps its default. */
final class ServiceDraft {
    final Path home;
    final Set<Service.Script> scripts = EnumSet.noneOf(Service.Script.class);
    boolean down;
    boolean eager;
    Optional<Duration> idleTimeout = Optional.empty();
    Map<String, Optional<String>> environment = Map.of();

    Optional<String> user = Optional.empty();
    Optional<String> group = Optional.empty();
    int umask = 022;
    Path directory;
    Optional<Path> root = Optional.empty();
    boolean noNewPrivileges;
    final Map<String, Service.Limit> limits = new HashMap<>(0);

    OptionalInt notificationFd = OptionalInt.empty();
    boolean sdNotify;
    int downSignal = 15;
    Duration timeoutUp = Service.Timeouts.DEFAULT.up();
    Duration timeoutDown = Service.Timeouts.DEFAULT.down();
    Duration timeoutKill = Service.Timeouts.DEFAULT.kill();
    Duration timeoutFinish = Service.Timeouts.DEFAULT.finish();
    Optional<Path> mount = Optional.empty();
    final LogDraft log;

    ServiceDraft(Path home, LogDraft log) {
        this.home = home;
        this.directory = home;
        this.log = log;
    }

    /** How the launcher keeps the log; may be said beside or inside {@code service/}. */
    static final class LogDraft {
        Service.Log.Stamp stamp = Service.Log.DEFAULT.stamp();
        long size = Service.Log.DEFAULT.size();
        int count = Service.Log.DEFAULT.count();
    }

    Service service() {
        return new Service(
                home,
                scripts,
                down,
                eager,
                idleTimeout,
                environment,
                new Service.Place(user, group, umask, directory, root, noNewPrivileges, limits),
                notificationFd,
                sdNotify,
                downSignal,
                new Service.Timeouts(timeoutUp, timeoutDown, timeoutKill, timeoutFinish),
                mount,
                new Service.Log(log.stamp, log.size, log.count));
    }
}

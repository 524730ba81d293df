package usher.bundles;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a service is told that has no effect with the rest of its bundle: doubtful, never wrong. */
final class ServiceRules {
    private static final List<String> OF_LOGS = List.of("log-count", "log-format", "log-size");

    private ServiceRules() {}

    /**
     * Checks a bundle that was read.
     *
     * @param top the bundle's directory
     * @param files where the service's settings lie, which is the bundle's directory if that is a plain one
     */
    static void check(
            Settings top,
            @Nullable Settings files,
            @Nullable Service service,
            List<ListeningSocket> sockets,
            List<Link> links) {
        if (service != null && files != null) {
            checkReadiness(files, service, sockets);
            checkIdle(files, service, sockets);
            if (!service.has(Service.Script.RUN) && files.has("finish")) {
                warn(
                        files,
                        "finish",
                        "is never called: it follows run, and there is none",
                        "remove it, or call it stop");
            }
            if (service.eager() && accepts(sockets)) {
                warn(files, "eager", "has no effect with accept: there is no process before a connection", "remove it");
            }
        }
        for (Link link : links) {
            if (link.relation() == Relation.LOG) {
                for (Settings place : files == null || files == top ? List.of(top) : List.of(top, files)) {
                    for (String name : OF_LOGS) {
                        if (place.has(name)) {
                            warn(place, name, "has no effect: " + link.to() + " keeps the log", "remove it");
                        }
                    }
                }
            }
        }
    }

    private static void checkReadiness(Settings files, Service service, List<ListeningSocket> sockets) {
        for (String name : List.of("notification-fd", "sd-notify")) {
            boolean there = name.equals("sd-notify")
                    ? service.sdNotify()
                    : service.notificationFd().isPresent();
            if (there && !service.has(Service.Script.RUN)) {
                warn(files, name, "has no effect without run: a one-shot is up when start has ended", "remove it");
            } else if (there && accepts(sockets)) {
                warn(files, name, "has no effect with accept: such a bundle is up while it listens", "remove it");
            }
        }
        if (service.sdNotify() && service.notificationFd().isPresent()) {
            warn(files, "sd-notify", "says one way of becoming ready, and notification-fd another", "keep one of them");
        }
    }

    private static void checkIdle(Settings files, Service service, List<ListeningSocket> sockets) {
        if (service.idleTimeout().isEmpty()) {
            return;
        }
        String why = "";
        if (sockets.isEmpty()) {
            why = "there is no socket to start the daemon again";
        } else if (accepts(sockets)) {
            why = "with accept a process ends with its connection";
        } else {
            for (ListeningSocket socket : sockets) {
                boolean inet = socket.address() instanceof Address.Inet;
                boolean unix = socket.address() instanceof Address.Unix;
                if (!socket.address().isConnectionOriented() || !(inet || unix)) {
                    why = socket.source() + " has no connections to be counted";
                }
            }
        }
        if (!why.isEmpty()) {
            warn(files, "idle-timeout", "has no effect: " + why, "remove it");
        }
    }

    private static boolean accepts(List<ListeningSocket> sockets) {
        for (ListeningSocket socket : sockets) {
            if (socket.accept()) {
                return true;
            }
        }
        return false;
    }

    private static void warn(Settings files, String name, String message, String remedy) {
        files.reading().warn(files.source(name), message, remedy);
    }
}

package usher.launcher;

import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import usher.activation.ExitStatus;
import usher.bundles.Signals;

/** {@code status} and {@code sockets} as JSON. Keys may be added, never renamed. */
final class StatusJson {
    private StatusJson() {}

    static String bundles(List<BundleStatus> bundles) {
        Json json = new Json().object().key("bundles").array();
        for (BundleStatus bundle : bundles) {
            json.object()
                    .member("name", bundle.name().value())
                    .member("state", bundle.state().toString());
            if (bundle.pid().isPresent()) {
                json.member("pid", bundle.pid().getAsLong());
            } else {
                json.key("pid").nothing();
            }
            json.member("instances", bundle.instances())
                    .member("since", time(Optional.of(bundle.since())))
                    .member("starts", bundle.starts())
                    .key("lastExit");
            exit(json, bundle.lastExit());
            json.member("nextTry", time(bundle.nextTry()))
                    .key("enabled")
                    .value(bundle.enabled())
                    .member("detail", bundle.detail())
                    .member("containment", bundle.containment())
                    .endObject();
        }
        return json.endArray().endObject().text();
    }

    static String upgrade(Path to, int pid) {
        return new Json()
                .object()
                .member("upgraded", to.toString())
                .member("pid", pid)
                .endObject()
                .text();
    }

    private static void exit(Json json, Optional<ExitStatus> exit) {
        if (exit.isEmpty()) {
            json.nothing();
            return;
        }
        int number = exit.get().number();
        json.object();
        switch (exit.get().kind()) {
            case EXIT -> json.member("exit", number);
            case SIGNAL -> json.member("signal", Signals.name(number));
            case UNKNOWN -> json.key("unknown").value(true);
        }
        json.endObject();
    }

    /** RFC 3339, in UTC, to the millisecond. */
    private static @org.jspecify.annotations.Nullable String time(Optional<Instant> time) {
        return time.map(instant -> instant.truncatedTo(ChronoUnit.MILLIS).toString())
                .orElse(null);
    }

    static String sockets(List<SocketStatus> sockets) {
        Json json = new Json().object().key("sockets").array();
        for (SocketStatus socket : sockets) {
            json.object()
                    .member("address", socket.address())
                    .member("bundle", socket.bundle().value())
                    .member("socket", socket.socket())
                    .member("fdName", socket.fdName())
                    .member("state", socket.state())
                    .member("taken", socket.taken())
                    .member("refused", socket.refused())
                    .member("detail", socket.detail())
                    .endObject();
        }
        return json.endArray().endObject().text();
    }
}

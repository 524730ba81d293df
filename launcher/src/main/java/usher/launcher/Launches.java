package usher.launcher;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import usher.activation.Environment;
import usher.activation.ExitStatus;
import usher.activation.Launch;
import usher.activation.Listener;
import usher.activation.Pipe;
import usher.activation.Ucspi;
import usher.activation.posix.Descriptor;
import usher.bundles.Bundle;
import usher.bundles.ListeningSocket.Handover;
import usher.bundles.Service;
import usher.bundles.Service.Script;

/** Which command, environment and descriptors each process of a bundle gets. */
final class Launches {
    /** What s6 passes for a daemon that was ended by a signal. */
    private static final int SIGNALLED = 256;

    private static final int FIRST_PASSED = 3;

    private final Environment inherited = Environment.inherited().with(CallersLocale.changes(System.getenv()));
    private final Function<Bundle, Map<Integer, Descriptor>> streams;
    private final boolean plays;

    /**
     * Launches whose processes are real, or are only {@linkplain Launch#played played}.
     *
     * @param streams the output of a bundle, and its input if it is a logger, by number
     */
    Launches(Function<Bundle, Map<Integer, Descriptor>> streams, boolean plays) {
        this.streams = streams;
        this.plays = plays;
    }

    /** {@code run}, with the open sockets as its bundle wants them handed over, then what it has stored. */
    Launch run(
            Bundle bundle,
            Service service,
            Iterable<Listener> open,
            Iterable<Holding.Stored> stored,
            Optional<Pipe> readiness,
            Optional<String> notifyAddress) {
        Map<Integer, Descriptor> descriptors = new HashMap<>(streams.apply(bundle));
        List<String> names = new ArrayList<>();
        for (Listener listener : open) {
            if (listener.declaration().handover() == Handover.STDIN) {
                descriptors.put(0, listener.descriptor());
            } else {
                descriptors.put(FIRST_PASSED + names.size(), listener.descriptor());
                names.add(listener.declaration().fdName());
            }
        }
        for (Holding.Stored one : stored) {
            descriptors.put(FIRST_PASSED + names.size(), one.descriptor());
            names.add(one.name());
        }
        if (readiness.isPresent()) {
            descriptors.put(
                    service.notificationFd().orElseThrow(), readiness.get().writeEnd());
        }
        Environment environment = environment(service);
        if (!names.isEmpty()) {
            environment = environment.listening(names);
        }
        if (notifyAddress.isPresent()) {
            environment = environment.with("NOTIFY_SOCKET", notifyAddress.get());
        }
        return launch(service, List.of(path(service, Script.RUN)), environment, descriptors, !names.isEmpty());
    }

    /**
     * The first of the stored descriptors: as many as have numbers, after the sockets, below the one that
     * {@code notification-fd} names, so that LISTEN_FDS counts nothing else. The daemon needs that one to become ready.
     */
    static List<Holding.Stored> fitting(Service service, List<Listener> open, List<Holding.Stored> stored) {
        int end = service.notificationFd().orElse(Integer.MAX_VALUE);
        if (end < FIRST_PASSED) {
            return stored;
        }
        long passed = open.stream()
                .filter(listener -> listener.declaration().handover() != Handover.STDIN)
                .count();
        long room = Math.max(0, end - FIRST_PASSED - passed);
        return stored.subList(0, (int) Math.min(room, stored.size()));
    }

    /** {@code run} for connections; the connection itself and what is known of its peer come with each spawn. */
    Launch perConnection(Bundle bundle, Service service, Handover handover, String fdName) {
        Environment environment = Ucspi.prepare(environment(service));
        boolean tells = handover == Handover.LISTEN_FDS;
        if (tells) {
            environment = environment.listening(List.of(fdName));
        }
        return launch(service, List.of(path(service, Script.RUN)), environment, streams.apply(bundle), tells);
    }

    /** The numbers under which a connection's process has its connection. */
    static Set<Integer> connectionNumbers(Handover handover) {
        return handover == Handover.LISTEN_FDS ? Set.of(FIRST_PASSED) : Set.of(0, 1);
    }

    /** {@code start} or {@code stop}. */
    Launch script(Bundle bundle, Service service, Script script) {
        return launch(service, List.of(path(service, script)), environment(service), streams.apply(bundle), false);
    }

    /**
     * {@code finish}, told as s6 tells it: exit code, signal, bundle, process group of what has ended. How it has ended may
     * be unknown: then it has no exit code, as if signalled, and no signal.
     */
    Launch finish(Bundle bundle, Service service, ExitStatus last, int group) {
        boolean signalled = last.kind() == ExitStatus.Kind.SIGNAL;
        List<String> command = List.of(
                path(service, Script.FINISH),
                Integer.toString(last.kind() == ExitStatus.Kind.EXIT ? last.number() : SIGNALLED),
                Integer.toString(signalled ? last.number() : 0),
                bundle.name().value(),
                Integer.toString(group));
        return launch(service, command, environment(service), streams.apply(bundle), false);
    }

    private Environment environment(Service service) {
        return inherited.with(service.environment());
    }

    private static String path(Service service, Script script) {
        return service.directory().resolve(script.fileName()).toString();
    }

    private Launch launch(
            Service service,
            List<String> command,
            Environment environment,
            Map<Integer, Descriptor> descriptors,
            boolean tellsPid) {
        Launch launch = new Launch(command, environment, service.place(), descriptors, tellsPid);
        return plays ? launch.played() : launch;
    }
}

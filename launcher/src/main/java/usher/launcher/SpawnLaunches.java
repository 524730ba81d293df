package usher.launcher;

import static java.util.stream.Collectors.joining;

import java.util.List;
import java.util.Optional;
import usher.activation.Enclosure;
import usher.activation.Launch;
import usher.activation.Listener;
import usher.activation.Orphans;
import usher.activation.Pipe;
import usher.bundles.Bundle;
import usher.bundles.BundleName;
import usher.bundles.Service;

/** What is launched for an {@link Effect.Spawn}, with what its bundle has open now. */
final class SpawnLaunches {
    private final Launches launches;
    private final Notifications notifications;
    private final Remains remains;
    private final Survivors survivors;
    private final Diary diary;

    SpawnLaunches(Launches launches, Notifications notifications, Remains remains, Survivors survivors, Diary diary) {
        this.launches = launches;
        this.notifications = notifications;
        this.remains = remains;
        this.survivors = survivors;
        this.diary = diary;
    }

    /** In this enclosure, and to be known by its marker. */
    Launch of(Effect.Spawn spawn, Service service, Holding holding, Optional<Pipe> readiness, Enclosure enclosure) {
        Launch launch = launch(spawn, service, holding, readiness);
        String marker = survivors.marker(spawn.bundle().name(), spawn.process());
        return enclosure.admit(launch.with(Orphans.VARIABLE, marker));
    }

    private Launch launch(Effect.Spawn spawn, Service service, Holding holding, Optional<Pipe> readiness) {
        Bundle bundle = spawn.bundle();
        return switch (spawn.script()) {
            case RUN -> {
                List<Listener> sockets = holding.open(bundle);
                if (!holding.runs()) {
                    sockets.forEach(Listener::makeBlocking);
                }
                Optional<String> address = service.sdNotify() ? Optional.of(notifications.address()) : Optional.empty();
                List<Holding.Stored> stored = Launches.fitting(service, sockets, holding.stored);
                tellLeftOut(bundle.name(), service, holding.stored.subList(stored.size(), holding.stored.size()));
                yield launches.run(bundle, service, sockets, stored, readiness, address);
            }
            case START, STOP -> launches.script(bundle, service, spawn.script());
            case FINISH -> {
                int group = remains.takeGroup(bundle.name(), spawn.ended().process());
                yield launches.finish(bundle, service, spawn.ended().status(), group);
            }
        };
    }

    private void tellLeftOut(BundleName bundle, Service service, List<Holding.Stored> leftOut) {
        if (!leftOut.isEmpty()) {
            String names = leftOut.stream().map(Holding.Stored::name).collect(joining(", "));
            diary.complain(bundle + ": stored descriptors are not passed: " + names
                    + ": there is no room for them below "
                    + service.notificationFd().orElseThrow() + ", which notification-fd names; they stay stored");
        }
    }
}

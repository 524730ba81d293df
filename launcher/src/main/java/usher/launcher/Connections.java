package usher.launcher;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import usher.activation.Acceptance;
import usher.activation.Child;
import usher.activation.EventLoop;
import usher.activation.ExitStatus;
import usher.activation.Listener;
import usher.activation.Spawner;
import usher.activation.Spawning;
import usher.activation.Ucspi;
import usher.bundles.Bundle;
import usher.bundles.BundleName;
import usher.bundles.ListeningSocket;
import usher.bundles.Service;

/** One process per connection: takes connections off the queue and gives each to a process of its own. */
final class Connections {
    /** How many of one bundle are taken in a row before others have their turn. */
    private static final int MOST_IN_A_ROW = 16;

    private final EventLoop loop;
    private final Spawner spawner;
    private final Launches launches;
    private final Diary diary;
    private final Consumer<Event> tell;

    Connections(EventLoop loop, Spawner spawner, Launches launches, Diary diary, Consumer<Event> tell) {
        this.loop = loop;
        this.spawner = spawner;
        this.launches = launches;
        this.diary = diary;
        this.tell = tell;
    }

    /** Serves at most {@code room} peers of those that wait on the sockets where a knock was heard. */
    void take(Bundle bundle, Holding holding, int room) {
        int left = Math.min(room, MOST_IN_A_ROW);
        while (left > 0 && !holding.unserved.isEmpty()) {
            Waiting first = holding.unserved.remove();
            if (!serve(bundle, holding, first)) {
                return;
            }
            left--;
        }
        List<String> knocking = new ArrayList<>(holding.knocking);
        holding.knocking.clear();
        for (String socket : knocking) {
            Listener listener = holding.listeners.get(socket);
            while (listener != null && left > 0) {
                Acceptance acceptance = listener.accept();
                if (acceptance instanceof Acceptance.Connection connection) {
                    if (!isWelcome(listener, connection, holding)) {
                        connection.close();
                        continue;
                    }
                    left--;
                    if (!serve(bundle, holding, new Waiting(listener, connection))) {
                        return;
                    }
                } else if (acceptance instanceof Acceptance.Exhausted exhausted) {
                    fail(bundle.name(), exhausted.message());
                    return;
                } else {
                    break;
                }
            }
        }
    }

    /** A connection that has been taken, and where. */
    record Waiting(Listener listener, Acceptance.Connection connection) {}

    private static boolean isWelcome(Listener listener, Acceptance.Connection connection, Holding holding) {
        String socket = listener.declaration().name();
        boolean welcome = AccessRules.admit(listener.declaration().connections(), connection.peer());
        (welcome ? holding.taken : holding.refused).merge(socket, 1L, Long::sum);
        return welcome;
    }

    private boolean serve(Bundle bundle, Holding holding, Waiting waiting) {
        ListeningSocket socket = waiting.listener().declaration();
        Spawner.@Nullable Prepared prepared = prepared(bundle, holding, socket);
        if (prepared == null) {
            holding.unserved.add(waiting);
            return false;
        }
        Acceptance.Connection connection = waiting.connection();
        Spawning spawning =
                prepared.spawn(Launches.connection(socket.handover(), connection.descriptor()), Ucspi.of(connection));
        if (spawning instanceof Spawning.Spawned spawned) {
            connection.close();
            follow(bundle.name(), holding, spawned.child());
            return true;
        }
        holding.unserved.add(waiting);
        if (spawning instanceof Spawning.SpawnFailure failure) {
            fail(bundle.name(), failure.message());
        }
        return false;
    }

    /** Made once for a socket and its bundle as they are defined now; comparing definitions by value would cost. */
    @SuppressWarnings("ReferenceEquality")
    private Spawner.@Nullable Prepared prepared(Bundle bundle, Holding holding, ListeningSocket socket) {
        Holding.@Nullable Served served = holding.served.get(socket.name());
        if (served != null && served.bundle() == bundle) {
            return served.prepared();
        }
        holding.forgetServed();
        Optional<Service> service = bundle.service();
        if (service.isEmpty()) {
            fail(bundle.name(), "nothing to run");
            return null;
        }
        Spawner.Preparation preparation =
                spawner.prepareFor(launches.perConnection(bundle, service.get(), socket.handover(), socket.fdName()));
        if (preparation instanceof Spawner.Preparation.Ready ready) {
            holding.served.put(socket.name(), new Holding.Served(bundle, ready.prepared()));
            return ready.prepared();
        }
        if (preparation instanceof Spawner.Preparation.Failed failed) {
            fail(bundle.name(), failed.failure().message());
        }
        return null;
    }

    private void fail(BundleName bundle, String why) {
        diary.complain(bundle + ": " + why);
        tell.accept(new Event.AcceptFailed(bundle, why));
    }

    private void follow(BundleName bundle, Holding holding, Child child) {
        holding.connections.add(child);
        loop.watch(child.pidfd(), EventLoop.READABLE, events -> {
            Optional<ExitStatus> status = child.reap();
            if (status.isPresent() && holding.connections.remove(child)) {
                tell.accept(new Event.Disconnected(bundle, status.get()));
            }
        });
        tell.accept(new Event.Connected(bundle));
    }

    /** Peers for whom no process could be made are let go when the bundle is stopped. */
    void dismiss(Holding holding) {
        holding.unserved.forEach(waiting -> waiting.connection().close());
        holding.unserved.clear();
        holding.forgetServed();
    }
}

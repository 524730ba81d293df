package usher.launcher;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import usher.activation.Acceptance;
import usher.activation.Containment;
import usher.activation.Enclosure;
import usher.activation.EventLoop;
import usher.activation.Listener;
import usher.activation.Prepared;
import usher.activation.Spawner;
import usher.activation.Spawning;
import usher.bundles.Bundle;
import usher.bundles.BundleName;
import usher.bundles.ListeningSocket;

/**
 * One process per connection: takes connections off the queue and gives each to a process of its own.
 *
 * <pre>
 *                     denied, too many, too fast
 *   kernel's queue ──▶ accepted ──────────────────▶ closed
 *     (full: stays)      │  │ too soon for its source
 *                        │  └─────▶ slowed ─┐ due
 *                        ▼                  │
 *                      served ◀─────────────┘
 *                        │ no process could be made: unserved, and first in line after the pause
 * </pre>
 *
 * <p>What a socket allows is looked up in the bundle for every connection, so another definition needs no ceremony.
 */
final class Connections {
    /** How many of one bundle are served in a row before others have their turn. */
    private static final int MOST_IN_A_ROW = 16;

    /** How many are taken off a queue in a row, served or not. */
    private static final int MOST_TAKEN = 64;

    private final EventLoop loop;
    private final ConnectionSpawner processes;
    private final Containment containment;
    private final Arrivals arrivals;
    private final Diary diary;
    private final Consumer<Event> tell;
    private final Chronicle chronicle;
    private final ConnectionEndings endings;

    /** {@code watch} has the bundle's sockets watched again that were not, because they were full. */
    Connections(
            EventLoop loop,
            Spawner spawner,
            Containment containment,
            Launches launches,
            Outputs outputs,
            Diary diary,
            Chronicle chronicle,
            Consumer<Event> tell,
            Consumer<BundleName> watch) {
        this.chronicle = chronicle;
        this.loop = loop;
        this.processes = new ConnectionSpawner(spawner, containment, launches);
        this.containment = containment;
        this.arrivals = new Arrivals(loop, outputs, chronicle, tell);
        this.diary = diary;
        this.tell = tell;
        this.endings = new ConnectionEndings(loop, processes, arrivals, diary, chronicle, tell, watch);
    }

    /** Serves at most {@code room} peers: those whose time has come, then those on the sockets where one was seen. */
    void take(Bundle bundle, Holding holding, int room) {
        int left = Math.min(room, MOST_IN_A_ROW);
        for (ListeningSocket socket : bundle.sockets()) {
            Listener listener = holding.listeners.get(socket.name());
            if (listener != null && left > 0) {
                Turn turn = new Turn(new Door(bundle, holding, socket, listener));
                left = turn.take(left);
                if (turn.failure != null) {
                    diary.complain(bundle.name() + ": " + turn.failure);
                    tell.accept(new Event.AcceptFailed(bundle.name(), turn.failure));
                    return;
                }
            }
        }
    }

    /** Takes over the processes of connections that a launcher before this one has started; says how many run. */
    int restore(Bundle bundle, Holding holding, List<ConnectionImage> images) {
        containment.ofConnections(bundle).ifPresent(held -> holding.connectionsHeld = held);
        for (ConnectionImage image : images) {
            Listener listener = holding.listeners.get(image.socket());
            Optional<ListeningSocket> socket = bundle.sockets().stream()
                    .filter(one -> one.name().equals(image.socket()))
                    .findFirst();
            if (listener == null || socket.isEmpty()) {
                chronicle.connectionIsOver(image.bundle(), image.pid());
            } else {
                endings.restore(new Door(bundle, holding, socket.get(), listener), image);
            }
        }
        return holding.intakes.values().stream()
                .mapToInt(intake -> intake.running)
                .sum();
    }

    /** A connection that a launcher before this one had accepted and not served: it comes first. */
    void rescue(Holding holding, ListeningSocket socket, Acceptance.Connection connection) {
        Source source = Source.of(connection);
        holding.intake(socket.name()).unserved.add(new Intake.Waiting(connection, source, System.nanoTime()));
    }

    /** Whatever is left in the group of the bundle's connections is killed, and the group removed. */
    void releaseGroup(BundleName bundle, Holding holding) {
        Enclosure held = holding.connectionsHeld;
        if (held != null) {
            holding.connectionsHeld = null;
            held.kill();
            held.whenEmpty(loop, all -> {
                held.close();
                if (holding.processes.isEmpty()) {
                    containment.isIdle(bundle);
                }
            });
        }
    }

    /** One socket's turn. */
    private final class Turn {
        final Door door;
        final long now = System.nanoTime();

        @Nullable
        String failure;

        Turn(Door door) {
            this.door = door;
        }

        /** How much of the room is left over. */
        int take(int room) {
            int left = room;
            boolean more = true;
            int taken = 0;
            while (more && left > 0 && failure == null && taken < MOST_TAKEN) {
                List<Intake.Waiting> next = new ArrayList<>(Prepared.AT_A_TIME);
                int most = Math.min(
                        Math.min(left, Prepared.AT_A_TIME), door.rules().max() - door.intake().running);
                while (more && next.size() < most && taken++ < MOST_TAKEN) {
                    more = next(next);
                }
                if (most <= 0) {
                    more = false;
                    stayFull();
                }
                left -= next.isEmpty() ? 0 : serve(next);
            }
            return left;
        }

        /** Adds the next connection that may be served, if that is what comes next; false: nobody comes next. */
        private boolean next(List<Intake.Waiting> next) {
            Arrivals.Next one = arrivals.next(door, now);
            if (one instanceof Arrivals.Due due) {
                next.add(due.peer());
            } else if (one instanceof Arrivals.Nobody nobody) {
                failure = nobody.failure();
                return false;
            }
            return true;
        }

        private void stayFull() {
            if (door.intake().knocking) {
                door.intake().knocking = false;
                door.intake().full = true;
                loop.unwatch(door.listener().descriptor());
            }
        }

        /** How many have got a process. */
        private int serve(List<Intake.Waiting> next) {
            List<Spawning> spawnings = processes.spawn(door, next);
            int served = 0;
            for (int i = next.size() - 1; i >= 0; i--) {
                Intake.Waiting waiting = next.get(i);
                if (spawnings.get(i) instanceof Spawning.Spawned spawned) {
                    door.intake().started++;
                    chronicle.counted(door);
                    chronicle.connection(ConnectionImage.of(door, spawned.child(), waiting.source(), Optional.empty()));
                    waiting.connection().close();
                    endings.follow(door, spawned.child(), waiting.connection(), waiting.source());
                    served++;
                } else {
                    door.intake().unserved.addFirst(waiting);
                    failure = spawnings.get(i) instanceof Spawning.SpawnFailure failed ? failed.message() : "";
                }
            }
            return served;
        }
    }
}

package usher.launcher;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import usher.activation.Acceptance;
import usher.activation.Containment;
import usher.activation.Enclosure;
import usher.activation.EventLoop;
import usher.activation.Listener;
import usher.activation.Spawner;
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
 *                      served ◀─────────────┘    by {@link ConnectionStarts}
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
    private final Containment containment;
    private final Arrivals arrivals;
    private final Diary diary;
    private final Consumer<Event> tell;
    private final ConnectionChronicle chronicle;
    private final ConnectionEndings endings;
    private final ConnectionStarts starts;

    /** {@code watch} has the bundle's sockets watched again that were not, because they were full. */
    Connections(
            EventLoop loop,
            Spawner spawner,
            Containment containment,
            Launches launches,
            Outputs outputs,
            Diary diary,
            ConnectionChronicle chronicle,
            Consumer<Event> tell,
            Consumer<BundleName> watch) {
        this.chronicle = chronicle;
        this.loop = loop;
        ConnectionSpawner processes = new ConnectionSpawner(spawner, containment, launches);
        this.containment = containment;
        this.arrivals = new Arrivals(loop, outputs, chronicle, tell);
        this.diary = diary;
        this.tell = tell;
        this.endings = new ConnectionEndings(loop, processes, arrivals, diary, chronicle, tell, watch);
        this.starts = new ConnectionStarts(loop, processes, endings, chronicle, diary, tell);
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
        if (left == 0 && holding.hasDueConnections()) {
            // The kernel knows nothing of those any more.
            loop.submit(() -> tell.accept(new Event.Knocked(bundle.name())));
        }
    }

    /** Waits for the processes that are under way. */
    void settle() {
        starts.settle();
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
                chronicle.isOver(image.bundle(), image.pid());
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

        /** How much of the room is left over; 0 also if nobody can be served. */
        int take(int room) {
            int left = room;
            boolean more = true;
            for (int taken = 0; more && left > 0 && taken < MOST_TAKEN; taken++) {
                if (door.intake().running >= door.rules().max()) {
                    stayFull();
                    return left;
                }
                Arrivals.Next next = arrivals.next(door, now);
                if (next instanceof Arrivals.Due due) {
                    left = starts.begin(door, due.peer()) ? left - 1 : 0;
                    // One alone is seldom followed by another, and the loop would tell of one in the kernel's queue.
                    more = starts.areSeveral() || door.intake().hasDue(now);
                } else if (next instanceof Arrivals.Nobody nobody) {
                    failure = nobody.failure();
                    more = false;
                }
            }
            return left;
        }

        private void stayFull() {
            if (door.intake().knocking) {
                door.intake().knocking = false;
                door.intake().full = true;
                loop.unwatch(door.listener().descriptor());
            }
        }
    }
}

package usher.launcher;

import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import usher.activation.Child;
import usher.activation.EventLoop;
import usher.activation.OpenSockets;
import usher.activation.PendingSpawn;
import usher.activation.Spawning;
import usher.bundles.BundleName;

/**
 * Processes of connections that are on their way to their exec. Nobody waits for them as long as there is something else to
 * do, such as the next connection; but before the loop rests, since until then the launcher holds the connection, too.
 *
 * <pre>
 *   begun ──▶ has reached its exec: written down, followed, and the connection is the process's alone
 *     └─────▶ could not be made: unserved, and first in line after the pause
 * </pre>
 */
final class ConnectionStarts {
    /** More of them would only wait for a processor. */
    private static final int MOST_UNDER_WAY = 8;

    private final EventLoop loop;
    private final ConnectionSpawner processes;
    private final ConnectionEndings endings;
    private final ConnectionChronicle chronicle;
    private final Diary diary;
    private final Consumer<Event> tell;
    /** The eldest first. */
    private final ArrayDeque<Start> underWay = new ArrayDeque<>();

    private boolean awaited;

    private record Start(Door door, Intake.Waiting peer, PendingSpawn process) {}

    ConnectionStarts(
            EventLoop loop,
            ConnectionSpawner processes,
            ConnectionEndings endings,
            ConnectionChronicle chronicle,
            Diary diary,
            Consumer<Event> tell) {
        this.loop = loop;
        this.processes = processes;
        this.endings = endings;
        this.chronicle = chronicle;
        this.diary = diary;
        this.tell = tell;
    }

    /** Begins a process for the connection; false if it, or one before it, could not be made, which is told of then. */
    boolean begin(Door door, Intake.Waiting peer) {
        door.intake().running++;
        Start start = new Start(door, peer, processes.begin(door, peer.connection()));
        if (!awaited) {
            awaited = true;
            loop.beforeRest(this::settleAtRest);
        }
        underWay.add(start);
        if (start.process().isDone()) {
            settle();
            return false;
        }
        return settleSome();
    }

    boolean areSeveral() {
        return underWay.size() > 1;
    }

    /** Those that need not be waited for, and the eldest if there are many; false if one could not be made. */
    private boolean settleSome() {
        while (!underWay.isEmpty()
                && (underWay.size() >= MOST_UNDER_WAY
                        || underWay.peek().process().isOver())) {
            if (underWay.peek().process().await() instanceof Spawning.Spawned spawned) {
                hasBegun(underWay.remove(), spawned.child());
            } else {
                settle();
                return false;
            }
        }
        return true;
    }

    private void settleAtRest() {
        awaited = false;
        settle();
    }

    /** Waits for all of them. */
    void settle() {
        ArrayDeque<Start> failed = new ArrayDeque<>();
        for (Start next = underWay.poll(); next != null; next = underWay.poll()) {
            if (next.process().await() instanceof Spawning.Spawned spawned) {
                hasBegun(next, spawned.child());
            } else {
                failed.push(next);
            }
        }
        Set<BundleName> told = new HashSet<>();
        for (Start one : failed) {
            hasFailed(one);
            if (one.process().await() instanceof Spawning.SpawnFailure failure
                    && told.add(one.door().name())) {
                diary.complain(one.door().name() + ": " + failure.message());
                tell.accept(new Event.AcceptFailed(one.door().name(), failure.message()));
            }
        }
    }

    private void hasBegun(Start start, Child child) {
        Door door = start.door();
        door.intake().started++;
        chronicle.counted(door);
        chronicle.begun(ConnectionImage.of(door, child, start.peer().source(), Optional.empty()));
        start.peer().connection().close();
        endings.follow(door, child, start.peer().connection(), start.peer().source());
    }

    private static void hasFailed(Start start) {
        OpenSockets.noteServed(start.peer().connection(), false);
        start.door().intake().running--;
        start.door().intake().unserved.addFirst(start.peer());
    }
}

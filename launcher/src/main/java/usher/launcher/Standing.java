package usher.launcher;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import usher.activation.Child;
import usher.activation.Enclosure;
import usher.activation.EventLoop;
import usher.activation.Listener;
import usher.activation.PendingSpawn;
import usher.activation.QueueMark;
import usher.activation.Spawning;
import usher.activation.Standby;
import usher.activation.posix.Processes;

/** The next process of one bundle: first standing by, then begun, at last taken for the one it is, or dropped. */
final class Standing {
    private final Standby process;
    private final Enclosure enclosure;
    /** Made ready while one was up. */
    private final boolean hasSeenADaemon;

    /** What the engine would say of it. */
    Expectation expectation;

    private Map<Listener, QueueMark> marks = Map.of();
    private @Nullable PendingSpawn begun;

    /** What has been begun, and what waited in the queues before, if that is to be known. */
    record Begun(PendingSpawn process, Map<Listener, QueueMark> marks) {}

    Standing(Standby process, Expectation expectation, Enclosure enclosure) {
        this.process = process;
        this.expectation = expectation;
        this.enclosure = enclosure;
        this.hasSeenADaemon = expectation.life().phase() == Life.Phase.UP;
    }

    boolean isWhole() {
        return process.isWhole();
    }

    boolean isBegun() {
        return begun != null;
    }

    boolean isBegunFor(Effect.Spawn spawn) {
        return begun != null && expectation.spawn().process() == spawn.process();
    }

    void begin(Holding holding, EventLoop loop) {
        if (hasSeenADaemon) {
            holding.listeners.values().forEach(Listener::makeBlocking); // it may have wished otherwise
        }
        if (expectation.spawn().mark()) {
            marks = holding.glance();
        }
        PendingSpawn one = process.begin();
        begun = one;
        if (!loop.isBusy()) {
            one.giveWay();
        }
    }

    /** The process, which has been begun; it has reached its exec, or has failed. */
    Begun take() {
        if (begun == null) {
            throw new IllegalStateException("it has not been begun");
        }
        begun.await();
        process.close();
        return new Begun(begun, marks);
    }

    /** Nothing is left of it. */
    void drop(EventLoop loop) {
        Spawning spawning = begun == null ? null : begun.await();
        process.close();
        if (spawning instanceof Spawning.Spawned spawned) {
            Child child = spawned.child();
            child.signalGroup(Processes.SIGKILL);
            enclosure.kill();
            loop.watch(child.pidfd(), EventLoop.READABLE, events -> child.reap());
        }
        enclosure.whenEmpty(loop, all -> enclosure.close());
    }
}

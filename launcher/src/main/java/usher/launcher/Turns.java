package usher.launcher;

import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import usher.bundles.BundleName;
import usher.launcher.Life.Phase;
import usher.launcher.Life.Second;
import usher.launcher.Life.Wish;
import usher.launcher.Outcome.Kind;

/**
 * Whose turn it is: which operations may begin, and which have come to their end. A start begins when what it is after
 * has ended its start, well or badly, when nothing it is ordered against is being stopped, when its sockets are open
 * and what it requires is up; a stop when all that is after it is down.
 */
final class Turns {
    private final Engine engine;
    private final Operations operations;
    private final WaitingSockets waitingSockets;
    private final ArrayDeque<BundleName> unsettled = new ArrayDeque<>();
    private Set<BundleName> touched = new LinkedHashSet<>();

    Turns(Engine engine, Operations operations, WaitingSockets waitingSockets) {
        this.engine = engine;
        this.operations = operations;
        this.waitingSockets = waitingSockets;
    }

    /** Something has changed for this bundle. */
    void look(BundleName name) {
        unsettled.add(name);
    }

    /** Its life or its operations may have changed, though not so that anybody's turn has come. */
    void touch(BundleName name) {
        touched.add(name);
    }

    /** The bundles whose lives or operations may have changed since this was last asked. */
    Set<BundleName> takeTouched() {
        Set<BundleName> taken = touched;
        touched = new LinkedHashSet<>(); // clearing costs as much as there ever was in it
        return taken;
    }

    /** Looks at every bundle that changed, and at those that waited for it, until nothing moves any more. */
    void settle() {
        while (!unsettled.isEmpty()) {
            BundleName name = unsettled.remove();
            touched.add(name);
            Operation stop = operations.stop(name);
            if (stop != null) {
                settleStop(stop);
            }
            Operation start = operations.start(name);
            if (start != null && operations.stop(name) == null) {
                settleStart(start);
            }
        }
    }

    private void settleStop(Operation stop) {
        if (stop.mayBegin()) {
            stop.begun = true;
            boolean drains = hasNoWriters(stop.bundle.name());
            long patience = stop.bundle
                    .service()
                    .map(s -> s.timeouts().down().toMillis())
                    .orElse(0L);
            if (patience > 0) {
                stop.deadline = engine.now() + (drains ? 2 * patience : patience);
                engine.alarm(stop.deadline, stop.bundle.name());
            }
            engine.become(LifeCycle.stop(engine.lifeOf(stop.bundle), stop.keepSockets, drains, engine.now()));
        }
        if (stop.begun && engine.lifeOf(stop.bundle).phase() == Phase.DOWN) {
            engine.end(stop, Outcome.of(Kind.STOPPED));
        }
    }

    /** Whether others log to it, and none of them can write any more. */
    private boolean hasNoWriters(BundleName logger) {
        Set<BundleName> writers = engine.relations().writersTo(logger);
        for (BundleName writer : writers) {
            Life life = engine.life(writer);
            if (life != null && life.mayWrite()) {
                return false;
            }
        }
        return !writers.isEmpty();
    }

    private void settleStart(Operation start) {
        Life life = engine.lifeOf(start.bundle);
        boolean fellBack = !start.begun && life.wish().compareTo(start.wish) < 0;
        if ((!start.wanted || fellBack) && !life.phase().isSinking()) {
            Map<String, BundleName> barred = waitingSockets.barred(start.bundle.name(), life.doors());
            for (BundleName mounter : barred.values()) {
                if (operations.start(mounter) == null) {
                    skip(start, life, "listens below what " + mounter + " mounts, which is " + stateOf(mounter));
                    return;
                }
            }
            if (!barred.isEmpty()
                    && !fellBack
                    && barred.keySet().equals(life.doors().barred())) {
                return; // it waits already
            }
            start.wanted = barred.isEmpty();
            engine.become(LifeCycle.want(life, start.bundle, start.wish, barred.keySet(), engine.now()));
            life = engine.lifeOf(start.bundle);
        }
        if (!start.wanted) {
            return;
        }
        if (start.wish == Wish.LISTEN && (life.bundle().listensWithoutProcess() || life.phase() == Phase.LISTENING)) {
            if (life.phase() == Phase.LISTENING || life.phase() == Phase.UP) {
                engine.end(start, Engine.outcomeOf(life));
            }
            return;
        }
        if (!start.replace && (life.phase() == Phase.PREPARING || life.phase() == Phase.STARTING)) {
            start.begun = true;
        }
        if (start.begun) {
            endIfOver(start, life);
        } else if (start.mayBegin()
                && mayPassDoors(start)
                && life.hasOpenDoors()
                && !life.phase().isSinking()) {
            begin(start, life);
        }
    }

    private String stateOf(BundleName name) {
        Life life = engine.life(name);
        return life == null ? State.DOWN.toString() : life.state().toString();
    }

    private void skip(Operation start, Life life, String why) {
        if (!life.keepsDefinition()) {
            engine.become(LifeCycle.deny(life, Phase.SKIPPED, why, engine.now()));
        }
        engine.end(start, new Outcome(Kind.SKIPPED, why));
    }

    private void begin(Operation start, Life life) {
        boolean runs = life.phase() == Phase.UP && !life.bundle().isPerConnection();
        if (start.replace && (life.second().isPresent() || life.phase().isPassing())) {
            return; // one after the other
        }
        start.begun = true;
        if (runs) {
            if (start.replace) {
                start.replaced = life.main();
                engine.become(LifeCycle.replace(life, engine.now()));
            }
            endIfOver(start, engine.lifeOf(start.bundle));
            return;
        }
        String obstacle = obstacle(start.bundle.name());
        if (obstacle != null) {
            skip(start, life, obstacle);
            return;
        }
        start.replace = false;
        engine.become(LifeCycle.begin(life, engine.now()));
        endIfOver(start, engine.lifeOf(start.bundle));
    }

    /** What speaks against a start whose turn has come: a requirement that is not up, a conflict that is not down. */
    private @Nullable String obstacle(BundleName name) {
        for (BundleName required : engine.relations().requires(name)) {
            Life other = engine.life(required);
            if ((other == null || !other.isUpForOthers()) && operations.start(required) == null) {
                return "requires " + required + ", which is " + (other == null ? "not there" : other.state());
            }
        }
        for (BundleName rival : engine.relations().conflicts(name)) {
            Life other = engine.life(rival);
            if (other != null && other.phase().isActive()) {
                return "conflicts with " + rival + ", which is " + other.state();
            }
        }
        return null;
    }

    private void endIfOver(Operation start, Life life) {
        boolean succeeding =
                start.replace && life.second().filter(Second::mayYetLead).isPresent();
        if (!life.phase().isPassing() && !succeeding) {
            boolean inVain = start.replace && life.main() == start.replaced;
            engine.end(start, inVain ? new Outcome(Kind.FAILED, life.detail()) : Engine.outcomeOf(life));
        }
    }

    static boolean hasOpenDoors(Life life) {
        return !life.doors().open().isEmpty() && life.hasOpenDoors();
    }

    /** Whether the sockets of the lazy bundles that this start is after are open. */
    private boolean mayPassDoors(Operation start) {
        for (Operation lazy : start.waitsForDoors) {
            if (!hasOpenDoors(engine.lifeOf(lazy.bundle))) {
                return false;
            }
        }
        return true;
    }
}

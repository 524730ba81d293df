package usher.launcher;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import usher.bundles.Bundle;
import usher.bundles.BundleName;
import usher.depgraph.Relations;
import usher.launcher.Life.Wish;
import usher.launcher.Outcome.Kind;

/**
 * The deterministic core: all lives, and the operations that jobs have in flight among them. Events go in with the time
 * they happened at, effects come out; no clock, no system call, and the same events always give the same effects.
 *
 * <p>What one bundle does is {@link LifeCycle}'s business, what a request asks of which bundle {@link Admission}'s,
 * which of them may begin {@link Turns}', and what becomes of those whose sockets cannot be opened yet
 * {@link WaitingSockets}'.
 */
final class Engine {
    private final Map<BundleName, Life> lives = new HashMap<>();
    private final Operations operations = new Operations();
    private final Jobs jobs = new Jobs();
    private final WaitingSockets waitingSockets = new WaitingSockets(this, operations, jobs);
    private final Admission admission = new Admission(this, operations, jobs, waitingSockets);
    private final Turns turns = new Turns(this, operations, waitingSockets);
    private final PriorityQueue<Alarm> alarms = new PriorityQueue<>();
    /** Whose next try is due and waits for what is being started or stopped. */
    private final Set<BundleName> overdue = new TreeSet<>();

    private Set<BundleName> changed = new LinkedHashSet<>();
    private Relations relations;
    private List<Effect> effects = new ArrayList<>();
    private long now;
    private long shutdownJob = -1;
    private boolean exited;

    /** A moment at which something may be due for a bundle. */
    private record Alarm(long at, BundleName bundle) implements Comparable<Alarm> {
        @Override
        public int compareTo(Alarm other) {
            return at != other.at ? Long.compare(at, other.at) : bundle.compareTo(other.bundle);
        }
    }

    Engine(Relations relations) {
        this.relations = relations;
    }

    /** Takes one event and returns what is to be done about it, in order. Time never goes back. */
    List<Effect> on(Event event, long time) {
        now = Math.max(now, time);
        effects = new ArrayList<>();
        if (event instanceof Event.Requested request) {
            request(request);
        } else if (event instanceof Event.OfBundle fact) {
            fact(fact);
        } else {
            alarms();
        }
        turns.settle();
        exitAfterShutdown();
        return effects;
    }

    /** The bundles whose lives have changed since this was last asked. */
    Set<BundleName> takeChanged() {
        Set<BundleName> taken = changed;
        changed = new LinkedHashSet<>();
        return taken;
    }

    /** Goes on where a launcher before this one was interrupted; what its jobs wait for is looked at with the next event. */
    void restore(Collection<Life> before, Collection<OperationImage> inFlight, long shutdown) {
        for (Life life : before) {
            lives.put(life.bundle().name(), life);
            changed.add(life.bundle().name());
            alarm(life.nextDeadline(), life.bundle().name());
        }
        operations.restore(inFlight);
        jobs.restore(operations.stopsInFlight());
        jobs.restore(operations.startsInFlight());
        for (OperationImage image : inFlight) {
            alarm(image.deadline(), image.bundle().name());
            turns.look(image.bundle().name());
        }
        shutdownJob = shutdown;
    }

    /** The bundles whose lives or operations may have changed since this was last asked. */
    Set<BundleName> takeTouched() {
        return turns.takeTouched();
    }

    /** The job that shuts down, -1 if none does. */
    long shutdownJob() {
        return shutdownJob;
    }

    /** When the next {@link Event.Tick} is due; {@link Life#NEVER} if none. */
    long nextDeadline() {
        return alarms.isEmpty() ? Life.NEVER : alarms.peek().at();
    }

    /** In the order of their bundles' names. */
    List<Life> lives() {
        List<Life> all = new ArrayList<>(lives.values());
        all.sort(Comparator.comparing(life -> life.bundle().name()));
        return all;
    }

    @Nullable
    Life life(BundleName bundle) {
        return lives.get(bundle);
    }

    Relations relations() {
        return relations;
    }

    Operations operations() {
        return operations;
    }

    boolean isShuttingDown() {
        return shutdownJob >= 0;
    }

    private void request(Event.Requested request) {
        relations = request.relations();
        jobs.begin(request.job());
        if (request.verb() == Event.Verb.SHUTDOWN) {
            shutdownJob = request.job();
        }
        admission.admit(request, effects);
        order();
        jobs.endIfDone(request.job(), effects);
    }

    private void fact(Event.OfBundle fact) {
        Life life = lives.get(fact.bundle());
        if (life == null) {
            return;
        }
        if (fact instanceof Event.Knocked && life.wish() == Wish.LISTEN && life.isListening()) {
            knocked(life);
            return;
        }
        become(LifeCycle.on(life, fact, now));
        if (fact instanceof Event.OpenFailed failed) {
            waitingSockets.openFailed(life.bundle(), failed);
        } else if (fact instanceof Event.Opened) {
            waitingSockets.opened(fact.bundle());
        }
    }

    /** The first traffic: the bundle and the closure that waited with it are started. */
    private void knocked(Life life) {
        if (!isShuttingDown() && operations.stop(life.bundle().name()) == null) {
            admission.startNow(life.bundle().name(), effects);
            order();
        }
    }

    /** Puts new operations in their places; any of those in flight may have to wait for them. */
    void order() {
        operations.order(relations).forEach(freed -> turns.look(freed.bundle.name()));
        operations.bundles().forEach(turns::touch);
    }

    private void alarms() {
        while (!alarms.isEmpty() && alarms.peek().at() <= now) {
            BundleName name = alarms.poll().bundle();
            Life life = lives.get(name);
            if (life != null && life.doors().retryAt() <= now) {
                waitingSockets.openAgain(life);
                life = lifeOf(name);
            }
            if (life != null && life.nextDeadline() <= now) {
                if (life.isDueToTryAgain(now) && operations.standBefore(name, relations)) {
                    overdue.add(name);
                } else {
                    become(LifeCycle.on(life, new Event.Tick(), now));
                }
            }
            expire(operations.start(name));
            expire(operations.stop(name));
        }
    }

    private void expire(@Nullable Operation operation) {
        if (operation != null && operation.deadline <= now) {
            Life life = lives.get(operation.bundle.name());
            end(operation, new Outcome(Kind.TIMED_OUT, life == null ? "" : life.detail()));
        }
    }

    static Outcome outcomeOf(Life life) {
        return switch (life.phase()) {
            case UP -> Outcome.of(life.bundle().isPerConnection() ? Kind.LISTENING : Kind.READY);
            case LISTENING -> Outcome.of(Kind.LISTENING);
            default -> new Outcome(Kind.FAILED, life.detail());
        };
    }

    /** Ends an operation; those that waited for it are looked at next. */
    void end(Operation operation, Outcome outcome) {
        List<Operation> waiters = operations.remove(operation);
        jobs.ended(operation, outcome, effects);
        if (operation.kind == Operation.Kind.STOP) {
            waitingSockets.stopped(operation.bundle.name());
        } else {
            waitingSockets.mounted(operation.bundle);
        }
        changed.add(operation.bundle.name());
        turns.look(operation.bundle.name());
        for (Operation waiter : waiters) {
            turns.look(waiter.bundle.name());
        }
        overdue.forEach(name -> alarm(now, name));
        overdue.clear();
    }

    /** The shutdown's job may have given up on a bundle, but the launcher waits until the last of them is gone. */
    private void exitAfterShutdown() {
        if (!isShuttingDown() || exited || jobs.isUnderWay(shutdownJob)) {
            return;
        }
        for (Life life : lives.values()) {
            if (!life.isGone()) {
                return;
            }
        }
        exited = true;
        effects.add(new Effect.Exit());
    }

    /** The life of a bundle, begun if nobody has asked for it before. */
    Life lifeOf(Bundle bundle) {
        turns.touch(bundle.name());
        return lives.computeIfAbsent(bundle.name(), name -> Life.of(bundle, now));
    }

    /** The life of a bundle that has been asked for. */
    Life lifeOf(BundleName bundle) {
        return Objects.requireNonNull(lives.get(bundle));
    }

    void become(LifeCycle.Next next) {
        Life life = next.life();
        BundleName name = life.bundle().name();
        Life before = lives.put(name, life);
        changed.add(name);
        effects.addAll(next.effects());
        if (before == null || before.nextDeadline() != life.nextDeadline()) {
            alarm(life.nextDeadline(), name);
        }
        turns.look(name);
        Operation start = operations.start(name);
        if (start == null && life.isUpForOthers() && (before == null || !before.isUpForOthers())) {
            waitingSockets.mounted(life.bundle());
        }
        if (start != null && Turns.hasOpenDoors(life) && (before == null || !Turns.hasOpenDoors(before))) {
            for (Operation waiter : start.doorWaiters) {
                turns.look(waiter.bundle.name());
            }
        }
    }

    void alarm(long at, BundleName name) {
        if (at != Life.NEVER) {
            alarms.add(new Alarm(at, name));
        }
    }

    void touch(BundleName name) {
        turns.look(name);
    }

    long now() {
        return now;
    }
}

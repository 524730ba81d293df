package usher.launcher;

import java.util.Optional;
import usher.activation.ExitStatus;
import usher.bundles.Bundle;
import usher.bundles.Service.Script;
import usher.launcher.Life.Phase;
import usher.launcher.Life.Second;
import usher.launcher.Life.Second.Part;

/**
 * How a daemon is replaced: its successor is started beside it on the same sockets, and only when that is ready is the
 * old one told to end. If the successor ends first, or is not ready in time, the old one goes on.
 *
 * <pre>
 *            ready                        exit              (finish)
 *   COMING ────────▶ the two change places: LEAVING ────▶ CLEANING ────▶ gone
 *     │ time-out           exit                              ▲
 *     ├────────▶ FAILING ────────────────────────────────────┤
 *     │ exit                                                 │
 *     └──────────────────────────────────────────────────────┘
 * </pre>
 *
 * <p>A daemon that does not announce its readiness is taken for ready when it has lived for a second.
 */
final class Succession {
    private final LifeRules life;

    Succession(LifeRules life) {
        this.life = life;
    }

    void begin() {
        Bundle next = life.newer.orElse(life.bundle).withSockets(life.bundle.sockets());
        int process = life.nextProcess();
        life.second = Optional.of(new Second(Part.COMING, process, next, life.now, Life.NEVER, ""));
        life.newer = Optional.empty();
        life.detail = "";
        life.effects.add(new Effect.Spawn(next, Script.RUN, process, Effect.Ended.NONE, false));
    }

    /** A fact about the second process. */
    void on(Second second, Event.OfProcess fact) {
        if (fact instanceof Event.Spawned spawned && spawned.script() == Script.RUN) {
            spawned(second);
        } else if (fact instanceof Event.SpawnFailed failed) {
            notReplaced(second, failed.why());
            gone();
        } else if (fact instanceof Event.Ready && second.part() == Part.COMING) {
            lead(second);
        } else if (fact instanceof Event.Notified notified && second.part() == Part.COMING) {
            notified(second, notified.said());
        } else if (fact instanceof Event.Exited exited) {
            exited(second, exited.status());
        }
    }

    private void spawned(Second second) {
        life.tally = life.tally.spawned(life.now).ledBy(life.tally.spawnedAt());
        if (second.part() == Part.COMING) {
            long deadline = LifeDraft.announcesReadiness(second.bundle())
                    ? life.deadlineAfter(LifeDraft.timeouts(second.bundle()).up())
                    : life.now + LifeRules.LIVED;
            become(second, Part.COMING, deadline, "");
        }
    }

    private void notified(Second second, Notification said) {
        if (said.ready()) {
            lead(second);
            life.facts.notified(said);
        } else if (said.extend().isPresent() && second.deadline() != Life.NEVER) {
            become(
                    second,
                    Part.COMING,
                    Math.max(second.deadline(), life.now + said.extend().getAsLong()),
                    "");
        }
    }

    /** It is ready: it leads, and the old one may leave. */
    private void lead(Second successor) {
        Bundle old = life.bundle;
        long patience = life.deadlineAfter(LifeDraft.timeouts(old).kill());
        life.second = Optional.of(new Second(Part.LEAVING, life.main, old, life.tally.spawnedAt(), patience, ""));
        life.effects.add(new Effect.SignalProcess(old, life.main));
        takePlace(successor);
        life.rest(Phase.UP, "");
        life.idleStop.begin();
    }

    private void takePlace(Second successor) {
        life.main = successor.process();
        life.watchdog = Life.Watchdog.NONE;
        life.bundle = successor.bundle().withSockets(life.bundle.sockets());
        life.tally = life.tally.ledBy(successor.spawnedAt()).forgiven();
    }

    /** The old one has ended before its successor was ready: that is the bundle's daemon now, if there is one. */
    boolean takesOver(int ended) {
        if (life.second.isEmpty() || life.second.get().part() != Part.COMING) {
            return false;
        }
        Second successor = life.second.get();
        Bundle old = life.bundle;
        takePlace(successor);
        life.second = Optional.empty();
        boolean hasBegun = successor.deadline() != Life.NEVER;
        if (hasBegun && !LifeDraft.announcesReadiness(successor.bundle())) {
            life.rest(Phase.UP, "");
            life.idleStop.begin();
        } else {
            life.phase = Phase.STARTING;
            life.deadline = hasBegun
                    ? successor.deadline()
                    : life.deadlineAfter(life.timeouts().up());
        }
        cleanUp(old, ended);
        return true;
    }

    private void exited(Second second, ExitStatus status) {
        if (second.part() == Part.CLEANING) {
            gone();
            return;
        }
        life.tally = life.tally.exited(status);
        notReplaced(second, second.why().isEmpty() ? "the new one ended with " + Words.of(status) : second.why());
        life.second = Optional.empty();
        cleanUp(second.bundle(), second.process());
        if (life.second.isEmpty()) {
            gone();
        }
    }

    private void notReplaced(Second second, String why) {
        if (second.mayYetLead()) {
            life.detail = "not replaced: " + why;
        }
    }

    private void cleanUp(Bundle bundle, int ended) {
        if (bundle.has(Script.FINISH)) {
            int process = life.nextProcess();
            long deadline = life.deadlineAfter(LifeDraft.timeouts(bundle).finish());
            life.second = Optional.of(new Second(Part.CLEANING, process, bundle, life.now, deadline, ""));
            life.effects.add(new Effect.Spawn(bundle, Script.FINISH, process, life.ended(ended), false));
        }
    }

    private void gone() {
        life.second = Optional.empty();
        if (life.phase == Phase.STOPPING && life.main == 0) {
            life.aftermath.cleaned();
        }
    }

    /** The bundle is being stopped, and everything of it has been told to end. */
    void leave() {
        life.second.filter(Second::mayYetLead).ifPresent(second -> {
            long patience =
                    life.deadlineAfter(LifeDraft.timeouts(second.bundle()).kill());
            become(second, Part.LEAVING, patience, "");
        });
    }

    /** The second's deadline has come. */
    void tick(Second second) {
        if (second.part() != Part.COMING) {
            become(second, second.part(), Life.NEVER, second.why());
            life.effects.add(new Effect.KillProcess(life.bundle.name(), second.process()));
        } else if (LifeDraft.announcesReadiness(second.bundle())) {
            Bundle bundle = second.bundle();
            String why = "the new one was not ready within "
                    + Words.of(LifeDraft.timeouts(bundle).up());
            become(
                    second,
                    Part.FAILING,
                    life.deadlineAfter(LifeDraft.timeouts(bundle).kill()),
                    why);
            life.effects.add(new Effect.SignalProcess(bundle, second.process()));
        } else {
            lead(second);
        }
    }

    private void become(Second second, Part part, long deadline, String why) {
        life.second =
                Optional.of(new Second(part, second.process(), second.bundle(), second.spawnedAt(), deadline, why));
    }
}

package usher.launcher;

import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import usher.bundles.Bundle;
import usher.launcher.Life.Phase;
import usher.launcher.Life.Wish;

/**
 * How the life of a bundle goes on: {@code (life, event) -> (life, effects)}, without a clock and without system calls.
 * Which bundle may begin when is the {@link Engine}'s business; here every bundle is alone in the world.
 *
 * <pre>
 *           sockets open            begin               start: exit 0          spawned, ready
 *   DOWN ───────────────▶ LISTENING ───────▶ PREPARING ──────────────▶ STARTING ─────────────▶ UP
 *     ▲                       ▲                 │ exit 1                  │ exit, time-out      │ exit
 *     │                       │ it served, or   ▼                         ▼                     │
 *     │                       │ lived long    BACKOFF ◀────────────── CLEANING ◀────────────────┘
 *     │                       └──────────────────────────────────── (finish)
 *     │                                   time-out, or exit 125 ────▶ FAILED
 *     └───────────── UNDOING (stop) ◀──────────────────────────────── a stop is wanted
 * </pre>
 *
 * <p>A stop takes every phase with a process to STOPPING (down-signal, KILL after timeout-kill) and every other one to
 * UNDOING at once; a start that times out goes through STOPPING to FAILED; a logger
 * comes to STOPPING by DRAINING, if it does not end there. From BACKOFF, time leads an eager bundle to
 * its next try and a lazy one back to LISTENING, where a peer that still waits is a new knock. With accept, UP means
 * listening and the tally counts the processes. A daemon that is idle goes from UP through STOPPING to LISTENING.
 *
 * <p>The rules are in {@link LifeRules}, {@link Facts} and {@link Aftermath}; while a daemon is being replaced, its other process follows those of
 * {@link Succession}; {@link IdleStop} says when a daemon is idle.
 */
final class LifeCycle {
    /** The life that follows, and what is to be done. */
    record Next(Life life, List<Effect> effects) {}

    private LifeCycle() {}

    /**
     * A start job takes the bundle in, as it was read for the job: its sockets are opened, but for those that are barred yet;
     * then it waits to be begun.
     */
    static Next want(Life life, Bundle fresh, Wish wish, Set<String> barred, long now) {
        return changed(life, now, rules -> rules.wanted(fresh, wish, barred));
    }

    /** What stood in the way of its sockets may be gone; some are barred yet. */
    static Next openAgain(Life life, Set<String> barred, long now) {
        return changed(life, now, rules -> rules.openAgain(barred));
    }

    /** The order allows what is wished for. */
    static Next begin(Life life, long now) {
        return changed(life, now, LifeRules::begun);
    }

    /** A successor is started beside the daemon that runs, by the newest definition. */
    static Next replace(Life life, long now) {
        return changed(life, now, rules -> rules.succession.begin());
    }

    /** The definition has changed. */
    static Next refresh(Life life, Bundle fresh, Set<String> barred, long now) {
        return changed(life, now, rules -> rules.refreshed(fresh, barred));
    }

    /** A stop is asked for and waits for its turn: nobody is let in any more, and nothing is started again. */
    static Next doom(Life life, long now) {
        return changed(life, now, LifeRules::doom);
    }

    /** The order allows the stop; a logger nobody writes to any more is let come to the end of its input first. */
    static Next stop(Life life, boolean keepSockets, boolean drains, long now) {
        return changed(life, now, rules -> rules.stopped(keepSockets, drains));
    }

    /** It cannot be begun: it comes to rest in SKIPPED, REFUSED or FAILED; if peers may wait, in BACKOFF. */
    static Next deny(Life life, Phase rest, String why, long now) {
        return changed(life, now, rules -> rules.denied(rest, why));
    }

    /** So many processes of connections have outlived the launcher before this one, of so many that it has started. */
    static Life serving(Life life, int instances, int starts, long now) {
        return changed(life, now, rules -> rules.tally = rules.tally.counted(instances, starts))
                .life();
    }

    /** A fact about the bundle, or, with a {@link Event.Tick}, the time. */
    static Next on(Life life, Event event, long now) {
        return changed(life, now, rules -> rules.facts.on(event));
    }

    private static Next changed(Life life, long now, Consumer<LifeRules> change) {
        LifeRules rules = new LifeRules(life, now);
        change.accept(rules);
        return rules.next();
    }
}

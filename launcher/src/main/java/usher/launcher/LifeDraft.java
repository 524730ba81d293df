package usher.launcher;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import usher.activation.ExitStatus;
import usher.bundles.Bundle;
import usher.bundles.Service;
import usher.bundles.Service.Script;
import usher.launcher.Life.Phase;
import usher.launcher.Life.Wish;

/**
 * A life being changed: what {@link LifeCycle}'s rules work on between one life and the next, and the small steps that
 * they share.
 */
abstract sealed class LifeDraft permits LifeCycle {
    final Life before;
    final Bundle bundle;
    final long now;
    final List<Effect> effects = new ArrayList<>(2);
    Doors doors;
    Tally tally;
    Phase phase;
    Wish wish;
    boolean doomed;
    boolean keepSockets;
    boolean prepared;
    boolean fatal;
    String detail;
    long deadline;

    LifeDraft(Life life, long now) {
        before = life;
        bundle = life.bundle();
        this.now = now;
        doors = life.doors();
        tally = life.tally();
        phase = life.phase();
        wish = life.wish();
        doomed = life.doomed();
        keepSockets = life.keepSockets();
        prepared = life.prepared();
        fatal = life.fatal();
        detail = life.detail();
        deadline = life.deadline();
    }

    LifeCycle.Next next() {
        long since = Life.state(phase, wish) == before.state() ? before.since() : now;
        Life life = new Life(
                bundle, doors, tally, phase, wish, doomed, keepSockets, prepared, fatal, detail, since, deadline);
        return new LifeCycle.Next(life, effects);
    }

    final boolean isListening() {
        return phase == Phase.LISTENING || (phase == Phase.UP && bundle.isPerConnection());
    }

    final void rest(Phase rest, String why) {
        phase = rest;
        detail = why;
        fatal = false;
        deadline = Life.NEVER;
    }

    final void watch() {
        if (doomed) {
            return;
        }
        effects.add(new Effect.Watch(bundle.name()));
    }

    final void unwatch() {
        effects.add(new Effect.Unwatch(bundle.name()));
    }

    final void spawn(Script script) {
        ExitStatus last = tally.lastExit().orElse(ExitStatus.unknown());
        effects.add(new Effect.Spawn(bundle, script, last, script == Script.RUN && tally.suspect()));
    }

    final int room() {
        int max = 0;
        for (var socket : bundle.sockets()) {
            max = Math.max(max, socket.connections().max());
        }
        return Math.max(0, max - tally.instances());
    }

    final Service.Timeouts timeouts() {
        return bundle.service().map(Service::timeouts).orElse(Service.Timeouts.DEFAULT);
    }

    final long deadlineAfter(Duration timeout) {
        return timeout.isZero() ? Life.NEVER : now + timeout.toMillis();
    }
}

package usher.launcher;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import usher.activation.ExitStatus;
import usher.bundles.Bundle;
import usher.bundles.ListeningSocket;
import usher.bundles.Service;
import usher.bundles.Service.Script;
import usher.launcher.Life.Idling;
import usher.launcher.Life.Phase;
import usher.launcher.Life.Second;
import usher.launcher.Life.Watchdog;
import usher.launcher.Life.Wish;

/**
 * A life being changed: what the rules of {@link LifeRules}, {@link Succession} and {@link IdleStop} work on between
 * one life and the next, and the small steps that they share.
 */
abstract sealed class LifeDraft permits LifeRules {
    final Life before;
    final long now;
    final List<Effect> effects = new ArrayList<>(2);
    Bundle bundle;
    Optional<Bundle> newer;
    Doors doors;
    Tally tally;
    int main;
    private int processes;
    Optional<Second> second;
    Idling idling;
    Watchdog watchdog;
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
        this.now = now;
        bundle = life.bundle();
        newer = life.newer();
        doors = life.doors();
        tally = life.tally();
        main = life.main();
        processes = life.processes();
        second = life.second();
        idling = life.idling();
        watchdog = life.watchdog();
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
                bundle,
                newer,
                doors,
                tally,
                main,
                processes,
                second,
                idling,
                watchdog,
                phase,
                wish,
                doomed,
                keepSockets,
                prepared,
                fatal,
                detail,
                since,
                deadline);
        return new LifeCycle.Next(life, effects);
    }

    final boolean isListening() {
        return phase.isListening(bundle);
    }

    /** Whether it waits for a knock once nothing runs: a lazy one always, an eager one that was stopped since it was idle. */
    final boolean awaitsKnock() {
        return bundle.isLazy() || wish == Wish.LISTEN && !bundle.sockets().isEmpty() && !bundle.isPerConnection();
    }

    /** Whether processes of connections run. */
    final boolean hasConnections() {
        return bundle.isPerConnection() && tally.instances() > 0;
    }

    final void rest(Phase rest, String why) {
        phase = rest;
        detail = why;
        fatal = false;
        deadline = Life.NEVER;
    }

    final void watch() {
        if (!doomed) {
            effects.add(new Effect.Watch(bundle.name()));
        }
    }

    final void unwatch() {
        effects.add(new Effect.Unwatch(bundle.name()));
    }

    /** Runs a script as the main process. */
    final void spawn(Script script) {
        main = nextProcess();
        effects.add(new Effect.Spawn(bundle, script, main, Effect.Ended.NONE, script == Script.RUN && tally.suspect()));
    }

    /** Runs {@code finish} as the main process, after the one that has ended. */
    final void spawnFinish(int ended) {
        main = nextProcess();
        effects.add(new Effect.Spawn(bundle, Script.FINISH, main, ended(ended), false));
    }

    final Effect.Ended ended(int process) {
        return new Effect.Ended(process, tally.lastExit().orElse(ExitStatus.unknown()));
    }

    final int nextProcess() {
        return ++processes;
    }

    /** How many connections more all sockets together may have; each has a limit of its own besides. */
    final int room() {
        int max = 0;
        for (ListeningSocket socket : bundle.sockets()) {
            max = (int) Math.min(
                    Integer.MAX_VALUE, (long) max + socket.connections().max());
        }
        return Math.max(0, max - tally.instances());
    }

    final Service.Timeouts timeouts() {
        return timeouts(bundle);
    }

    static Service.Timeouts timeouts(Bundle bundle) {
        return bundle.service().map(Service::timeouts).orElse(Service.Timeouts.DEFAULT);
    }

    static boolean announcesReadiness(Bundle bundle) {
        return bundle.service()
                .map(service -> service.notificationFd().isPresent() || service.sdNotify())
                .orElse(false);
    }

    final long deadlineAfter(Duration timeout) {
        return timeout.isZero() ? Life.NEVER : now + timeout.toMillis();
    }
}

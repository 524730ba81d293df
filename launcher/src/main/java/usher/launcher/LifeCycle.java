package usher.launcher;

import java.util.List;
import usher.activation.ExitStatus;
import usher.activation.Taken;
import usher.bundles.Bundle;
import usher.bundles.Service.Script;
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
 * UNDOING at once; a start that times out goes through STOPPING to FAILED. From BACKOFF, time leads an eager bundle to
 * its next try and a lazy one back to LISTENING, where a peer that still waits is a new knock. With accept, UP means
 * listening and the tally counts the processes.
 */
final class LifeCycle extends LifeDraft {
    /** A daemon that lived so long has not failed to start. */
    private static final long LIVED = 1_000;

    private static final int FAILED_FOR_GOOD = 125;

    /** The life that follows, and what is to be done. */
    record Next(Life life, List<Effect> effects) {}

    private LifeCycle(Life life, long now) {
        super(life, now);
    }

    // What the engine asks for.

    /** A start job takes the bundle in, as it was read for the job: open what is not open, and wait to be begun. */
    static Next want(Life life, Bundle fresh, Wish wish, long now) {
        LifeCycle cycle = new LifeCycle(life.adopting(fresh), now);
        cycle.wanted(wish);
        return cycle.next();
    }

    /** The order allows what is wished for. */
    static Next begin(Life life, long now) {
        LifeCycle cycle = new LifeCycle(life, now);
        cycle.begun();
        return cycle.next();
    }

    /** A stop is asked for and waits for its turn: nobody is let in any more, and nothing is started again. */
    static Next doom(Life life, long now) {
        LifeCycle cycle = new LifeCycle(life, now);
        cycle.doom();
        return cycle.next();
    }

    /** The order allows the stop. */
    static Next stop(Life life, boolean keepSockets, long now) {
        LifeCycle cycle = new LifeCycle(life, now);
        cycle.stopped(keepSockets);
        return cycle.next();
    }

    /** It cannot be begun: it comes to rest in SKIPPED, REFUSED or FAILED; if it listens, peers wait, so in BACKOFF. */
    static Next deny(Life life, Phase rest, String why, long now) {
        LifeCycle cycle = new LifeCycle(life, now);
        cycle.denied(rest, why);
        return cycle.next();
    }

    /** A fact about the bundle, or, with a {@link Event.Tick}, the time. */
    static Next on(Life life, Event event, long now) {
        LifeCycle cycle = new LifeCycle(life, now);
        if (event instanceof Event.Opened opened) {
            cycle.opened(opened.socket());
        } else if (event instanceof Event.OpenFailed failed) {
            cycle.openFailed(failed);
        } else if (event instanceof Event.Knocked) {
            cycle.knocked();
        } else if (event instanceof Event.Spawned spawned) {
            cycle.spawned(spawned.script());
        } else if (event instanceof Event.SpawnFailed failed) {
            cycle.spawnFailed(failed);
        } else if (event instanceof Event.Ready) {
            cycle.ready();
        } else if (event instanceof Event.Exited exited) {
            cycle.exited(exited);
        } else if (event instanceof Event.Connected) {
            cycle.connected();
        } else if (event instanceof Event.Disconnected gone) {
            cycle.disconnected(gone.status());
        } else if (event instanceof Event.AcceptFailed failed) {
            cycle.acceptFailed(failed.why());
        } else if (event instanceof Event.Tick) {
            cycle.tick();
        }
        return cycle.next();
    }

    private void wanted(Wish wanted) {
        if (isListening() && wish == Wish.LISTEN && wanted == Wish.RUN) {
            unwatch();
        }
        doomed = false;
        keepSockets = false;
        switch (phase) {
            case BACKOFF, FAILED, SKIPPED, REFUSED -> {
                rest(Phase.DOWN, "");
                tally = tally.forgiven();
            }
            default -> {}
        }
        if (phase == Phase.DOWN || wish.compareTo(wanted) < 0) {
            wish = wanted;
        }
        if (doors.open().size() < bundle.sockets().size()) {
            doors = doors.trying();
            effects.add(new Effect.Open(bundle));
        }
        listenIfAllIsOpen();
    }

    /** A lazy bundle whose sockets are open listens; nothing has to be begun for that. */
    private void listenIfAllIsOpen() {
        if (phase == Phase.DOWN
                && wish == Wish.LISTEN
                && !doomed
                && !bundle.sockets().isEmpty()
                && before.listensWithoutProcess()
                && doors.sufficeFor(bundle)) {
            if (bundle.isPerConnection()) {
                prepared = true;
                rest(Phase.UP, "");
            } else {
                rest(Phase.LISTENING, "");
            }
            watch();
        }
    }

    private void begun() {
        fatal = false;
        deadline = deadlineAfter(timeouts().up());
        if (before.has(Script.START) && !prepared) {
            phase = Phase.PREPARING;
            spawn(Script.START);
        } else {
            run();
        }
    }

    private void run() {
        prepared = true;
        if (bundle.isPerConnection()) {
            rest(Phase.UP, "");
            watch();
        } else if (!before.has(Script.RUN)) {
            rest(Phase.UP, "");
        } else {
            phase = Phase.STARTING;
            spawn(Script.RUN);
        }
    }

    private void denied(Phase rest, String why) {
        if (isListening()) {
            unwatch();
            retryLater(why);
        } else {
            wish = Wish.DOWN;
            rest(rest, why);
        }
    }

    private void doom() {
        doomed = true;
        doors = doors.trying();
        if (isListening()) {
            unwatch();
        }
        if (phase == Phase.LISTENING || (phase == Phase.BACKOFF && tally.instances() == 0)) {
            rest(Phase.DOOMED, "");
        }
    }

    private void stopped(boolean keep) {
        if (wish != Wish.DOWN || !phase.isSinking()) {
            keepSockets = keep;
        } else {
            keepSockets &= keep;
        }
        wish = Wish.DOWN;
        doomed = false;
        fatal = false;
        doors = doors.trying();
        if (isListening()) {
            unwatch();
        }
        if (phase.isSinking()) {
            return;
        }
        if (phase == Phase.PREPARING || phase == Phase.STARTING || tally.instances() > 0) {
            end("");
        } else {
            undo();
        }
    }

    /** Tells what runs to end. */
    private void end(String why) {
        phase = Phase.STOPPING;
        detail = why;
        deadline = deadlineAfter(timeouts().kill());
        effects.add(new Effect.Signal(bundle));
    }

    // What happens by itself.

    private void opened(String socket) {
        doors = doors.opened(socket, bundle);
        if (isListening() && wish == Wish.LISTEN) {
            watch();
        }
        listenIfAllIsOpen();
    }

    private void openFailed(Event.OpenFailed failed) {
        doors = doors.failed(failed.why(), now);
        if (phase == Phase.DOWN) {
            detail = failed.why();
        }
    }

    private void knocked() {
        if (phase == Phase.UP && bundle.isPerConnection()) {
            effects.add(new Effect.Accept(bundle, room()));
        } else if (phase == Phase.LISTENING) {
            unwatch();
        }
    }

    private void spawned(Script script) {
        if (script != Script.RUN) {
            return;
        }
        tally = tally.spawned(now);
        boolean announcesReadiness = bundle.service()
                .map(service -> service.notificationFd().isPresent())
                .orElse(false);
        if (phase == Phase.STARTING && !announcesReadiness) {
            ready();
        }
    }

    private void spawnFailed(Event.SpawnFailed failed) {
        switch (failed.script()) {
            case START, RUN -> {
                if (wish == Wish.DOWN) {
                    undo();
                } else {
                    retryLater(failed.why());
                }
            }
            case FINISH -> cleaned();
            case STOP -> undone();
        }
    }

    private void ready() {
        if (phase == Phase.STARTING) {
            rest(Phase.UP, "");
        }
    }

    private void exited(Event.Exited exited) {
        switch (exited.script()) {
            case START -> prepared(exited.status());
            case RUN -> ranOut(exited);
            case FINISH -> {
                fatal |= exited.status().equals(ExitStatus.exit(FAILED_FOR_GOOD)) && wish != Wish.DOWN;
                cleaned();
            }
            case STOP -> undone();
        }
    }

    private void prepared(ExitStatus status) {
        if (phase == Phase.STOPPING) {
            cleaned();
        } else if (status.isSuccess()) {
            run();
        } else {
            fatal = bundle.isOneShot();
            detail = "start ended with " + Words.of(status);
            cleaned();
        }
    }

    private void ranOut(Event.Exited exited) {
        boolean served = now - tally.spawnedAt() >= LIVED || exited.taken() == Taken.YES;
        boolean wasTold = phase == Phase.STOPPING;
        if (!wasTold) {
            detail = "run ended with " + Words.of(exited.status());
        }
        tally = tally.exited(exited.status());
        if (!bundle.isLazy()) {
            tally = now - tally.spawnedAt() >= Pause.NONE_AFTER_UP ? tally.forgiven() : tally.failed();
        } else if (served) {
            tally = tally.forgiven();
        } else {
            tally = exited.taken() == Taken.NO ? tally.failed() : tally.suspected();
        }
        if (before.has(Script.FINISH)) {
            phase = Phase.CLEANING;
            deadline = deadlineAfter(timeouts().finish());
            spawn(Script.FINISH);
        } else {
            cleaned();
        }
    }

    /** Nothing of the last start is left: what comes next? */
    private void cleaned() {
        if (wish == Wish.DOWN) {
            undo();
        } else if (doomed) {
            rest(Phase.DOOMED, detail);
        } else if (fatal) {
            wish = Wish.DOWN;
            rest(Phase.FAILED, detail);
        } else if (!prepared) {
            retryLater(detail);
        } else if (tally.failures() > 0) {
            pause();
        } else if (bundle.isLazy()) {
            wish = Wish.LISTEN;
            rest(Phase.LISTENING, "");
            watch();
        } else {
            begun();
        }
    }

    private void retryLater(String why) {
        detail = why;
        tally = tally.failed();
        pause();
    }

    private void pause() {
        if (doomed && tally.instances() == 0) {
            rest(Phase.DOOMED, detail);
            return;
        }
        phase = Phase.BACKOFF;
        deadline = now + Pause.after(tally.failures());
        if (bundle.isLazy()) {
            wish = Wish.LISTEN;
        }
    }

    private void undo() {
        if (prepared && before.has(Script.STOP)) {
            phase = Phase.UNDOING;
            deadline = deadlineAfter(timeouts().down());
            spawn(Script.STOP);
        } else {
            undone();
        }
    }

    private void undone() {
        prepared = false;
        tally = tally.forgiven();
        rest(Phase.DOWN, "");
        if (!keepSockets && !doors.open().isEmpty()) {
            effects.add(new Effect.Close(bundle.name()));
            doors = Doors.CLOSED;
        }
    }

    private void connected() {
        tally = tally.spawned(now);
        if (phase == Phase.UP && room() == 0) {
            unwatch();
        }
    }

    private void disconnected(ExitStatus status) {
        boolean wasFull = room() == 0;
        tally = tally.exited(status);
        if (phase == Phase.UP && wasFull) {
            watch();
        } else if (phase == Phase.STOPPING && tally.instances() == 0) {
            cleaned();
        }
    }

    private void acceptFailed(String why) {
        if (phase == Phase.UP) {
            unwatch();
            retryLater(why);
        }
    }

    private void tick() {
        if (doors.retryAt() <= now) {
            doors = doors.trying();
            effects.add(new Effect.Open(bundle));
        }
        if (deadline > now) {
            return;
        }
        deadline = Life.NEVER;
        switch (phase) {
            case PREPARING, STARTING -> {
                fatal = true;
                end("not ready within " + Words.of(timeouts().up()));
            }
            case STOPPING, CLEANING, UNDOING -> effects.add(new Effect.Kill(bundle.name()));
            case BACKOFF -> tryAgain();
            default -> {}
        }
    }

    private void tryAgain() {
        if (bundle.isPerConnection() && prepared) {
            rest(Phase.UP, "");
            watch();
        } else if (bundle.isLazy() && !bundle.isPerConnection()) {
            rest(Phase.LISTENING, detail);
            watch();
        } else {
            begun();
        }
    }
}

package usher.launcher;

import java.time.Duration;
import java.util.Optional;
import usher.activation.ExitStatus;
import usher.bundles.Bundle;
import usher.bundles.Service.Script;
import usher.launcher.Life.Phase;
import usher.launcher.Life.Watchdog;
import usher.launcher.Life.Wish;

/** How a bundle's main process begins and is told to end; {@link LifeCycle} draws it. */
final class LifeRules extends LifeDraft {
    /** A daemon that lived so long has not failed to start. */
    static final long LIVED = 1_000;

    final Succession succession = new Succession(this);
    final IdleStop idleStop = new IdleStop(this);
    final Aftermath aftermath = new Aftermath(this);

    LifeRules(Life life, long now) {
        super(life, now);
    }

    // What the engine asks for.

    void wanted(Bundle fresh, Wish wanted) {
        if (!before.keepsDefinition()) {
            bundle = doors.open().isEmpty() ? fresh : fresh.withSockets(bundle.sockets());
            newer = Optional.empty();
        }
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
                && listensWithoutProcess()
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

    void begun() {
        fatal = false;
        deadline = deadlineAfter(timeouts().up());
        if (has(Script.START) && !prepared) {
            phase = Phase.PREPARING;
            spawn(Script.START);
        } else {
            run();
        }
    }

    void run() {
        prepared = true;
        if (bundle.isPerConnection()) {
            rest(Phase.UP, "");
            watch();
        } else if (!has(Script.RUN)) {
            rest(Phase.UP, "");
        } else {
            phase = Phase.STARTING;
            spawn(Script.RUN);
        }
    }

    /** Sockets that are gone from the definition are closed, new ones opened; a process takes the rest over later. */
    void refreshed(Bundle fresh) {
        boolean runs = before.keepsDefinition();
        boolean wasFull = room() == 0;
        for (var old : bundle.sockets()) {
            boolean stays = fresh.sockets().stream()
                    .anyMatch(socket ->
                            socket.name().equals(old.name()) && socket.address().equals(old.address()));
            doors = stays ? doors : doors.without(old.name());
        }
        bundle = runs ? bundle.withSockets(fresh.sockets()) : fresh;
        newer = runs ? Optional.of(fresh) : Optional.empty();
        doors = doors.of(bundle).trying();
        effects.add(new Effect.CloseOthers(bundle));
        if (wish != Wish.DOWN && !doomed) {
            effects.add(new Effect.Open(bundle));
        }
        if (phase == Phase.UP && bundle.isPerConnection() && wasFull && room() > 0) {
            watch();
        }
        if (phase == Phase.LISTENING && bundle.sockets().isEmpty()) {
            wish = Wish.DOWN;
            rest(Phase.DOWN, "");
        }
    }

    void denied(Phase rest, String why) {
        if (isListening()) {
            unwatch();
            aftermath.retryLater(why);
        } else {
            wish = Wish.DOWN;
            rest(rest, why);
        }
    }

    void doom() {
        doomed = true;
        doors = doors.trying();
        idleStop.forgetQuiet();
        if (isListening()) {
            unwatch();
        }
        if (phase == Phase.LISTENING || (phase == Phase.BACKOFF && !isServing())) {
            rest(Phase.DOOMED, "");
        }
    }

    void stopped(boolean keep) {
        if (wish != Wish.DOWN || !phase.isSinking()) {
            keepSockets = keep;
        } else {
            keepSockets &= keep;
        }
        wish = Wish.DOWN;
        doomed = false;
        fatal = false;
        doors = doors.trying();
        idleStop.forgetQuiet();
        if (isListening()) {
            unwatch();
        }
        if (phase.isSinking()) {
            return;
        }
        if (phase == Phase.PREPARING || phase == Phase.STARTING || tally.instances() > 0 || second.isPresent()) {
            end("");
        } else {
            aftermath.undo();
        }
    }

    /** Tells what runs to end. */
    void end(String why) {
        phase = Phase.STOPPING;
        detail = why;
        deadline = deadlineAfter(timeouts().kill());
        effects.add(new Effect.Signal(bundle));
        succession.leave();
    }

    // What happens by itself.

    void opened(String socket) {
        doors = doors.opened(socket, bundle);
        if (isListening() && wish == Wish.LISTEN) {
            watch();
        }
        listenIfAllIsOpen();
    }

    void openFailed(Event.OpenFailed failed) {
        doors = doors.failed(failed.why(), now);
        if (phase == Phase.DOWN) {
            detail = failed.why();
        }
    }

    void knocked() {
        if (phase == Phase.UP && bundle.isPerConnection()) {
            if (room() > 0) {
                effects.add(new Effect.Accept(bundle, room()));
            } else {
                unwatch(); // the limit has come down below what runs
            }
        } else if (phase == Phase.LISTENING) {
            unwatch();
        } else {
            idleStop.knocked();
        }
    }

    void spawned(Script script) {
        if (script != Script.RUN) {
            return;
        }
        tally = tally.spawned(now);
        if (phase == Phase.STARTING && !announcesReadiness(bundle)) {
            ready();
        }
    }

    void spawnFailed(Event.SpawnFailed failed) {
        main = 0;
        switch (failed.script()) {
            case START, RUN -> {
                if (wish == Wish.DOWN) {
                    aftermath.undo();
                } else {
                    aftermath.retryLater(failed.why());
                }
            }
            case FINISH -> aftermath.cleaned();
            case STOP -> aftermath.undone();
        }
    }

    void ready() {
        if (phase == Phase.STARTING) {
            rest(Phase.UP, "");
            idleStop.begin();
        }
    }

    void notified(Notification said) {
        if (said.ready()) {
            ready();
        }
        if (phase == Phase.UP || phase == Phase.STARTING) {
            detail = said.status().orElse(detail);
        }
        if (said.extend().isPresent() && phase.isPassing() && deadline != Life.NEVER) {
            deadline = Math.max(deadline, now + said.extend().getAsLong());
        }
        if (said.watchdog().isPresent()) {
            watchdog = Watchdog.from(now, said.watchdog().getAsLong());
        } else if (said.alive()) {
            watchdog = Watchdog.from(now, watchdog.interval());
        }
        if (said.stuck()) {
            stuck("it asked to be taken for stuck");
        }
    }

    private void stuck(String why) {
        watchdog = Watchdog.NONE;
        if (phase == Phase.UP) {
            idleStop.forgetQuiet();
            end(why);
        }
    }

    void connected() {
        tally = tally.spawned(now).forgiven();
        if (phase == Phase.UP && room() == 0) {
            unwatch();
        }
    }

    void disconnected(ExitStatus status) {
        boolean wasFull = room() == 0;
        tally = tally.exited(status);
        if (phase == Phase.UP && wasFull && room() > 0) {
            watch();
        } else if (phase == Phase.STOPPING && tally.instances() == 0) {
            aftermath.cleaned();
        }
    }

    void acceptFailed(String why) {
        if (phase == Phase.UP) {
            unwatch();
            aftermath.retryLater(why);
        }
    }

    void tick() {
        if (doors.retryAt() <= now) {
            doors = doors.trying();
            effects.add(new Effect.Open(bundle));
        }
        if (second.isPresent() && second.get().deadline() <= now) {
            succession.tick(second.get());
        }
        if (watchdog.deadline() <= now) {
            stuck("no sign of life within " + Words.of(Duration.ofMillis(watchdog.interval())));
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
            case UP -> idleStop.look();
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

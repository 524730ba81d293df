package usher.launcher;

import java.util.Optional;
import java.util.Set;
import usher.bundles.Bundle;
import usher.bundles.Service.Script;
import usher.launcher.Life.Phase;
import usher.launcher.Life.Wish;

/** What the engine asks of a life: how it is wanted, begun, refreshed, stopped; {@link LifeCycle} draws it. */
final class LifeRules extends LifeDraft {
    /** A daemon that lived so long has not failed to start. */
    static final long LIVED = 1_000;

    final Succession succession = new Succession(this);
    final IdleStop idleStop = new IdleStop(this);
    final Aftermath aftermath = new Aftermath(this);
    final Facts facts = new Facts(this);

    LifeRules(Life life, long now) {
        super(life, now);
    }

    void wanted(Bundle fresh, Wish wanted, Set<String> barred) {
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
        openAgain(barred);
        listenIfAllIsOpen();
    }

    /** What stood in the way of its sockets may be gone, but for these. */
    void openAgain(Set<String> barred) {
        doors = doors.barring(barred).trying();
        Bundle opening = doors.unbarred(bundle);
        if (wish != Wish.DOWN && !doomed && !doors.areAllOpen(opening)) {
            effects.add(new Effect.Open(opening));
        }
    }

    /** Whether sockets are missing that were open once: then it goes on when they are open again, as at first. */
    boolean waitsForSockets() {
        boolean waits = !doors.sufficeFor(bundle) && !hasConnections() && second.isEmpty();
        if (waits) {
            wish = bundle.isLazy() ? wish : Wish.RUN;
            rest(Phase.DOWN, doors.why());
        }
        return waits;
    }

    /** A lazy bundle whose sockets are open listens; nothing has to be begun for that. */
    void listenIfAllIsOpen() {
        if (phase == Phase.DOWN
                && wish == Wish.LISTEN
                && !doomed
                && !bundle.sockets().isEmpty()
                && bundle.listensWithoutProcess()
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
        if (bundle.has(Script.START) && !prepared) {
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
        } else if (!bundle.has(Script.RUN)) {
            rest(Phase.UP, "");
        } else {
            phase = Phase.STARTING;
            spawn(Script.RUN);
        }
    }

    /**
     * Sockets whose addresses are gone from the definition are closed, new ones opened; a process takes the rest over later.
     */
    void refreshed(Bundle fresh, Set<String> barred) {
        boolean runs = before.keepsDefinition();
        boolean wasFull = room() == 0;
        doors = doors.of(
                SocketMarks.names(before.openSockets(), fresh.sockets()).values());
        bundle = runs ? bundle.withSockets(fresh.sockets()) : fresh;
        newer = runs ? Optional.of(fresh) : Optional.empty();
        doors = doors.barring(barred).trying();
        effects.add(new Effect.CloseOthers(bundle));
        if (wish != Wish.DOWN && !doomed) {
            effects.add(new Effect.Open(doors.unbarred(bundle)));
        }
        if (phase == Phase.LISTENING && !barred.isEmpty() && waitsForSockets()) {
            unwatch();
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
        boolean listensInPart = !doors.barred().isEmpty()
                && doors.barred().size() < bundle.sockets().size();
        if (phase == Phase.DOWN && wish != Wish.DOWN && listensInPart) {
            detail = why; // peers may wait at the other sockets, so it goes on when these are open
            return;
        }
        boolean listens = isListening();
        if (listens) {
            unwatch();
        }
        // What listens again after the pause asks once more with the next knock. With accept, it would go on by itself.
        boolean listensAgain =
                bundle.isLazy() && !bundle.isPerConnection() && !doors.open().isEmpty();
        if (phase == Phase.LISTENING) {
            wish = Wish.LISTEN;
        }
        if (listens || listensAgain) {
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
        if (phase == Phase.LISTENING || (phase == Phase.BACKOFF && !hasConnections())) {
            rest(Phase.DOOMED, "");
        }
    }

    void stopped(boolean keep, boolean drains) {
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
        if (drains && phase == Phase.UP && main != 0 && second.isEmpty()) {
            rest(Phase.DRAINING, "");
            deadline = deadlineAfter(timeouts().drain());
            effects.add(new Effect.EndInput(bundle.name()));
        } else if (phase == Phase.PREPARING || phase == Phase.STARTING || tally.instances() > 0 || second.isPresent()) {
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
}

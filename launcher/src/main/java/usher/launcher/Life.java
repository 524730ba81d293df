package usher.launcher;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import usher.bundles.Bundle;
import usher.bundles.ListeningSocket;
import usher.bundles.Service.Script;

/**
 * All that is known of one bundle's life at one moment: an immutable value. {@link LifeCycle} says how it goes on.
 *
 * <p>Times are milliseconds of a clock that never goes back; {@link #NEVER} stands for none.
 *
 * @param bundle its definition, by which what runs was started; its sockets may have been refreshed since
 * @param newer its definition as refreshed while something ran, for the next start
 * @param main the number of the process whose end decides how it goes on; 0: none
 * @param processes the highest number given to a process so far
 * @param second beside the main one, while the daemon is being replaced
 * @param idling whether it is idle, and since when
 * @param watchdog by when it promised to give a sign of life
 * @param wish what the bundle is to be brought to
 * @param doomed a stop has been asked for, so it is not started again by itself
 * @param keepSockets a stop under way leaves the sockets open (it is half of a restart)
 * @param prepared it has been brought up: {@code start} is done, {@code stop} is owed
 * @param fatal what is going on ends in FAILED
 * @param detail why it is as it is, a phrase for people, or empty
 * @param since when the state changed last
 * @param deadline of the phase: the time-out, or in BACKOFF the next try
 */
record Life(
        Bundle bundle,
        Optional<Bundle> newer,
        Doors doors,
        Tally tally,
        int main,
        int processes,
        Optional<Second> second,
        Idling idling,
        Watchdog watchdog,
        Phase phase,
        Wish wish,
        boolean doomed,
        boolean keepSockets,
        boolean prepared,
        boolean fatal,
        String detail,
        long since,
        long deadline) {

    static final long NEVER = Long.MAX_VALUE;

    /**
     * A process beside the main one: a daemon's successor until it is ready, then the old daemon until it is gone.
     *
     * @param bundle the definition by which it was started
     * @param deadline of its part
     * @param why it is told to end before it is ready, or empty
     */
    record Second(Part part, int process, Bundle bundle, long spawnedAt, long deadline, String why) {
        enum Part {
            /** Not ready yet. */
            COMING,
            /** Told to end before it was ready. */
            FAILING,
            /** Told to end, since another has taken its place or the bundle is being stopped. */
            LEAVING,
            /** Its {@code finish} runs. */
            CLEANING
        }

        boolean mayYetLead() {
            return part == Part.COMING || part == Part.FAILING;
        }
    }

    /** A daemon's promise of a sign of life within so many milliseconds, and when that is over. */
    record Watchdog(long interval, long deadline) {
        static final Watchdog NONE = new Watchdog(0, NEVER);

        static Watchdog from(long now, long interval) {
            return interval == 0 ? NONE : new Watchdog(interval, now + interval);
        }
    }

    /**
     * Of a daemon that is to be stopped when it is idle.
     *
     * @param quietSince since when no connection is known to have been open; {@link #NEVER}: one was, when last looked
     * @param hushed new connections are held off, to be served by the next start if it is stopped now
     */
    record Idling(long quietSince, boolean hushed) {
        static final Idling BUSY = new Idling(NEVER, false);
    }

    enum Phase {
        DOWN,
        LISTENING,
        /** {@code start} runs. */
        PREPARING,
        /** {@code run} runs and is not ready. */
        STARTING,
        UP,
        /** A logger that is to be stopped: its input has ended, and it has time to write what it has taken. */
        DRAINING,
        /** {@code start} or {@code run} has been told to end. */
        STOPPING,
        /** {@code finish} runs. */
        CLEANING,
        /** {@code stop} runs. */
        UNDOING,
        BACKOFF,
        /** Nothing runs any more, and a stop that waits for others will come. */
        DOOMED,
        FAILED,
        SKIPPED,
        REFUSED;

        /** Whether the launcher waits for the bundle's traffic, or would if nobody stood in the door already. */
        boolean isListening(Bundle bundle) {
            return this == LISTENING || (this == UP && bundle.isPerConnection());
        }

        /** Whether a script runs whose end decides how the bundle goes on. */
        boolean isPassing() {
            return this == PREPARING || this == STARTING || isSinking();
        }

        /** Whether it runs, or would by itself. */
        boolean isActive() {
            return isPassing() || this == UP || this == LISTENING || this == BACKOFF;
        }

        /** Whether it is on its way down, by a stop or after an exit. */
        boolean isSinking() {
            return this == DRAINING || this == STOPPING || this == CLEANING || this == UNDOING;
        }
    }

    enum Wish {
        DOWN,
        LISTEN,
        RUN
    }

    /** A bundle that nobody has asked for yet. */
    static Life of(Bundle bundle, long now) {
        return new Life(
                bundle,
                Optional.empty(),
                Doors.CLOSED,
                Tally.NONE,
                0,
                0,
                Optional.empty(),
                Idling.BUSY,
                Watchdog.NONE,
                Phase.DOWN,
                Wish.DOWN,
                false,
                false,
                false,
                false,
                "",
                now,
                NEVER);
    }

    State state() {
        return state(phase, wish);
    }

    static State state(Phase phase, Wish wish) {
        return switch (phase) {
            case DOWN -> wish == Wish.DOWN ? State.DOWN : State.WAITING;
            case LISTENING -> wish == Wish.RUN ? State.WAITING : State.LISTENING;
            case PREPARING, STARTING -> State.STARTING;
            case UP -> State.UP;
            case CLEANING -> wish == Wish.DOWN ? State.STOPPING : State.STARTING;
            case DRAINING, STOPPING, UNDOING, DOOMED -> State.STOPPING;
            case BACKOFF -> State.BACKOFF;
            case FAILED -> State.FAILED;
            case SKIPPED -> State.SKIPPED;
            case REFUSED -> State.REFUSED;
        };
    }

    /** Whether a stop would find nothing to do. */
    boolean isGone() {
        return phase == Phase.DOWN && wish == Wish.DOWN && doors.open().isEmpty();
    }

    /** Those of its sockets that are open. */
    List<ListeningSocket> openSockets() {
        List<ListeningSocket> open = new ArrayList<>();
        for (ListeningSocket socket : bundle.sockets()) {
            if (doors.open().contains(socket.name())) {
                open.add(socket);
            }
        }
        return open;
    }

    /** Whether all that it needs open is open. */
    boolean hasOpenDoors() {
        return doors.sufficeFor(bundle);
    }

    /** As its phase says. */
    boolean isListening() {
        return phase.isListening(bundle);
    }

    /** Whether it is up and serves connections, so that one more or less changes nothing but a count. */
    boolean isServing() {
        return phase == Phase.UP && bundle.isPerConnection();
    }

    /** Whether the pause before its next process is over; where peers make the next one, none is due. */
    boolean isDueToTryAgain(long now) {
        return tries() && deadline <= now && !bundle.isPerConnection();
    }

    /** Whether it is started again by itself, without anybody knocking. */
    boolean tries() {
        return phase == Phase.BACKOFF && wish == Wish.RUN;
    }

    /** Whether the next traffic is to be told of. */
    boolean awaitsTraffic() {
        boolean listens = isListening() && (wish == Wish.LISTEN || bundle.isPerConnection());
        boolean idles = phase == Phase.UP && idling.quietSince() != NEVER && !idling.hushed();
        return !doomed && (listens || idles);
    }

    /** Whether processes of its write to its log, or may come to do so by themselves in a moment. */
    boolean mayWrite() {
        return main != 0 || second.isPresent() || tally.instances() > 0 || phase == Phase.BACKOFF || isServing();
    }

    boolean has(Script script) {
        return bundle.has(script);
    }

    /** Whether those that require it may start: a lazy bundle is up for them once its sockets are open. */
    boolean isUpForOthers() {
        return switch (phase) {
            case UP, LISTENING -> true;
            case DOWN, DOOMED, FAILED, SKIPPED, REFUSED -> false;
            default -> bundle.isLazy() && wish != Wish.DOWN && hasOpenDoors();
        };
    }

    /** Whether a daemon runs that would not take over a new definition before it is started again. */
    boolean keepsDefinition() {
        return phase.isPassing() || (phase == Phase.UP && !bundle.isPerConnection()) || second.isPresent();
    }

    /** The next moment at which time alone moves it on. */
    long nextDeadline() {
        long ofSecond = second.isPresent() ? second.get().deadline() : NEVER;
        return Math.min(Math.min(ofSecond, watchdog.deadline()), Math.min(deadline, doors.retryAt()));
    }
}

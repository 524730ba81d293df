package usher.launcher;

import java.util.Optional;
import usher.activation.ExitStatus;

/**
 * What is counted and remembered of a bundle's {@code run}; of a one-shot, which has none, how it ended.
 *
 * @param instances processes alive: 0 or 1, or, with accept, one per connection
 * @param starts how often it was started
 * @param spawnedAt when it was last started
 * @param lastExit how it last ended
 * @param failures in a row, for the pause before the next try
 * @param suspect it ended so soon that the next one is watched for whether it takes anything off the queue
 */
record Tally(int instances, int starts, long spawnedAt, Optional<ExitStatus> lastExit, int failures, boolean suspect) {
    static final Tally NONE = new Tally(0, 0, 0, Optional.empty(), 0, false);

    Tally spawned(long now) {
        return new Tally(instances + 1, starts + 1, now, lastExit, failures, suspect);
    }

    /** The process that counts is one that was started then. */
    Tally ledBy(long spawned) {
        return new Tally(instances, starts, spawned, lastExit, failures, suspect);
    }

    Tally exited(ExitStatus status) {
        return new Tally(instances - 1, starts, spawnedAt, Optional.of(status), failures, suspect);
    }

    /** What ended is a one-shot's {@code start}, which is not counted. */
    Tally ended(ExitStatus status) {
        return new Tally(instances, starts, spawnedAt, Optional.of(status), failures, suspect);
    }

    /** So many processes have been found alive, and so many starts at least were counted elsewhere. */
    Tally counted(int alive, int started) {
        return new Tally(alive, Math.max(starts, started), spawnedAt, lastExit, failures, suspect);
    }

    Tally failed() {
        return new Tally(instances, starts, spawnedAt, lastExit, failures + 1, suspect);
    }

    Tally forgiven() {
        return new Tally(instances, starts, spawnedAt, lastExit, 0, false);
    }

    Tally suspected() {
        return new Tally(instances, starts, spawnedAt, lastExit, failures, true);
    }
}

package usher.launcher;

import java.util.Locale;

/** What {@code status} says of a bundle. */
enum State {
    DOWN,
    /** For something it is after, or for a socket that cannot be opened yet. */
    WAITING,
    LISTENING,
    STARTING,
    UP,
    STOPPING,
    /** Will be tried again at its next try. */
    BACKOFF,
    /** For good: a time-out, exit 125 of {@code finish}, or a one-shot's exit. */
    FAILED,
    /** A requirement is not up. */
    SKIPPED,
    /** On a cycle, or requiring one that is. */
    REFUSED;

    /** Whether exit status 0 of {@code status} includes it. */
    boolean isUp() {
        return this == UP || this == LISTENING;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}

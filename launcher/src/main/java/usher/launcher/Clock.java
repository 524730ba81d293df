package usher.launcher;

import java.time.Duration;
import java.time.Instant;

/**
 * The engine's clock: milliseconds since the launcher began, from 1, by {@link System#nanoTime}, so that setting the
 * system's clock moves no deadline.
 */
final class Clock {
    private static final long MILLI = 1_000_000;

    private final long begun = System.nanoTime() - MILLI;

    long now() {
        return (System.nanoTime() - begun) / MILLI;
    }

    /** The {@link System#nanoTime} at which this clock will show that time. */
    long nanoTime(long time) {
        return begun + time * MILLI;
    }

    /** What the system's clock shows, or would have shown, at that time. */
    Instant instant(long time) {
        return Instant.now().plus(Duration.ofMillis(time - now()));
    }
}

package usher.launcher;

import java.time.Duration;
import java.time.Instant;

/**
 * The engine's clock: milliseconds since the launcher began, from 1, by {@link System#nanoTime}, so that setting the
 * system's clock moves no deadline.
 */
final class Clock {
    private static final long MILLI = 1_000_000;

    private final long begun;

    Clock() {
        this(System.nanoTime() - MILLI);
    }

    /** One that goes on from where another launcher's began, on the same boot of the machine. */
    Clock(long begun) {
        this.begun = begun;
    }

    long begun() {
        return begun;
    }

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

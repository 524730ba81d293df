package usher.launcher;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How long a client whose launcher has died goes on asking: as long as launchers come, and each of them may be killed,
 * too, for some minutes in all; where none comes, less.
 */
final class Patience {
    /** However many launchers come and die. */
    static final Duration IN_ALL = Duration.ofMinutes(10);

    private final long alone;
    private final LongSupplier nanoTime;
    private boolean begun;
    private long firstLoss;
    private long lastMet;

    /** {@code alone}: how long nobody at all may listen. */
    Patience(Duration alone, LongSupplier nanoTime) {
        this.alone = alone.toNanos();
        this.nanoTime = nanoTime;
    }

    /** Whether a launcher has been lost already. */
    boolean isTried() {
        return begun;
    }

    /** Somebody listens, or has done so until now. */
    void met() {
        lastMet = nanoTime.getAsLong();
    }

    /** The launcher that was there is gone, or none has come yet: whether to ask once more. */
    boolean lasts() {
        long now = nanoTime.getAsLong();
        if (!begun) {
            begun = true;
            firstLoss = now;
            lastMet = now;
        }
        return now - lastMet < alone && now - firstLoss < IN_ALL.toNanos();
    }
}

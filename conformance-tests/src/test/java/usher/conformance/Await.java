package usher.conformance;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Waiting for what no event tells us of, never longer than a deadline. */
final class Await {
    /** What a slow machine may take for anything that is asked of the launcher. */
    static final Duration GENEROUS = Duration.ofSeconds(60);

    private static final Duration PAUSE = Duration.ofMillis(20);

    private Await() {}

    /**
     * Returns the first value of {@code look} that is {@code good}; an {@link AssertionError} naming {@code what} and
     * the last value if none was within {@code deadline}.
     */
    static <T> T value(String what, Duration deadline, Supplier<T> look, Predicate<T> good) {
        long end = System.nanoTime() + deadline.toNanos();
        while (true) {
            T seen = look.get();
            if (good.test(seen)) {
                return seen;
            }
            if (System.nanoTime() > end) {
                throw new AssertionError(
                        "waited " + deadline.toSeconds() + " s in vain until " + what + "; seen at last: " + seen);
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    /** Returns as soon as {@code condition} holds. */
    static void until(String what, Duration deadline, BooleanSupplier condition) {
        value(what, deadline, condition::getAsBoolean, Boolean::booleanValue);
    }
}

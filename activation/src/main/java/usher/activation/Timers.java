package usher.activation;

import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/** Timers in the order in which they are due. */
final class Timers {
    private final TreeSet<Timer> pending = new TreeSet<>();
    private long nextOrder;

    Timer add(long nanoTime, Runnable action) {
        Timer timer = new Timer(nanoTime, nextOrder++, this, action);
        pending.add(timer);
        return timer;
    }

    void remove(Timer timer) {
        pending.remove(timer);
    }

    /** How long to wait for the first timer, rounded up, but no longer than {@code limit} (-1: no limit). */
    int millisToWait(long limit) {
        long bound = limit < 0 ? Integer.MAX_VALUE : Math.min(limit, Integer.MAX_VALUE);
        if (pending.isEmpty()) {
            return limit < 0 ? -1 : (int) bound;
        }
        long nanos = Math.max(0, pending.first().after(System.nanoTime()));
        long millis =
                nanos / TimeUnit.MILLISECONDS.toNanos(1) + (nanos % TimeUnit.MILLISECONDS.toNanos(1) == 0 ? 0 : 1);
        return (int) Math.min(bound, millis);
    }

    /** Runs all that are due now; one that is added meanwhile for now or earlier waits for the next round. */
    void runDue() {
        if (pending.isEmpty()) {
            return;
        }
        long now = System.nanoTime();
        long youngest = nextOrder;
        Timer next = firstDue(now, youngest);
        while (next != null) {
            pending.remove(next);
            next.action.run();
            next = firstDue(now, youngest);
        }
    }

    private @org.jspecify.annotations.Nullable Timer firstDue(long now, long youngest) {
        for (Timer timer : pending) {
            if (timer.after(now) > 0) {
                return null;
            }
            if (timer.isOlderThan(youngest)) {
                return timer;
            }
        }
        return null;
    }
}

package usher.activation;

/** Something that will happen at a {@link System#nanoTime}, unless it is cancelled before. */
public final class Timer implements Comparable<Timer> {
    private final long nanoTime;
    private final long order;
    private final Timers timers;
    final Runnable action;

    Timer(long nanoTime, long order, Timers timers, Runnable action) {
        this.nanoTime = nanoTime;
        this.order = order;
        this.timers = timers;
        this.action = action;
    }

    /** Nothing happens if it has run or is cancelled already. */
    public void cancel() {
        timers.remove(this);
    }

    /** Nanoseconds from {@code now}; negative when overdue. */
    long after(long now) {
        return nanoTime - now;
    }

    boolean isOlderThan(long youngest) {
        return order < youngest;
    }

    /** By time, then by age; by difference, since nanoTime may wrap. */
    @Override
    public int compareTo(Timer other) {
        long difference = nanoTime - other.nanoTime;
        return difference != 0 ? Long.signum(difference) : Long.compare(order, other.order);
    }

    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(order);
    }
}

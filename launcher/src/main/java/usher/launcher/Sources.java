package usher.launcher;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import usher.bundles.ListeningSocket;
import usher.bundles.ListeningSocket.Rate;

/**
 * What each source has of one socket, and so what becomes of its next connection: by {@code max-connections-per-source}
 * and {@code rate-limit}. Times are nanoseconds of a clock that never goes back; there is no clock in here.
 *
 * <p>The rate is a leaky bucket for each source: {@code 20/1s} lets 20 connections through at once and after that one
 * every 50 ms. A connection that comes too soon waits for its turn: as many of a source as one period lets through, or
 * {@link #WAITING} if their turns come within {@link #PATIENCE}; what comes still faster is turned away. No other source notices.
 *
 * <p>Memory is bounded: a source with nothing open whose bucket is full again is forgotten as others come, and beyond
 * {@link #MOST} whoever has nothing open and has not been seen for longest.
 */
final class Sources {
    static final int MOST = 16_384;

    /** Each is a descriptor of the launcher's, and other sources are to have theirs. */
    static final int WAITING = Intake.MOST_WAITING / 4;

    static final long PATIENCE = TimeUnit.MINUTES.toNanos(1);

    /** Longer periods count as this one, of decades, so that times can be added. */
    private static final long LONGEST = Long.MAX_VALUE / 4;

    /** How many of the sources not seen for longest are looked at when another connection comes. */
    private static final int LOOKS = 2;

    /** What becomes of a connection. */
    sealed interface Verdict {
        /** It is to be served at that time, which is now or later. */
        record Serve(long at) implements Verdict {}

        /** It is to be closed, for that reason. */
        record Refuse(String why) implements Verdict {}
    }

    private static final class Entry {
        int open;
        /** When the bucket is full again. */
        long fullAt;

        Entry(long now) {
            fullAt = now;
        }

        boolean isIdle(long now) {
            return open == 0 && fullAt - now <= 0;
        }
    }

    /** The one not seen for longest first. */
    private final LinkedHashMap<Source, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);

    /** A connection has come; if it is to be served, it counts until {@link #left}. */
    Verdict arrived(Source source, ListeningSocket.Connections rules, long now) {
        forgetIdle(now);
        if (rules.maxPerSource().isEmpty() && rules.rateLimit().isEmpty()) {
            return new Verdict.Serve(now);
        }
        Entry entry = entries.get(source);
        if (entry == null) {
            entry = new Entry(now);
            entries.put(source, entry);
        }
        if (entry.open >= rules.maxPerSource().orElse(Integer.MAX_VALUE)) {
            return new Verdict.Refuse("max-connections-per-source: " + entry.open + " of " + source + " are open");
        }
        long at = now;
        if (rules.rateLimit().isPresent()) {
            Rate rate = rules.rateLimit().get();
            long period = Math.min(TimeUnit.MILLISECONDS.toNanos(rate.per().toMillis()), LONGEST);
            long interval = Math.max(1, period / rate.connections());
            long fullAt = entry.fullAt - now > 0 ? entry.fullAt : now;
            at = Math.max(now, fullAt - (period - interval));
            if (at - now > Math.max(period, Math.min(PATIENCE, WAITING * Math.min(interval, PATIENCE)))) {
                return new Verdict.Refuse("rate-limit: " + source + " connects too often");
            }
            entry.fullAt = fullAt + interval;
        }
        entry.open++;
        return new Verdict.Serve(at);
    }

    /** A connection of that source is over, or was not served after all. */
    void left(Source source) {
        Entry entry = entries.get(source);
        if (entry != null && entry.open > 0) {
            entry.open--;
        }
    }

    int size() {
        return entries.size();
    }

    private void forgetIdle(long now) {
        for (int look = 0; look < LOOKS && !entries.isEmpty(); look++) {
            Map.Entry<Source, Entry> eldest = entries.entrySet().iterator().next();
            if (eldest.getValue().isIdle(now) || (entries.size() > MOST && eldest.getValue().open == 0)) {
                entries.remove(eldest.getKey());
            } else {
                entries.get(eldest.getKey()); // seen now: the next look is at another one
            }
        }
    }
}

package usher.activation;

import usher.activation.posix.Descriptors;
import usher.activation.posix.Limits;

/**
 * The descriptor limit that the launcher was started with, which its children get back, and the higher one that it works
 * under. Up to the hard limit go only what clients of the control socket ask for, and a launcher that takes over: it has
 * to open what the one before it had, and more for a moment.
 */
public final class OriginalLimits {
    private static final int MOST_KEPT_BACK = 32;
    private static final int SHARE_KEPT_BACK = 8;

    private final Limits.Limit original;
    private Limits.Limit working;

    private OriginalLimits(Limits.Limit original, Limits.Limit working) {
        this.original = original;
        this.working = working;
    }

    /** Remembers the limit and raises the soft one to the hard one; to be called before anything else. */
    public static OriginalLimits capture() {
        return of(Limits.of(Limits.NOFILE));
    }

    /** The same, but children get that limit, which a launcher before this one was started with. */
    public static OriginalLimits of(Limits.Limit original) {
        long hard = Limits.of(Limits.NOFILE).hard();
        OriginalLimits limits = new OriginalLimits(original, new Limits.Limit(hard, hard));
        limits.work();
        return limits;
    }

    /** The soft one is what differs. */
    Limits.Limit ofChildren() {
        return new Limits.Limit(original.soft(), working.hard());
    }

    /** For children that take it over at the moment of the clone. */
    public void lower() {
        Limits.set(Limits.NOFILE, ofChildren());
    }

    /** The limit to work under, now or again. */
    public void work() {
        Limits.set(Limits.NOFILE, working);
    }

    /**
     * Keeps back 32 numbers, or an eighth if there are few, from now on: the highest that are free. A limit is one of
     * numbers ({@code getrlimit(2)}), and a launcher that has taken over may have high ones in use, for which others are
     * kept back then.
     *
     * @return whether none of the highest was in use; otherwise the limit is lower than it could be, until this is done
     *     again when there are fewer
     */
    public boolean keepBack() {
        long hard = working.hard();
        long wanted = Math.min(MOST_KEPT_BACK, hard / SHARE_KEPT_BACK);
        long limit = hard;
        long missing = wanted;
        for (long number = hard - 1; number >= 0 && missing > 0; number--) {
            if (Descriptors.isCloseOnExec((int) number) < 0) {
                limit = number;
                missing--;
            }
        }
        working = new Limits.Limit(limit, hard);
        work();
        return limit == hard - wanted;
    }

    /** Does this up to the hard limit; the limits are those of the moment, which {@code prlimit(1)} may have set. */
    public static void toTheFull(Runnable work) {
        Limits.Limit now = Limits.of(Limits.NOFILE);
        Limits.set(Limits.NOFILE, new Limits.Limit(now.hard(), now.hard()));
        try {
            work.run();
        } finally {
            Limits.set(Limits.NOFILE, now);
        }
    }
}

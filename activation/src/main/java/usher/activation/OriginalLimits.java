package usher.activation;

import usher.activation.posix.Limits;

/**
 * The descriptor limit that the launcher was started with, which its children get back, and the higher one that it works
 * under. Up to the hard limit go only what clients of the control socket ask for, and a launcher that takes over: it has
 * to open what the one before it had, and more for a moment.
 */
public record OriginalLimits(Limits.Limit original, Limits.Limit working) {
    private static final int MOST_KEPT_BACK = 32;
    private static final int SHARE_KEPT_BACK = 8;

    /** Remembers the limit and raises the soft one to the hard one; to be called before anything else. */
    public static OriginalLimits capture() {
        return of(Limits.of(Limits.NOFILE));
    }

    /** The same, but children get that limit, which a launcher before this one was started with. */
    public static OriginalLimits of(Limits.Limit original) {
        long hard = Limits.of(Limits.NOFILE).hard();
        long keptBack = hard < 0 ? 0 : Math.min(MOST_KEPT_BACK, hard / SHARE_KEPT_BACK);
        Limits.set(Limits.NOFILE, new Limits.Limit(hard, hard));
        return new OriginalLimits(original, new Limits.Limit(hard - keptBack, hard));
    }

    /** The soft one is what differs. */
    Limits.Limit ofChildren() {
        return new Limits.Limit(original.soft(), working.hard());
    }

    /** For children that take it over at the moment of the clone. */
    public void lower() {
        Limits.set(Limits.NOFILE, ofChildren());
    }

    /** The limit to work under, from now on or again. */
    public void work() {
        Limits.set(Limits.NOFILE, working);
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

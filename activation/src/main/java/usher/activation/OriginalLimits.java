package usher.activation;

import usher.activation.posix.Limits;

/**
 * The descriptor limit that the launcher was started with, which its children get back, and the higher one it takes for
 * itself.
 */
public record OriginalLimits(Limits.Limit original, Limits.Limit raised) {

    /** Remembers the limit and raises the soft one to the hard one; to be called before anything else. */
    public static OriginalLimits capture() {
        return of(Limits.of(Limits.NOFILE));
    }

    /** The same, but children get that limit, which a launcher before this one was started with. */
    public static OriginalLimits of(Limits.Limit original) {
        Limits.Limit now = Limits.of(Limits.NOFILE);
        Limits.Limit raised = new Limits.Limit(now.hard(), now.hard());
        return new OriginalLimits(original, Limits.set(Limits.NOFILE, raised) < 0 ? now : raised);
    }

    /** The soft one is what differs. */
    Limits.Limit ofChildren() {
        return new Limits.Limit(original.soft(), raised.hard());
    }

    /** For children that take it over at the moment of the clone. */
    public void lower() {
        if (original.soft() != raised.soft()) {
            Limits.set(Limits.NOFILE, ofChildren());
        }
    }

    public void raise() {
        if (original.soft() != raised.soft()) {
            Limits.set(Limits.NOFILE, raised);
        }
    }
}

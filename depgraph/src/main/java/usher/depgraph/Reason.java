package usher.depgraph;

import java.util.Locale;

/** Why one bundle comes before another: an explicit link, or what the order is derived from. */
public enum Reason {
    /** An {@code after/} or {@code before/} link. */
    EXPLICIT,
    /** The processes of a job start after its sockets are open. */
    SOCKET,
    /** A client is after the bundle that listens on the address it connects to. */
    CONNECTS,
    /** A bundle is after what it requires. */
    REQUIRES,
    /** A target is after all that it wants or requires. */
    TARGET,
    /** A bundle is after its logger. */
    LOG,
    /** A bundle is after the one whose mount it lives on, works in, or listens below. */
    PATH,
    /** Starting one stops the other first. */
    CONFLICTS;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}

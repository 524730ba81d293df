package usher.depgraph;

import java.util.Comparator;
import usher.bundles.SourcePath;

/**
 * One bundle's asking for another; {@code path} is the link or file that says so, relative to the bundle directory it
 * was found in.
 */
record Pull(Kind kind, SourcePath path) {
    String source() {
        return path.toString();
    }

    enum Kind {
        WANTS,
        REQUIRES,
        CONNECTS,
        LOG,
        /** Its scripts, its working directory or what it requires lie below the other's mount. */
        PATH,
        /** One of its sockets lies below the other's mount: needed for opening it, not only for its processes. */
        LISTENS
    }

    /** Whether a bundle cannot be up without what it asks for. */
    boolean isRequirement() {
        return kind == Kind.REQUIRES || kind == Kind.PATH || kind == Kind.LISTENS;
    }

    static final Comparator<Pull> ORDER = new Comparator<>() {
        @Override
        public int compare(Pull a, Pull b) {
            int kinds = a.kind.compareTo(b.kind);
            return kinds != 0 ? kinds : a.source().compareTo(b.source());
        }
    };
}

package usher.depgraph;

import java.util.Comparator;

/**
 * Orders edges between the same two bundles: by reason, then by source. A class, like others here, because the first
 * lambda of a process costs a visible part of the start of a small command.
 */
final class ByReason implements Comparator<Edge> {
    static final ByReason INSTANCE = new ByReason();

    @Override
    public int compare(Edge a, Edge b) {
        int reasons = a.reason().compareTo(b.reason());
        return reasons != 0 ? reasons : a.source().compareTo(b.source());
    }
}

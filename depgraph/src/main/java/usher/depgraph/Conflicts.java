package usher.depgraph;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** What must be stopped before bundles start: those in conflict with them, and those that require these. */
final class Conflicts {
    private Conflicts() {}

    /** What a job does with bundles. */
    interface Starting {
        /** Whether it starts the bundle's processes. */
        boolean has(int bundle);

        /** Whether the bundle's sockets are to be open. */
        boolean opens(int bundle);
    }

    /** The stops that starting some of {@code candidates} calls for; nothing that starts itself is stopped. */
    static StopOrder stops(Ties ties, int[] candidates, Starting starts) {
        BitSet stopped = new BitSet();
        ArrayDeque<Integer> queue = new ArrayDeque<>();
        for (int bundle : ties.conflicts.size() == 0 ? new int[0] : candidates) {
            if (starts.has(bundle)) {
                for (int arc = ties.conflicts.outStart(bundle); arc < ties.conflicts.outEnd(bundle); arc++) {
                    add(ties.conflicts.head(arc), starts, stopped, queue);
                }
            }
        }
        while (!queue.isEmpty()) {
            int gone = queue.remove();
            for (int place = ties.pulls.inStart(gone); place < ties.pulls.inEnd(gone); place++) {
                if (ties.pulls.label(ties.pulls.in(place)).isRequirement()) {
                    add(ties.pulls.tail(ties.pulls.in(place)), starts, stopped, queue);
                }
            }
        }
        BitSet open = new BitSet();
        for (int bundle : Numbers.of(stopped)) {
            open.set(bundle, starts.opens(bundle));
        }
        return new StopOrder(ties, Numbers.of(stopped), open);
    }

    private static void add(int bundle, Starting starts, BitSet stopped, ArrayDeque<Integer> queue) {
        if (!starts.has(bundle) && !stopped.get(bundle)) {
            stopped.set(bundle);
            queue.add(bundle);
        }
    }

    /** Why starting {@code bundle} waits for some of {@code stops}: a conflict, or any order, as stops come first. */
    static List<Edge> after(Ties ties, StopOrder stops, int bundle) {
        if (stops.bundles().length == 0) {
            return List.of();
        }
        List<Edge> after = new ArrayList<>();
        collectInto(ties.conflicts, stops, bundle, after);
        collectInto(ties.orders, stops, bundle, after);
        for (int arc = ties.orders.outStart(bundle); arc < ties.orders.outEnd(bundle); arc++) {
            if (stops.has(ties.orders.head(arc))) {
                after.add(ties.orders.label(arc));
            }
        }
        return after;
    }

    /** The end of an edge of {@link #after} that is stopped. */
    static int stopped(Ties ties, Edge edge, int bundle) {
        int from = ties.find(edge.from());
        return from == bundle ? ties.find(edge.to()) : from;
    }

    private static void collectInto(Arcs<Edge> arcs, StopOrder stops, int bundle, List<Edge> after) {
        for (int place = arcs.inStart(bundle); place < arcs.inEnd(bundle); place++) {
            if (stops.has(arcs.tail(arcs.in(place)))) {
                after.add(arcs.label(arcs.in(place)));
            }
        }
    }
}

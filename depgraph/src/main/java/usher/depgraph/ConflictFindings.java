package usher.depgraph;

import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Set;
import java.util.TreeSet;

/** Finds bundles that can never be started, because what they ask for is in conflict with itself. */
final class ConflictFindings {
    /** At most so many bundles are found, and so many visited to find them. */
    private static final int MOST = 20;

    private static final int MOST_VISITS = 20_000_000;

    private final Ties ties;
    private int visits;

    ConflictFindings(Ties ties) {
        this.ties = ties;
    }

    /** For each conflict the first bundle in byte order, and nearest to it, whose start would take in both. */
    Set<Integer> takingInBoth() {
        Set<Integer> found = new TreeSet<>();
        for (int one = 0; one < ties.size() && visits < MOST_VISITS && found.size() < MOST; one++) {
            BitSet asking = null;
            for (int arc = ties.conflicts.outStart(one); arc < ties.conflicts.outEnd(one); arc++) {
                int other = ties.conflicts.head(arc);
                if (one < other) {
                    asking = asking == null ? askingFor(one) : asking;
                    BitSet both = askingFor(other);
                    both.and(asking);
                    int nearest = nearest(both);
                    if (nearest >= 0) {
                        found.add(nearest);
                    }
                }
            }
        }
        return found;
    }

    /** The bundle itself and all that ask for it, directly or not. */
    private BitSet askingFor(int bundle) {
        BitSet asking = new BitSet();
        ArrayDeque<Integer> queue = new ArrayDeque<>();
        asking.set(bundle);
        queue.add(bundle);
        while (!queue.isEmpty()) {
            int asked = queue.remove();
            for (int place = ties.pulls.inStart(asked); place < ties.pulls.inEnd(asked); place++) {
                int next = ties.pulls.tail(ties.pulls.in(place));
                visits++;
                if (!asking.get(next)) {
                    asking.set(next);
                    queue.add(next);
                }
            }
        }
        return asking;
    }

    /** The first that asks for no other of these; in a circle of wishes, the first of all. */
    private int nearest(BitSet both) {
        for (int bundle = both.nextSetBit(0); bundle >= 0; bundle = both.nextSetBit(bundle + 1)) {
            boolean last = true;
            for (int pull = ties.pulls.outStart(bundle); pull < ties.pulls.outEnd(bundle) && last; pull++) {
                visits++;
                last = ties.pulls.head(pull) == bundle || !both.get(ties.pulls.head(pull));
            }
            if (last) {
                return bundle;
            }
        }
        return both.nextSetBit(0);
    }
}

package usher.depgraph;

import java.util.BitSet;

/**
 * Finds the arcs of a graph without cycles that others imply: those whose tail leads to their head another way too. A
 * block of tails at a time is followed through the whole graph, a bit each: vertices times arcs divided by 64 in all,
 * whatever the shape. (A search from every vertex is quicker on sparse graphs and takes minutes on layered ones.) No block
 * depends on another, so every processor takes its share of them.
 *
 * <p>Vertices are known here by their places in a topological order.
 */
final class Implied {
    /** A block's rows stay in the cache, and the words of a row in registers. */
    private static final int WORDS = 4;

    private static final int BLOCK = 64 * WORDS;

    private final int vertices;
    /** By vertex, where the arcs into it begin in {@link #from} and {@link #arc}. */
    private final int[] first;

    private final int[] from;
    private final int[] arc;
    /** Whether the arcs into each vertex are listed by tail, so that the last ones are all that concern a late block. */
    private final boolean sorted;

    /** {@code order} holds every vertex, tails before heads. */
    Implied(Arcs<?> arcs, int[] order) {
        vertices = order.length;
        first = new int[vertices + 1];
        from = new int[arcs.size()];
        arc = new int[arcs.size()];
        int[] places = new int[vertices];
        for (int at = 0; at < vertices; at++) {
            places[order[at]] = at;
        }
        int count = 0;
        boolean ascending = true;
        for (int at = 0; at < vertices; at++) {
            for (int place = arcs.inStart(order[at]); place < arcs.inEnd(order[at]); place++) {
                arc[count] = arcs.in(place);
                from[count] = places[arcs.tail(arcs.in(place))];
                ascending &= count == first[at] || from[count - 1] <= from[count];
                count++;
            }
            first[at + 1] = count;
        }
        sorted = ascending;
    }

    /** The numbers of the implied arcs. */
    BitSet find() {
        int shares = Shares.of(vertices);
        BitSet implied = new BitSet();
        for (BitSet found : Shares.each(shares, share -> share(share, shares))) {
            implied.or(found);
        }
        return implied;
    }

    /** What every {@code shares}-th block finds, beginning with block number {@code share}. */
    private BitSet share(int share, int shares) {
        BitSet implied = new BitSet();
        long[] ancestors = new long[vertices * WORDS];
        for (int start = share * BLOCK; start < vertices; start += shares * BLOCK) {
            block(start, ancestors, implied);
        }
        return implied;
    }

    /** Adds the implied arcs out of the vertices from {@code start} to before {@code start + BLOCK}. */
    private void block(int start, long[] ancestors, BitSet implied) {
        for (int at = start; at < vertices; at++) {
            long a = 0;
            long b = 0;
            long c = 0;
            long d = 0;
            boolean direct = false;
            for (int i = first[at + 1] - 1; i >= first[at]; i--) {
                int before = from[i];
                if (before >= start) {
                    int row = before * WORDS;
                    a |= ancestors[row];
                    b |= ancestors[row + 1];
                    c |= ancestors[row + 2];
                    d |= ancestors[row + 3];
                    direct |= before < start + BLOCK;
                } else if (sorted) {
                    break;
                }
            }
            int row = at * WORDS;
            ancestors[row] = a;
            ancestors[row + 1] = b;
            ancestors[row + 2] = c;
            ancestors[row + 3] = d;
            if (direct) {
                addTails(at, start, ancestors, implied);
            }
        }
    }

    /** An arc whose tail is an ancestor of another tail is implied; then all tails become ancestors. */
    private void addTails(int at, int start, long[] ancestors, BitSet implied) {
        for (int i = first[at]; i < first[at + 1]; i++) {
            int bit = from[i] - start;
            if (bit >= 0 && bit < BLOCK && (ancestors[at * WORDS + (bit >> 6)] & (1L << (bit & 63))) != 0) {
                implied.set(arc[i]);
            }
        }
        for (int i = first[at]; i < first[at + 1]; i++) {
            int bit = from[i] - start;
            if (bit >= 0 && bit < BLOCK) {
                ancestors[at * WORDS + (bit >> 6)] |= 1L << (bit & 63);
            }
        }
    }
}

package usher.depgraph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import usher.bundles.BundleName;

/**
 * The steps of a plan with only those reasons that no chain of others implies, for people to read. An arc is implied if
 * another arc into the same step comes from something that its own tail leads to. Which that is, is found for a block of
 * tails at a time, a bit each: bundles times links divided by 64 in all, seconds for 100,000 bundles, whatever the shape;
 * a search from every step is quicker on sparse graphs and takes minutes on layered ones.
 */
final class Reduction {
    private static final int WORDS = 16;
    private static final int BLOCK = 64 * WORDS;

    private final List<Step> steps;
    private final Map<BundleName, Integer> processes = new HashMap<>();
    private final Map<BundleName, Integer> sockets = new HashMap<>();
    private final Ties ties;
    private final Arcs<Edge> arcs;
    private final BitSet implied = new BitSet();

    private Reduction(Ties ties, List<Step> steps) {
        this.ties = ties;
        this.steps = steps;
        int vertices = 0;
        for (Step step : steps) {
            Map<BundleName, Integer> vertex = step.socket().isPresent() ? sockets : processes;
            if (vertex.putIfAbsent(step.bundle(), vertices) == null) {
                vertices++;
            }
        }
        Arcs.Builder<Edge> builder = new Arcs.Builder<>();
        for (Step step : steps) {
            int head = vertex(step);
            for (Edge edge : step.after()) {
                int tail = source(edge, step);
                if (tail >= 0) {
                    builder.add(tail, head, edge);
                }
            }
        }
        arcs = builder.build(vertices, ByReason.INSTANCE);
    }

    static List<Step> of(Ties ties, List<Step> steps) {
        Reduction reduction = new Reduction(ties, steps);
        reduction.reduce();
        return reduction.steps();
    }

    private int vertex(Step step) {
        return (step.socket().isPresent() ? sockets : processes).getOrDefault(step.bundle(), -1);
    }

    /** The vertex an edge of a step leads from, or -1 if it has no step here. */
    private int source(Edge edge, Step step) {
        BundleName other = edge.from().equals(step.bundle()) ? edge.to() : edge.from();
        boolean starting = step.kind() == Step.Kind.START || step.kind() == Step.Kind.OPEN;
        int process = processes.getOrDefault(other, -1);
        if (starting && sockets.containsKey(other) && (process < 0 || ties.lazy[ties.find(other)])) {
            return sockets.getOrDefault(other, -1);
        }
        return process;
    }

    private void reduce() {
        int[] order = Sorting.topological(arcs);
        if (order.length < arcs.vertices()) {
            return;
        }
        int[] position = new int[order.length];
        for (int i = 0; i < order.length; i++) {
            position[order[i]] = i;
        }
        int[] before = new int[arcs.size()];
        for (int place = 0; place < before.length; place++) {
            before[place] = position[arcs.tail(arcs.in(place))];
        }
        long[] ancestors = new long[order.length * WORDS];
        for (int start = 0; start < order.length; start += BLOCK) {
            reduce(start, order, before, ancestors);
        }
    }

    /**
     * Finds the implied arcs out of the vertices at places {@code start} to {@code start + BLOCK} of the order;
     * {@code before} tells where the tails of the arcs into each vertex stand in it.
     */
    private void reduce(int start, int[] order, int[] before, long[] ancestors) {
        Arrays.fill(ancestors, start * WORDS, ancestors.length, 0);
        for (int at = start + 1; at < order.length; at++) {
            int base = at * WORDS;
            int first = arcs.inStart(order[at]);
            int end = arcs.inEnd(order[at]);
            for (int place = first; place < end; place++) {
                int from = before[place] * WORDS;
                for (int word = 0; before[place] > start && word < WORDS; word++) {
                    ancestors[base + word] |= ancestors[from + word];
                }
            }
            for (int place = first; place < end; place++) {
                int bit = before[place] - start;
                boolean inBlock = bit >= 0 && bit < BLOCK;
                if (inBlock && (ancestors[base + (bit >> 6)] & (1L << (bit & 63))) != 0) {
                    implied.set(arcs.in(place));
                }
            }
            for (int place = first; place < end; place++) {
                int bit = before[place] - start;
                if (bit >= 0 && bit < BLOCK) {
                    ancestors[base + (bit >> 6)] |= 1L << (bit & 63);
                }
            }
        }
    }

    private List<Step> steps() {
        List<Step> reduced = new ArrayList<>(steps.size());
        for (Step step : steps) {
            List<Edge> kept = new ArrayList<>();
            for (Edge edge : step.after()) {
                int tail = source(edge, step);
                if (tail < 0 || !implied.get(arcs.find(tail, vertex(step)))) {
                    kept.add(edge);
                }
            }
            reduced.add(new Step(step.seq(), step.wave(), step.kind(), step.bundle(), step.socket(), kept));
        }
        return reduced;
    }
}

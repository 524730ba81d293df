package usher.depgraph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/** The steps of a plan with only those reasons that no chain of others implies, for people to read. */
final class Reduction {
    private static final int NEAR = 8;

    private final Ties ties;
    private final List<Step> steps;
    /** By bundle, the vertices of its process steps and of its socket steps; -1 if it has none. */
    private final int[] processes;

    private final int[] sockets;
    /** Of every reason of every step, as they stand, the vertex it leads from; -1 if that has no step here. */
    private final int[] tails;

    private final Arcs<Edge> arcs;

    private Reduction(Ties ties, List<Step> steps) {
        this.ties = ties;
        this.steps = steps;
        processes = new int[ties.size()];
        sockets = new int[ties.size()];
        Arrays.fill(processes, -1);
        Arrays.fill(sockets, -1);
        int vertices = 0;
        int reasons = 0;
        for (Step step : steps) {
            int[] vertex = step.socket().isPresent() ? sockets : processes;
            int bundle = ties.find(step.bundle());
            if (vertex[bundle] < 0) {
                vertex[bundle] = vertices++;
            }
            reasons += step.after().size();
        }
        tails = new int[reasons];
        arcs = arcs(vertices);
    }

    static List<Step> of(Ties ties, List<Step> steps) {
        return new Reduction(ties, steps).reduced();
    }

    private Arcs<Edge> arcs(int vertices) {
        Arcs.Builder<Edge> builder = new Arcs.Builder<>();
        int reason = 0;
        for (Step step : steps) {
            int bundle = ties.find(step.bundle());
            int head = vertex(step, bundle);
            int place = ties.orders.inStart(bundle);
            for (Edge edge : step.after()) {
                int near = near(edge, bundle, place);
                int other = near < 0 ? other(edge, step) : ties.orders.tail(ties.orders.in(near));
                place = near < 0 ? place : near + 1;
                int tail = source(other, step);
                tails[reason++] = tail;
                if (tail >= 0) {
                    builder.add(tail, head, edge);
                }
            }
        }
        return builder.build(vertices, ByReason.INSTANCE);
    }

    private int vertex(Step step, int bundle) {
        return (step.socket().isPresent() ? sockets : processes)[bundle];
    }

    /**
     * The place of the edge among the orders into the bundle, from {@code place} on, as a plan lists them; -1 if it is not
     * near there. This spares looking up a name for each of a million edges.
     */
    @SuppressWarnings(
            "ReferenceEquality") // the plan holds the very edges; another one that is equal is looked up by name
    private int near(Edge edge, int bundle, int place) {
        int end = Math.min(ties.orders.inEnd(bundle), place + NEAR);
        for (int at = place; at < end; at++) {
            if (ties.orders.label(ties.orders.in(at)) == edge) {
                return at;
            }
        }
        return -1;
    }

    private int other(Edge edge, Step step) {
        return ties.find(edge.other(step.bundle()));
    }

    /** The vertex that a step which waits for the bundle {@code other} comes after, or -1 if it has no step here. */
    private int source(int other, Step step) {
        boolean starting = step.kind() == Step.Kind.START || step.kind() == Step.Kind.OPEN;
        boolean waitsForSockets = starting && sockets[other] >= 0 && (processes[other] < 0 || ties.lazy[other]);
        return waitsForSockets ? sockets[other] : processes[other];
    }

    /** Steps come in waves, so their own order puts tails before heads, unless a wave says less than the reasons do. */
    private int[] order() {
        for (int arc = 0; arc < arcs.size(); arc++) {
            if (arcs.tail(arc) >= arcs.head(arc)) {
                return Sorting.topological(arcs);
            }
        }
        int[] order = new int[arcs.vertices()];
        Arrays.setAll(order, vertex -> vertex);
        return order;
    }

    private List<Step> reduced() {
        int[] order = order();
        BitSet implied = order.length < arcs.vertices() ? new BitSet() : new Implied(arcs, order).find();
        List<Step> reduced = new ArrayList<>(steps.size());
        int reason = 0;
        for (Step step : steps) {
            int head = vertex(step, ties.find(step.bundle()));
            List<Edge> kept = new ArrayList<>();
            for (Edge edge : step.after()) {
                int tail = tails[reason++];
                if (tail < 0 || !implied.get(arcs.find(tail, head))) {
                    kept.add(edge);
                }
            }
            reduced.add(new Step(step.seq(), step.wave(), step.kind(), step.bundle(), step.socket(), kept));
        }
        return reduced;
    }
}

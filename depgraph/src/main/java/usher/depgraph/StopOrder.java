package usher.depgraph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;

/**
 * The order in which some bundles go down: the reverse of their orders. A bundle that waits for traffic is stopped after
 * those that are after it, like any other; only where that is a contradiction (two such bundles after each other) its
 * processes need not wait, and its sockets, closed after all processes, do the waiting. What contradicts itself even so
 * is reported and ignored, as everything must be able to stop.
 */
final class StopOrder {
    private final Ties ties;
    private final int[] bundles;
    private final BitSet open;
    private final int[] vertex;
    private final int[] closeVertex;
    private final List<Cycle> cycles = new ArrayList<>();
    private int vertices;
    private int[] tails = new int[16];
    private int[] heads = new int[16];
    private Edge[] labels = new Edge[16];
    private int size;
    private Arcs<Edge> arcs;
    private final int[] wave;
    private int lastStop;

    /** For these bundles, ascending; the sockets of those in {@code open} are to stay open. */
    StopOrder(Ties ties, int[] bundles, BitSet open) {
        this.ties = ties;
        this.bundles = bundles;
        this.open = open;
        vertex = new int[ties.size()];
        Arrays.fill(vertex, -1);
        for (int bundle : bundles) {
            vertex[bundle] = vertices++;
        }
        closeVertex = new int[ties.listens.size() == 0 ? 0 : ties.size()];
        Arrays.fill(closeVertex, -1);
        gather();
        arcs = build();
        int[] order = Sorting.topological(arcs);
        if (order.length < vertices) {
            order = relax();
        }
        if (order.length < vertices) {
            order = cut();
        }
        wave = new int[vertices];
        number(order);
    }

    private void gather() {
        for (int bundle : bundles) {
            for (int place = ties.orders.inStart(bundle); place < ties.orders.inEnd(bundle); place++) {
                int arc = ties.orders.in(place);
                int first = ties.orders.tail(arc);
                if (vertex[first] >= 0 && first != bundle && !isOfSockets(first, bundle, ties.orders.label(arc))) {
                    add(vertex[bundle], vertex[first], ties.orders.label(arc));
                }
            }
        }
        for (int bundle : closeVertex.length == 0 ? new int[0] : bundles) {
            for (int place = ties.listens.inStart(bundle); place < ties.listens.inEnd(bundle); place++) {
                int arc = ties.listens.in(place);
                int mounter = ties.listens.tail(arc);
                if (vertex[mounter] >= 0 && ties.orders.has(mounter, bundle)) {
                    if (closeVertex[bundle] < 0) {
                        closeVertex[bundle] = vertices++;
                        add(vertex[bundle], closeVertex[bundle], OrderGraph.OWN);
                    }
                    add(closeVertex[bundle], vertex[mounter], ties.listens.label(arc));
                }
            }
        }
    }

    /** Whether the order is about sockets below a mount, so that closing them is what it is kept by. */
    private boolean isOfSockets(int mounter, int bundle, Edge edge) {
        int arc = edge.reason() == Reason.PATH ? ties.listens.find(mounter, bundle) : -1;
        while (arc >= 0 && arc < ties.listens.outEnd(mounter) && ties.listens.head(arc) == bundle) {
            if (ties.listens.label(arc++).source().equals(edge.source())) {
                return true;
            }
        }
        return false;
    }

    private void add(int tail, int head, Edge label) {
        if (size == tails.length) {
            tails = Arrays.copyOf(tails, size * 2);
            heads = Arrays.copyOf(heads, size * 2);
            labels = Arrays.copyOf(labels, size * 2);
        }
        tails[size] = tail;
        heads[size] = head;
        labels[size++] = label;
    }

    private Arcs<Edge> build() {
        Arcs.Builder<Edge> builder = new Arcs.Builder<>();
        for (int i = 0; i < size; i++) {
            if (heads[i] >= 0) {
                builder.add(tails[i], heads[i], labels[i]);
            }
        }
        return builder.build(vertices, ByReason.INSTANCE);
    }

    /** Lets the processes of bundles that wait for traffic go before those after them, wherever that contradicts. */
    private int[] relax() {
        int[] knot = knotOf(Sorting.knots(arcs));
        for (int i = 0; i < size; i++) {
            boolean inside = knot[tails[i]] > 0 && knot[tails[i]] == knot[heads[i]];
            if (inside && !OrderGraph.isOwn(labels[i])) {
                int first = ties.find(labels[i].from());
                if (ties.lazy[first]) {
                    heads[i] = closeVertex.length == 0 ? -1 : closeVertex[first];
                }
            }
        }
        arcs = build();
        return Sorting.topological(arcs);
    }

    private int[] cut() {
        List<int[]> knots = Sorting.knots(arcs);
        Cycles search = new Cycles(arcs);
        for (int[] knot : knots) {
            List<Integer> cycle = search.shortest(knot);
            List<Edge> edges = new ArrayList<>();
            for (int arc : cycle) {
                if (!OrderGraph.isOwn(arcs.label(arc))) {
                    edges.add(arcs.label(arc));
                }
            }
            Collections.reverse(edges);
            cycles.add(new Cycle(edges, Cycles.cheapest(arcs, cycle, ties)));
        }
        int[] knot = knotOf(knots);
        for (int i = 0; i < size; i++) {
            if (heads[i] >= 0 && knot[tails[i]] > 0 && knot[tails[i]] == knot[heads[i]]) {
                heads[i] = -1;
            }
        }
        arcs = build();
        return Sorting.topological(arcs);
    }

    private int[] knotOf(List<int[]> knots) {
        int[] knot = new int[vertices];
        for (int k = 0; k < knots.size(); k++) {
            for (int vertex : knots.get(k)) {
                knot[vertex] = k + 1;
            }
        }
        return knot;
    }

    private void number(int[] order) {
        for (int at : order) {
            int after = 0;
            for (int place = arcs.inStart(at); place < arcs.inEnd(at); place++) {
                after = Math.max(after, wave[arcs.tail(arcs.in(place))]);
            }
            wave[at] = after + 1;
            if (at < bundles.length) {
                lastStop = Math.max(lastStop, after + 1);
            }
        }
    }

    List<Cycle> cycles() {
        return cycles;
    }

    int[] bundles() {
        return bundles;
    }

    boolean has(int bundle) {
        return vertex[bundle] >= 0;
    }

    int stopWave(int bundle) {
        return wave[vertex[bundle]];
    }

    /** The wave in which the bundle's sockets are closed: after all processes, unless a mount waits for it. */
    int closeWave(int bundle) {
        return isEarly(bundle) ? wave[closeVertex[bundle]] : lastStop + 1;
    }

    private boolean isEarly(int bundle) {
        return closeVertex.length > 0 && closeVertex[bundle] >= 0;
    }

    /** The wave in which the last step of the bundle stands. */
    int endWave(int bundle) {
        return closes(bundle) ? closeWave(bundle) : stopWave(bundle);
    }

    /** Whether the bundle has sockets and they are closed: those below a mount that is stopped always are. */
    boolean closes(int bundle) {
        return !ties.bundles[bundle].sockets().isEmpty() && (!open.get(bundle) || isEarly(bundle));
    }

    /** What stopping the bundle waits for. */
    List<Edge> after(int bundle) {
        return edgesInto(vertex[bundle]);
    }

    /** What closing the bundle's sockets waits for, beyond its own processes and, usually, all others. */
    List<Edge> closeAfter(int bundle) {
        return isEarly(bundle) ? edgesInto(closeVertex[bundle]) : List.of();
    }

    private List<Edge> edgesInto(int at) {
        int start = arcs.inStart(at);
        int end = arcs.inEnd(at);
        if (start == end) {
            return List.of();
        }
        List<Edge> edges = new ArrayList<>(end - start);
        for (int place = start; place < end; place++) {
            Edge edge = arcs.label(arcs.in(place));
            if (!OrderGraph.isOwn(edge)) {
                edges.add(edge);
            }
        }
        return edges;
    }
}

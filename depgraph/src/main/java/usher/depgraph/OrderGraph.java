package usher.depgraph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import usher.bundles.BundleName;
import usher.bundles.SourcePath;

/**
 * The orders among some bundles as a graph of steps: a vertex per bundle for its processes, and one more for the sockets
 * of a bundle that must wait for a mount with them. An order from a bundle that waits for traffic leads from its sockets;
 * where these are opened with the job it puts off nothing and is no arc, as all of them come before all processes.
 */
final class OrderGraph {
    private static final BundleName NOBODY = new BundleName("-");
    /** Leads from the sockets of a bundle to its own processes. */
    static final Edge OWN = new Edge(NOBODY, NOBODY, Reason.SOCKET, SourcePath.of(""));

    private final Ties ties;
    private final int[] bundles;
    private final BitSet mute;
    private final boolean stopping;
    private final int[] vertex;
    private final int[] socketVertex;
    private final int[] owner;
    private final int vertices;
    private final Arcs<Edge> arcs;

    /** Orders among {@code bundles}, ascending, without those between two of {@code mute}. */
    OrderGraph(Ties ties, int[] bundles, BitSet mute) {
        this(ties, bundles, mute, false);
    }

    /** As they hold when all of these stop: a bundle that waits for traffic is like any other then. */
    static OrderGraph stopping(Ties ties, int[] bundles) {
        return new OrderGraph(ties, bundles, new BitSet(), false, true);
    }

    /** With {@code all}, every bundle that waits for traffic has a vertex for its sockets. */
    OrderGraph(Ties ties, int[] bundles, BitSet mute, boolean all) {
        this(ties, bundles, mute, all, false);
    }

    private OrderGraph(Ties ties, int[] bundles, BitSet mute, boolean all, boolean stopping) {
        this.ties = ties;
        this.stopping = stopping;
        this.bundles = bundles;
        this.mute = mute;
        vertex = new int[ties.size()];
        Arrays.fill(vertex, -1);
        socketVertex = ties.listens.size() == 0 && !all ? vertex : new int[ties.size()];
        int[] owners = Arrays.copyOf(bundles, bundles.length * 2);
        int count = 0;
        for (int bundle : bundles) {
            vertex[bundle] = count++;
        }
        if (socketVertex != vertex) {
            Arrays.fill(socketVertex, -1);
            for (int bundle : bundles) {
                if (mustWait(bundle) || (all && ties.lazy[bundle])) {
                    owners[count] = bundle;
                    socketVertex[bundle] = count++;
                }
            }
        }
        vertices = count;
        owner = owners;
        arcs = build();
    }

    private boolean mustWait(int bundle) {
        for (int place = ties.listens.inStart(bundle); place < ties.listens.inEnd(bundle); place++) {
            if (mayPrecede(ties.listens.tail(ties.listens.in(place)), bundle)) {
                return true;
            }
        }
        return false;
    }

    /** Whether opening waits for the mount: not if an explicit link says that the mount comes after the bundle. */
    boolean mayPrecede(int mounter, int bundle) {
        return vertex[mounter] >= 0 && !isMute(mounter, bundle) && !ties.isExplicit(bundle, mounter);
    }

    private Arcs<Edge> build() {
        if (bundles.length == ties.size()
                && socketVertex == vertex
                && mute.isEmpty()
                && (stopping || !ties.anyLazy())) {
            return ties.orders;
        }
        Arcs.Builder<Edge> builder = new Arcs.Builder<>();
        for (int bundle : bundles) {
            for (int place = ties.orders.inStart(bundle); place < ties.orders.inEnd(bundle); place++) {
                int arc = ties.orders.in(place);
                int first = ties.orders.tail(arc);
                int from = source(first);
                if (from >= 0 && !isMute(first, bundle)) {
                    builder.add(from, vertex[bundle], ties.orders.label(arc));
                }
            }
            int sockets = socketsOf(bundle);
            if (sockets >= 0) {
                builder.add(sockets, vertex[bundle], OWN);
                for (int place = ties.listens.inStart(bundle); place < ties.listens.inEnd(bundle); place++) {
                    int arc = ties.listens.in(place);
                    int mounter = ties.listens.tail(arc);
                    int from = source(mounter);
                    if (from >= 0 && mayPrecede(mounter, bundle)) {
                        builder.add(from, sockets, ties.listens.label(arc));
                    }
                }
            }
        }
        return builder.build(vertices, ByReason.INSTANCE);
    }

    /** The vertex that those after the bundle wait for, or -1 if they need not wait. */
    int source(int bundle) {
        return vertex[bundle] < 0 || stopping ? vertex[bundle] : ties.lazy[bundle] ? socketsOf(bundle) : vertex[bundle];
    }

    static boolean isOwn(Edge edge) {
        return edge.reason() == Reason.SOCKET;
    }

    Arcs<Edge> arcs() {
        return arcs;
    }

    /** The vertex of the bundle's processes, or -1 if it is not in the graph. */
    int of(int bundle) {
        return vertex[bundle];
    }

    /** The vertex of the bundle's sockets, or -1 if none of them waits for anything. */
    int socketsOf(int bundle) {
        return socketVertex == vertex ? -1 : socketVertex[bundle];
    }

    int bundle(int vertex) {
        return owner[vertex];
    }

    /** Whether the orders between the two count for nothing here. */
    boolean isMute(int one, int other) {
        return mute.get(one) && mute.get(other);
    }

    boolean isSockets(int vertex) {
        return vertex >= bundles.length;
    }

    /** One cycle for each of these components. */
    List<Cycle> cycles(List<int[]> knots) {
        List<Cycle> cycles = new ArrayList<>();
        Cycles search = new Cycles(arcs);
        for (int[] knot : knots) {
            List<Integer> cycle = search.shortest(knot);
            List<Edge> edges = new ArrayList<>();
            for (int arc : cycle) {
                if (!isOwn(arcs.label(arc))) {
                    edges.add(arcs.label(arc));
                }
            }
            cycles.add(new Cycle(edges, Cycles.cheapest(arcs, cycle, ties)));
        }
        return cycles;
    }
}

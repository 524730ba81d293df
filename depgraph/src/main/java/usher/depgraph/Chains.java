package usher.depgraph;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * The chains of orders from one bundle to another, shortest first. A chain does not lead through a bundle that waits for
 * traffic, as those after it wait for its sockets only, unless these wait for a mount themselves.
 */
final class Chains {
    /** At most so many chains are listed. */
    static final int MOST = 1000;

    private static final int MOST_STEPS = 1_000_000;

    private final OrderGraph graph;
    private final boolean acyclic;

    /** The beginning of a chain; {@code bound} is the length of the shortest whole chain with this beginning. */
    private record Path(@Nullable Path before, int arc, int vertex, int length, int bound, int number)
            implements Comparable<Path> {
        @Override
        public int compareTo(Path other) {
            int bounds = Integer.compare(bound, other.bound);
            // Of equal ones that which is nearer to its end: all beginnings of a length would be tried before any is
            // whole.
            int lengths = bounds != 0 ? bounds : Integer.compare(other.length, length);
            return lengths != 0 ? lengths : Integer.compare(number, other.number);
        }
    }

    Chains(Ties ties) {
        this(ties, false);
    }

    /** @param stopping the chains that hold when they stop, where they may lead through a bundle that waits for traffic */
    Chains(Ties ties, boolean stopping) {
        int[] all = new int[ties.size()];
        for (int i = 0; i < all.length; i++) {
            all[i] = i;
        }
        graph = stopping ? OrderGraph.stopping(ties, all) : new OrderGraph(ties, all, new BitSet(), true);
        acyclic = Sorting.topological(graph.arcs()).length == graph.arcs().vertices();
    }

    ChainList between(int first, int second) {
        int start = graph.source(first);
        if (start < 0 || first == second) {
            return ChainList.NONE;
        }
        int end = graph.of(second);
        int[] distance = distances(end);
        return distance[start] < 0 ? ChainList.NONE : between(start, end, distance);
    }

    /** There is at least one, as the end can be reached. */
    private ChainList between(int start, int end, int[] distance) {
        List<List<Edge>> chains = new ArrayList<>();
        PriorityQueue<Path> open = new PriorityQueue<>();
        int number = 0;
        int steps = 0;
        open.add(new Path(null, -1, start, 0, distance[start], number++));
        while (!open.isEmpty() && chains.size() <= MOST && steps < MOST_STEPS) {
            Path path = open.remove();
            if (path.vertex == end) {
                chains.add(edges(path));
                continue;
            }
            for (int arc = graph.arcs().outStart(path.vertex);
                    arc < graph.arcs().outEnd(path.vertex);
                    arc++) {
                int next = graph.arcs().head(arc);
                steps++;
                if (distance[next] >= 0 && (acyclic || !passes(path, next))) {
                    int length = path.length + 1;
                    open.add(new Path(path, arc, next, length, length + distance[next], number++));
                }
            }
            steps += acyclic ? 0 : path.length;
        }
        if (chains.isEmpty()) {
            chains.add(edges(shortest(start, end, distance)));
        }
        boolean cut = chains.size() > MOST || !open.isEmpty();
        return new ChainList(chains.subList(0, Math.min(MOST, chains.size())), cut);
    }

    /** Found without a search, however long it is. */
    private Path shortest(int start, int end, int[] distance) {
        Path path = new Path(null, -1, start, 0, distance[start], 0);
        while (path.vertex != end) {
            int arc = graph.arcs().outStart(path.vertex);
            while (distance[graph.arcs().head(arc)] != distance[path.vertex] - 1) {
                arc++;
            }
            path = new Path(path, arc, graph.arcs().head(arc), path.length + 1, path.bound, 0);
        }
        return path;
    }

    private int[] distances(int end) {
        Arcs<Edge> arcs = graph.arcs();
        int[] distance = new int[arcs.vertices()];
        Arrays.fill(distance, -1);
        ArrayDeque<Integer> queue = new ArrayDeque<>();
        distance[end] = 0;
        queue.add(end);
        while (!queue.isEmpty()) {
            int vertex = queue.remove();
            for (int place = arcs.inStart(vertex); place < arcs.inEnd(vertex); place++) {
                int before = arcs.tail(arcs.in(place));
                if (distance[before] < 0) {
                    distance[before] = distance[vertex] + 1;
                    queue.add(before);
                }
            }
        }
        return distance;
    }

    private static boolean passes(Path path, int vertex) {
        for (@Nullable Path at = path; at != null; at = at.before) {
            if (at.vertex == vertex) {
                return true;
            }
        }
        return false;
    }

    private List<Edge> edges(Path path) {
        List<Edge> edges = new ArrayList<>();
        for (@Nullable Path at = path; at != null && at.arc >= 0; at = at.before) {
            Edge edge = graph.arcs().label(at.arc);
            if (!OrderGraph.isOwn(edge)) {
                edges.add(edge);
            }
        }
        Collections.reverse(edges);
        return edges;
    }
}

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
            return bounds != 0 ? bounds : Integer.compare(number, other.number);
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

    List<List<Edge>> between(int first, int second) {
        return between(graph.source(first), graph.of(second), first == second);
    }

    private List<List<Edge>> between(int start, int end, boolean same) {
        int[] distance = distances(end);
        List<List<Edge>> chains = new ArrayList<>();
        if (start < 0 || distance[start] < 0 || same) {
            return chains;
        }
        PriorityQueue<Path> open = new PriorityQueue<>();
        int number = 0;
        int steps = 0;
        open.add(new Path(null, -1, start, 0, distance[start], number++));
        while (!open.isEmpty() && chains.size() < MOST && steps < MOST_STEPS) {
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
        return chains;
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

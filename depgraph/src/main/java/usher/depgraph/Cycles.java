package usher.depgraph;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One shortest cycle of a strongly connected component. A breadth-first search from each vertex, in ascending order,
 * finds a shortest cycle through it; after that the vertex is taken away, and with it all that is then on no cycle any
 * more, so that the searches end after as many vertices as it takes to cut all cycles. They are also cut off at the
 * length of the best cycle so far, and after a bounded amount of work; only beyond that bound may a shorter one exist.
 */
final class Cycles {
    private static final long MOST_STEPS = 20_000_000;

    private final Arcs<Edge> arcs;
    private final boolean[] alive;
    private final int[] arcTo;
    private final int[] depth;
    private List<Integer> best = List.of();
    private long steps;

    Cycles(Arcs<Edge> arcs) {
        this.arcs = arcs;
        alive = new boolean[arcs.vertices()];
        arcTo = new int[arcs.vertices()];
        depth = new int[arcs.vertices()];
        Arrays.fill(depth, -1);
    }

    /** The cycle of one component, as arcs, beginning at its lowest vertex. */
    List<Integer> shortest(int[] component) {
        best = List.of();
        steps = 0;
        for (int vertex : component) {
            alive[vertex] = true;
        }
        for (int start : component) {
            if (alive[start] && (best.isEmpty() || steps < MOST_STEPS)) {
                search(start);
                remove(start);
            }
        }
        for (int vertex : component) {
            alive[vertex] = false;
        }
        return rotated(arcs, best);
    }

    private void search(int start) {
        int limit = best.isEmpty() ? depth.length : best.size() - 1;
        ArrayDeque<Integer> queue = new ArrayDeque<>();
        List<Integer> seen = new ArrayList<>();
        depth[start] = 0;
        seen.add(start);
        queue.add(start);
        while (!queue.isEmpty()) {
            int vertex = queue.remove();
            if (depth[vertex] >= limit) {
                break;
            }
            for (int arc = arcs.outStart(vertex); arc < arcs.outEnd(vertex); arc++) {
                steps++;
                int next = arcs.head(arc);
                if (next == start) {
                    best = pathTo(vertex, start, arc);
                    queue.clear();
                    break;
                }
                if (alive[next] && depth[next] < 0) {
                    depth[next] = depth[vertex] + 1;
                    arcTo[next] = arc;
                    seen.add(next);
                    queue.add(next);
                }
            }
        }
        for (int vertex : seen) {
            depth[vertex] = -1;
        }
    }

    private List<Integer> pathTo(int end, int start, int last) {
        List<Integer> path = new ArrayList<>();
        path.add(last);
        for (int vertex = end; vertex != start; vertex = arcs.tail(arcTo[vertex])) {
            path.add(arcTo[vertex]);
        }
        Collections.reverse(path);
        return path;
    }

    /** Takes a vertex away, and whatever is then left without a way in or out. */
    private void remove(int gone) {
        ArrayDeque<Integer> queue = new ArrayDeque<>();
        alive[gone] = false;
        queue.add(gone);
        while (!queue.isEmpty()) {
            int vertex = queue.remove();
            for (int arc = arcs.outStart(vertex); arc < arcs.outEnd(vertex); arc++) {
                dropIfLoose(arcs.head(arc), queue);
            }
            for (int place = arcs.inStart(vertex); place < arcs.inEnd(vertex); place++) {
                dropIfLoose(arcs.tail(arcs.in(place)), queue);
            }
        }
    }

    private void dropIfLoose(int vertex, ArrayDeque<Integer> queue) {
        if (alive[vertex] && !(hasWayIn(vertex) && hasWayOut(vertex))) {
            alive[vertex] = false;
            queue.add(vertex);
        }
    }

    private boolean hasWayIn(int vertex) {
        for (int place = arcs.inStart(vertex); place < arcs.inEnd(vertex); place++) {
            steps++;
            if (alive[arcs.tail(arcs.in(place))]) {
                return true;
            }
        }
        return false;
    }

    private boolean hasWayOut(int vertex) {
        for (int arc = arcs.outStart(vertex); arc < arcs.outEnd(vertex); arc++) {
            steps++;
            if (alive[arcs.head(arc)]) {
                return true;
            }
        }
        return false;
    }

    private static List<Integer> rotated(Arcs<Edge> arcs, List<Integer> cycle) {
        int first = 0;
        for (int i = 1; i < cycle.size(); i++) {
            if (arcs.tail(cycle.get(i)) < arcs.tail(cycle.get(first))) {
                first = i;
            }
        }
        List<Integer> rotated = new ArrayList<>(cycle.subList(first, cycle.size()));
        rotated.addAll(cycle.subList(0, first));
        return rotated;
    }

    /** The link of the cycle that is cheapest to do without: only one that no other reason stands behind will do. */
    static Optional<Edge> cheapest(Arcs<Edge> arcs, List<Integer> cycle, Ties ties) {
        @Nullable Edge cheapest = null;
        for (int arc : cycle) {
            Edge edge = arcs.label(arc);
            if (OrderGraph.isOwn(edge)) {
                continue;
            }
            int first = arcs.find(arcs.tail(arc), arcs.head(arc));
            boolean alone = first + 1 >= arcs.outEnd(arcs.tail(arc)) || arcs.head(first + 1) != arcs.head(arc);
            boolean comesBack =
                    edge.reason() == Reason.EXPLICIT && ties.yielded.has(ties.find(edge.from()), ties.find(edge.to()));
            if (alone && !comesBack && (cheapest == null || compare(edge, cheapest) < 0)) {
                cheapest = edge;
            }
        }
        return Optional.ofNullable(cheapest);
    }

    private static int compare(Edge a, Edge b) {
        int costs = Integer.compare(cost(a.reason()), cost(b.reason()));
        return costs != 0 ? costs : a.source().compareTo(b.source());
    }

    private static int cost(Reason reason) {
        return switch (reason) {
            case EXPLICIT -> 0;
            case CONNECTS -> 1;
            case TARGET -> 2;
            case LOG -> 3;
            case REQUIRES -> 4;
            case PATH, SOCKET, CONFLICTS -> 5;
        };
    }
}

package usher.depgraph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.jgrapht.alg.connectivity.KosarajuStrongConnectivityInspector;
import org.jgrapht.traverse.TopologicalOrderIterator;

/** What JGraphT is asked: an order of the vertices, and where there is none, the components that forbid it. */
final class Sorting {
    private Sorting() {}

    /** All vertices, tails before heads; fewer if there is a cycle (those neither on nor behind one, if any). */
    static int[] topological(Arcs<?> arcs) {
        int[] order = new int[arcs.vertices()];
        int count = 0;
        try {
            TopologicalOrderIterator<Integer, Integer> vertices = new TopologicalOrderIterator<>(new Digraph(arcs));
            while (vertices.hasNext()) {
                order[count++] = vertices.next();
            }
        } catch (IllegalArgumentException cyclic) {
            return Arrays.copyOf(order, Math.min(count, Math.max(0, arcs.vertices() - 1)));
        }
        return order;
    }

    /**
     * The strongly connected components that hold a cycle, each with its vertices in ascending order, by first vertex.
     */
    static List<int[]> knots(Arcs<?> arcs) {
        List<int[]> knots = new ArrayList<>();
        for (Set<Integer> component :
                new KosarajuStrongConnectivityInspector<>(new Digraph(arcs)).stronglyConnectedSets()) {
            int[] vertices = new int[component.size()];
            int i = 0;
            for (Integer vertex : component) {
                vertices[i++] = vertex;
            }
            Arrays.sort(vertices);
            if (vertices.length > 1 || arcs.has(vertices[0], vertices[0])) {
                knots.add(vertices);
            }
        }
        knots.sort(Comparator.comparingInt(vertices -> vertices[0]));
        return knots;
    }
}

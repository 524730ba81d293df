package usher.depgraph;

import java.util.List;
import java.util.Optional;
import usher.bundles.BundleName;

/**
 * Orders that contradict each other.
 *
 * @param edges a shortest such cycle of its component, each edge leading from what must come first, the last back to
 *     where the first begins; it begins at its first bundle in byte order
 * @param cheapest the one link whose removal breaks this cycle at the least cost (an explicit order before a wish, a
 *     wish before a requirement); absent if no single link does
 */
public record Cycle(List<Edge> edges, Optional<Edge> cheapest) {
    public Cycle {
        edges = List.copyOf(edges);
    }

    public List<BundleName> bundles() {
        return edges.stream().map(Edge::from).toList();
    }
}

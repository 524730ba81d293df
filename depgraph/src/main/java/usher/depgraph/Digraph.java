package usher.depgraph;

import java.util.AbstractSet;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.function.Supplier;
import org.jgrapht.GraphType;
import org.jgrapht.graph.AbstractGraph;
import org.jgrapht.graph.DefaultGraphType;
import org.jspecify.annotations.Nullable;

/**
 * {@link Arcs} as JGraphT sees a graph: vertices and edges are their numbers. Read only. A graph of JGraphT's own would
 * copy every arc into hash maps, which costs more than all that is asked of it afterwards (docs/decisions/0005).
 */
final class Digraph extends AbstractGraph<Integer, Integer> {
    private final Arcs<?> arcs;
    private final Integer[] numbers;

    Digraph(Arcs<?> arcs) {
        this.arcs = arcs;
        numbers = new Integer[Math.max(arcs.vertices(), arcs.size())];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = i;
        }
    }

    @Override
    public Set<Integer> vertexSet() {
        return new Range(0, arcs.vertices(), false);
    }

    @Override
    public Set<Integer> edgeSet() {
        return new Range(0, arcs.size(), false);
    }

    @Override
    public Set<Integer> outgoingEdgesOf(Integer vertex) {
        return new Range(arcs.outStart(vertex), arcs.outEnd(vertex), false);
    }

    @Override
    public Set<Integer> incomingEdgesOf(Integer vertex) {
        return new Range(arcs.inStart(vertex), arcs.inEnd(vertex), true);
    }

    @Override
    public Integer getEdgeSource(Integer edge) {
        return numbers[arcs.tail(edge)];
    }

    @Override
    public Integer getEdgeTarget(Integer edge) {
        return numbers[arcs.head(edge)];
    }

    @Override
    public int inDegreeOf(Integer vertex) {
        return arcs.inEnd(vertex) - arcs.inStart(vertex);
    }

    @Override
    public int outDegreeOf(Integer vertex) {
        return arcs.outEnd(vertex) - arcs.outStart(vertex);
    }

    @Override
    public int degreeOf(Integer vertex) {
        return inDegreeOf(vertex) + outDegreeOf(vertex);
    }

    @Override
    public Set<Integer> edgesOf(Integer vertex) {
        Set<Integer> edges = new LinkedHashSet<>(incomingEdgesOf(vertex));
        edges.addAll(outgoingEdgesOf(vertex));
        return edges;
    }

    @Override
    public Set<Integer> getAllEdges(Integer from, Integer to) {
        int first = arcs.find(from, to);
        int end = first;
        while (first >= 0 && end < arcs.outEnd(from) && arcs.head(end) == to) {
            end++;
        }
        return first < 0 ? Collections.emptySet() : new Range(first, end, false);
    }

    @Override
    @SuppressWarnings("NullAway") // JGraphT's way of saying that there is none
    public @Nullable Integer getEdge(Integer from, Integer to) {
        int arc = arcs.find(from, to);
        return arc < 0 ? null : numbers[arc];
    }

    @Override
    public boolean containsEdge(Integer edge) {
        return edge >= 0 && edge < arcs.size();
    }

    @Override
    public boolean containsVertex(Integer vertex) {
        return vertex >= 0 && vertex < arcs.vertices();
    }

    @Override
    public GraphType getType() {
        return new DefaultGraphType.Builder()
                .directed()
                .allowMultipleEdges(true)
                .allowSelfLoops(true)
                .weighted(false)
                .modifiable(false)
                .build();
    }

    @Override
    public double getEdgeWeight(Integer edge) {
        return DEFAULT_EDGE_WEIGHT;
    }

    @Override
    public void setEdgeWeight(Integer edge, double weight) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Supplier<Integer> getVertexSupplier() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Supplier<Integer> getEdgeSupplier() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Integer addEdge(Integer from, Integer to) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean addEdge(Integer from, Integer to, Integer edge) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Integer addVertex() {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean addVertex(Integer vertex) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Integer removeEdge(Integer from, Integer to) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean removeEdge(Integer edge) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean removeVertex(Integer vertex) {
        throw new UnsupportedOperationException();
    }

    /** The numbers from {@code start} to before {@code end}, or the incoming arcs at these places. */
    private final class Range extends AbstractSet<Integer> {
        private final int start;
        private final int end;
        private final boolean incoming;

        Range(int start, int end, boolean incoming) {
            this.start = start;
            this.end = end;
            this.incoming = incoming;
        }

        @Override
        public int size() {
            return end - start;
        }

        @Override
        public Iterator<Integer> iterator() {
            return new Iterator<>() {
                private int next = start;

                @Override
                public boolean hasNext() {
                    return next < end;
                }

                @Override
                public Integer next() {
                    if (next >= end) {
                        throw new NoSuchElementException();
                    }
                    int place = next++;
                    return numbers[incoming ? arcs.in(place) : place];
                }
            };
        }
    }
}

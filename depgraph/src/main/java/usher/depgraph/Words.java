package usher.depgraph;

import java.util.List;
import usher.bundles.Problem;

/** What is said to people about cycles and conflicts. */
final class Words {
    private static final String CYCLE = "a cycle of ";
    private static final int MOST_EDGES = 20;

    private Words() {}

    /** {@code a before b (b/after/a), b before a (a/requires/b)}; the middle of a very long cycle is left out. */
    static String cycle(Cycle cycle) {
        StringBuilder words = new StringBuilder();
        List<Edge> edges = cycle.edges();
        for (int i = 0; i < edges.size(); i++) {
            if (i == MOST_EDGES && edges.size() > MOST_EDGES + 1) {
                words.append(", and so on through ")
                        .append(edges.size() - MOST_EDGES - 1)
                        .append(" more");
                i = edges.size() - 1;
            }
            words.append(i == 0 ? "" : ", ").append(edge(edges.get(i)));
        }
        return words.toString();
    }

    /** {@code a before b (b/after/a)}, with the reason where the link does not say it. */
    static String edge(Edge edge) {
        return edge.from() + " before " + edge.to() + " (" + edge.because() + ")";
    }

    static Problem problem(Cycle cycle) {
        Edge first = cycle.edges().get(0);
        String source = cycle.cheapest().orElse(first).source();
        return Problem.error(
                first.from(),
                source,
                CYCLE + cycle.edges().size() + ": " + cycle(cycle),
                cycle.cheapest()
                        .map(edge -> remedy(edge))
                        .orElse("no single link breaks it: remove all that say one of these orders"));
    }

    static boolean isCycle(Problem problem) {
        return problem.message().startsWith(CYCLE);
    }

    private static String remedy(Edge edge) {
        return switch (edge.reason()) {
            case PATH -> "move what " + edge.source() + " names off the directory that " + edge.from() + " mounts";
            case EXPLICIT, CONNECTS, TARGET, LOG, REQUIRES, SOCKET, CONFLICTS -> "remove " + edge.source();
        };
    }

    static Problem conflict(Ties ties, Members members, int a, int b, Edge edge) {
        return Problem.error(
                ties.name(a),
                edge.source(),
                ties.name(a) + " and " + ties.name(b) + " are never up together, and this takes in both: "
                        + chains(ties, members, a, b),
                "remove a link of one of these chains, or " + edge.source());
    }

    /** {@code a (boot/wants/a) and b (asked for by name)}: how a job came to take in both. */
    private static String chains(Ties ties, Members members, int a, int b) {
        return ties.name(a) + " (" + members.chain(a) + ") and " + ties.name(b) + " (" + members.chain(b) + ")";
    }

    /** Why a bundle is refused: what {@link #conflict} says, in short. */
    static String refusal(Ties ties, Members members, int a, int b, Edge edge) {
        return "the job takes in both " + chains(ties, members, a, b) + ", which are in conflict (" + edge.source()
                + ")";
    }
}

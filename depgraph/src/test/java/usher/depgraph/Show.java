package usher.depgraph;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import usher.bundles.BundleName;
import usher.bundles.Problem;

/** Plans as the short texts that tests compare. */
final class Show {
    private Show() {}

    /** {@code "1 open web:http", "2 start web"}. */
    static List<String> steps(Collection<Step> steps) {
        return steps.stream()
                .map(step -> step.wave() + " " + step.kind() + " " + step.bundle()
                        + step.socket().map(socket -> ":" + socket.name()).orElse(""))
                .toList();
    }

    static List<String> start(Relations relations, String... names) {
        return steps(relations.start(Tree.names(names), false, Set.of()).steps());
    }

    static List<String> stop(Relations relations, Set<BundleName> up, String... names) {
        return steps(relations.stop(Tree.names(names), up).steps());
    }

    /** {@code "db < web (web/after/db)"}, with the reason unless it is explicit. */
    static List<String> edges(Collection<Edge> edges) {
        return edges.stream().map(Show::edge).toList();
    }

    static String edge(Edge edge) {
        String reason = edge.reason() == Reason.EXPLICIT ? "" : edge.reason() + " ";
        return edge.from() + " < " + edge.to() + " (" + reason + edge.source() + ")";
    }

    static List<String> edges(Relations relations, String... among) {
        return edges(relations.edges(Tree.names(among)));
    }

    static String problems(Collection<Problem> problems) {
        return problems.stream()
                .map(problem -> problem.severity() + " " + problem)
                .collect(Collectors.joining("\n"));
    }
}

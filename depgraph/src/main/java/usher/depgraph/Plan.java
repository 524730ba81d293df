package usher.depgraph;

import java.util.List;
import java.util.Map;

import usher.bundles.BundleName;
import usher.bundles.Problem;

/**
 * What a job will do, in order.
 *
 * @param requested the bundles asked for, in byte order
 * @param steps in plan order: by wave, then by name in byte order
 * @param lazy per lazy bundle of the job, in byte order, what its first knock will start (itself last)
 * @param cycles one shortest cycle per strongly connected component, each edge leading from what must come first
 * @param problems of the bundles concerned, errors first
 * @param refused the bundles that cannot be started, each with the reason in words: on a cycle, requiring one that is,
 *     in conflict with another of the same job
 */
public record Plan(
        Action action,
        List<BundleName> requested,
        List<Step> steps,
        List<Lazy> lazy,
        List<List<Edge>> cycles,
        List<Problem> problems,
        Map<BundleName, String> refused) {

    public enum Action {
        START,
        STOP
    }

    /** A bundle whose processes wait for traffic on the named sockets, and the steps its first knock will take. */
    public record Lazy(BundleName bundle, List<String> on, List<Step> steps) {}

    public Plan {
        requested = List.copyOf(requested);
        steps = List.copyOf(steps);
        lazy = List.copyOf(lazy);
        cycles = List.copyOf(cycles);
        problems = List.copyOf(problems);
        refused = Map.copyOf(refused);
    }
}

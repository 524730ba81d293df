package usher.depgraph;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import usher.bundles.BundleName;
import usher.bundles.Problem;

/**
 * What a job will do, in order.
 *
 * @param requested the bundles asked for, in byte order
 * @param steps in plan order: by wave, then by kind (stop, close, open, start), then by name in byte order
 * @param lazy per lazy bundle of the job, in byte order, what its first knock will start
 * @param cycles one shortest cycle per strongly connected component, by first bundle
 * @param problems of the bundles concerned, errors first
 * @param refused the bundles that cannot be started, each with the reason in words: on a cycle, requiring one that is,
 *     in conflict with another of the same job
 * @param failed the bundles that cannot be started because of errors in their own files, each with the reason in words
 * @param skipped the bundles that cannot be started because a requirement cannot, each with the reason in words
 */
public record Plan(
        Action action,
        List<BundleName> requested,
        List<Step> steps,
        List<Lazy> lazy,
        List<Cycle> cycles,
        List<Problem> problems,
        Map<BundleName, String> refused,
        Map<BundleName, String> failed,
        Map<BundleName, String> skipped) {

    public enum Action {
        START,
        STOP
    }

    /**
     * A bundle whose processes wait for traffic on the named sockets, and the steps its first knock will take: itself
     * last, though its wave tells when it may start.
     */
    public record Lazy(BundleName bundle, List<String> on, List<Step> steps) {}

    public Plan {
        requested = List.copyOf(requested);
        steps = List.copyOf(steps);
        lazy = List.copyOf(lazy);
        cycles = List.copyOf(cycles);
        problems = List.copyOf(problems);
        refused = sorted(refused);
        failed = sorted(failed);
        skipped = sorted(skipped);
    }

    /** Steps, one of each wave, that make the plan as long as it is: to start sooner, shorten this. */
    public List<Step> longestChain() {
        return LongestChain.of(steps);
    }

    private static Map<BundleName, String> sorted(Map<BundleName, String> map) {
        return Collections.unmodifiableMap(new TreeMap<>(map));
    }
}

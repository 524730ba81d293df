package usher.launcher;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import usher.bundles.Bundle;
import usher.bundles.BundleName;
import usher.bundles.BundleSet;
import usher.depgraph.Plan;
import usher.depgraph.Step;

/**
 * How many descriptors the launcher holds for what a plan begins: for each bundle the FIFO of its supervise directory,
 * unless these are too many, for each listening socket itself, for each daemon both ends of its output's pipe and its
 * pidfd ({@code getrlimit(2)}, RLIMIT_NOFILE, limits them).
 */
final class DescriptorNeeds {
    /** The Java machine's, the launcher's own, and some for clients and for what is opened only for a moment. */
    private static final int BESIDES = 100;

    private static final int EACH_DAEMON = 3;

    private DescriptorNeeds() {}

    /** Why this start cannot be carried out, if that is so: told before anything of it is begun. */
    static Optional<String> shortage(Plan plan, BundleSet bundles, long limit) {
        long daemons = 0;
        long sockets = 0;
        Set<BundleName> concerned = new HashSet<>();
        for (Step step : plan.steps()) {
            concerned.add(step.bundle());
            if (step.kind() == Step.Kind.OPEN) {
                sockets++;
            } else if (step.kind() == Step.Kind.START
                    && runs(bundles.find(step.bundle()).orElseThrow())) {
                daemons++;
            }
        }
        long needed = BESIDES
                + Math.min(concerned.size(), SuperviseDirectories.most(limit))
                + sockets
                + EACH_DAEMON * daemons;
        if (limit < 0 || needed <= limit) {
            return Optional.empty();
        }
        return Optional.of(concerned.size() + " bundles with " + sockets + " listening sockets, " + daemons
                + " of them to be started, need about " + needed + " descriptors at once, but this process may have "
                + limit + ": raise its hard limit (ulimit -Hn), or name fewer bundles");
    }

    private static boolean runs(Bundle bundle) {
        return bundle.service().isPresent() && !bundle.isPerConnection();
    }
}

package usher.depgraph;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import usher.bundles.BundleName;

/** The steps, one of each wave, that make a plan as long as it is; the first in plan order where there are several. */
final class LongestChain {
    private final List<Step> steps;
    private final Map<BundleName, List<Step>> byBundle = new HashMap<>();

    private LongestChain(List<Step> steps) {
        this.steps = steps;
        for (Step step : steps) {
            byBundle.computeIfAbsent(step.bundle(), name -> new ArrayList<>()).add(step);
        }
    }

    static List<Step> of(List<Step> steps) {
        return new LongestChain(steps).find();
    }

    private List<Step> find() {
        @Nullable Step last = null;
        for (Step step : steps) {
            last = last == null || step.wave() > last.wave() ? step : last;
        }
        List<Step> chain = new ArrayList<>();
        while (last != null) {
            chain.add(last);
            last = last.wave() == 1 ? null : before(last);
        }
        Collections.reverse(chain);
        return chain;
    }

    /** A step of the wave before that this one waits for. */
    private @Nullable Step before(Step step) {
        @Nullable Step before = in(step.bundle(), step);
        for (Edge edge : step.after()) {
            Step other = in(edge.other(step.bundle()), step);
            if (other != null && (before == null || other.seq() < before.seq())) {
                before = other;
            }
        }
        // What is left waits for all sockets, or for all processes: unlisted, as it holds for everyone.
        for (int i = 0; before == null && i < steps.size(); i++) {
            before = steps.get(i).wave() == step.wave() - 1 ? steps.get(i) : null;
        }
        return before;
    }

    private @Nullable Step in(BundleName bundle, Step after) {
        for (Step step : byBundle.getOrDefault(bundle, List.of())) {
            if (step.wave() == after.wave() - 1) {
                return step;
            }
        }
        return null;
    }
}

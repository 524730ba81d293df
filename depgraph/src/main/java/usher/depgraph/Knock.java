package usher.depgraph;

import java.util.AbstractList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The steps of the first knock on a bundle that waits for traffic, worked out when first asked for: if many such bundles
 * share a long chain, to write out all of their steps takes the square of its length.
 */
final class Knock extends AbstractList<Step> {
    private final KnockSteps knock;
    private volatile @Nullable List<Step> steps;

    Knock(KnockSteps knock) {
        this.knock = knock;
    }

    @Override
    public Step get(int index) {
        return steps().get(index);
    }

    @Override
    public int size() {
        return steps().size();
    }

    private List<Step> steps() {
        List<Step> known = steps;
        if (known == null) {
            known = knock.all();
            steps = known;
        }
        return known;
    }
}

package usher.depgraph;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;
import usher.bundles.BundleName;

final class CycleTest {
    @Test
    void reportsBothBundlesOfATwoCycleAndGoesOnWithTheRest() {
        // a/after/b  b/after/a  c/requires/a  d/wants/a
        Relations relations = new Tree()
                .target("t", "wants/c", "wants/d")
                .bundle("a", "after/b", "wants/b")
                .bundle("b", "after/a")
                .bundle("c", "requires/a")
                .bundle("d", "wants/a")
                .relations();

        Plan plan = relations.start(Tree.names("t"), false, Set.of());

        assertThat(plan.cycles()).hasSize(1);
        assertThat(Show.edges(plan.cycles().get(0).edges())).containsExactly("a < b (b/after/a)", "b < a (a/after/b)");
        assertThat(plan.refused().keySet()).isEqualTo(Tree.names("a", "b", "c"));
        assertThat(Show.steps(plan.steps())).containsExactly("1 start d", "2 start t");
        assertThat(Show.problems(plan.problems()))
                .isEqualTo("ERROR a/after/b: a cycle of 2: a before b (b/after/a), b before a (a/after/b)"
                        + " (remove a/after/b)");
    }

    @Test
    void showsTheShortestCycleOfAKnot() {
        // a ring a < b < c < d < a with the chord c < a
        Relations relations = new Tree()
                .bundle("a", "after/d", "after/c", "wants/b")
                .bundle("b", "after/a", "wants/c")
                .bundle("c", "after/b", "wants/d")
                .bundle("d", "after/c")
                .relations();

        Plan plan = relations.start(Tree.names("a"), false, Set.of());

        assertThat(Show.edges(plan.cycles().get(0).edges()))
                .containsExactly("a < b (b/after/a)", "b < c (c/after/b)", "c < a (a/after/c)");
        assertThat(plan.refused().keySet()).isEqualTo(Tree.names("a", "b", "c", "d"));
    }

    @Test
    void proposesTheExplicitLinkRatherThanTheRequirement() {
        Relations relations = new Tree()
                .bundle("a", "requires/b")
                .bundle("b", "requires/c")
                .bundle("c", "after/a")
                .relations();

        Plan plan = relations.start(Tree.names("a"), false, Set.of());

        assertThat(plan.cycles().get(0).cheapest().map(Show::edge)).contains("a < c (c/after/a)");
    }

    @Test
    void proposesNoLinkThatAnotherReasonStandsBehind() {
        // a/after/b and b/before/a say the same; so do b/after/a and what b requires
        Relations relations = new Tree()
                .bundle("a", "after/b")
                .bundle("b", "before/a", "after/a", "requires/a")
                .relations();

        Plan plan = relations.start(Tree.names("b"), false, Set.of());

        assertThat(plan.cycles().get(0).cheapest()).isEmpty();
    }

    @Test
    void refusesABundleAfterItself() {
        Plan plan = new Tree().bundle("a", "after/a").relations().start(Tree.names("a"), false, Set.of());

        assertThat(plan.refused()).containsOnlyKeys(new BundleName("a"));
    }

    @Test
    void refusesEveryBundleOfALongRingQuickly() {
        Tree tree = new Tree();
        for (int i = 0; i < 20_000; i++) {
            tree.bundle("b" + i, "requires/b" + (i + 1) % 20_000);
        }

        Plan plan = tree.relations().start(Tree.names("b0"), false, Set.of());

        assertThat(plan.cycles().get(0).edges()).hasSize(20_000);
        assertThat(plan.refused()).hasSize(20_000);
        assertThat(plan.steps()).isEmpty();
    }
}

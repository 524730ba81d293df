package usher.depgraph;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import usher.bundles.BundleName;

/** Trees far larger than anybody's, of the shapes that recursion and squares do not survive. */
@Timeout(60)
final class ScaleTest {
    private static final int MANY = 100_000;

    private static String name(int number) {
        return String.format("b%06d", number);
    }

    private static BundleName bundle(int number) {
        return new BundleName(name(number));
    }

    /** Every bundle but the first requires the one before it and comes after it. */
    private static Tree chain(String... first) {
        Tree tree = new Tree().bundle(name(0), first);
        for (int i = 1; i < MANY; i++) {
            tree.bundle(name(i), "requires/" + name(i - 1), "after/" + name(i - 1));
        }
        return tree;
    }

    private static void assertOneByOne(List<Step> steps, Step.Kind kind, IntStream numbers) {
        assertThat(steps).allMatch(step -> step.kind() == kind && step.wave() == step.seq());
        List<BundleName> names = numbers.mapToObj(ScaleTest::bundle).toList();
        assertThat(steps.stream().map(Step::bundle).toList().equals(names))
                .as("in order")
                .isTrue();
    }

    @Test
    void startsAndStopsALongChainOneByOne() {
        Tree tree = chain();
        Relations relations = tree.relations();
        Plan start = relations.start(Set.of(bundle(MANY - 1)), false, Set.of());
        assertOneByOne(start.steps(), Step.Kind.START, IntStream.range(0, MANY));
        assertThat(start.longestChain()).hasSize(MANY);
        assertThat(relations.reduced(start.steps()))
                .allMatch(step -> step.after().size() == (step.seq() == 1 ? 0 : 1));
        Plan stop = relations.stop(Set.of(bundle(0)), tree.names());
        assertOneByOne(stop.steps(), Step.Kind.STOP, IntStream.range(0, MANY).map(i -> MANY - 1 - i));
    }

    @Test
    void tellsWhyTheEndsOfALongChainAreOrdered() {
        List<List<Edge>> chains =
                chain().relations().why(bundle(0), bundle(MANY - 1)).chains();
        assertThat(chains).hasSize(1);
        assertThat(chains.get(0)).hasSize(MANY - 1);
    }

    @Test
    void tellsWhyTwoOnALongRingAreOrdered() {
        Tree tree = new Tree();
        for (int i = 0; i < MANY; i++) {
            tree.bundle(name(i), "after/" + name((i + 1) % MANY));
        }
        List<List<Edge>> chains =
                tree.relations().why(bundle(0), bundle(MANY / 4)).chains();
        assertThat(chains).extracting(List::size).containsExactlyInAnyOrder(MANY / 4, MANY - MANY / 4);
    }

    /** Layers of four, each bundle after all four of the layer before: more than a million chains. */
    @Test
    void tellsSomeChainsWhereThereAreMoreThanCanBeTried() {
        Tree tree = new Tree();
        for (int i = 0; i < 44; i++) {
            int layer = i / 4 * 4;
            tree.bundle(
                    name(i),
                    IntStream.range(Math.max(0, layer - 4), layer)
                            .mapToObj(before -> "after/" + name(before))
                            .toArray(String[]::new));
        }
        ChainList many = tree.relations().why(bundle(0), bundle(40));
        assertThat(many.chains()).hasSize(1000).doesNotHaveDuplicates().allMatch(chain -> chain.size() == 10);
        assertThat(many.cut()).isTrue();
        ChainList few = tree.relations().why(bundle(0), bundle(20));
        assertThat(few.chains()).hasSize(256);
        assertThat(few.cut()).isFalse();
    }

    @Test
    void skipsAWholeChainWhoseFirstBundleCannotStart() {
        Plan plan = chain("broken").relations().start(Set.of(bundle(MANY - 1)), false, Set.of());
        assertThat(plan.steps()).isEmpty();
        assertThat(plan.failed()).containsOnlyKeys(bundle(0));
        assertThat(plan.skipped()).hasSize(MANY - 1);
    }

    @Test
    void startsAHubAfterAllOthersAndStopsItBeforeThem() {
        List<String> links = new ArrayList<>();
        Tree tree = new Tree();
        for (int i = 0; i < MANY; i++) {
            tree.bundle(name(i));
            links.add("wants/" + name(i));
            links.add("after/" + name(i));
        }
        tree.bundle("hub", links.toArray(String[]::new));
        assertHub(tree, MANY + 1, 1);
    }

    @Test
    void startsAHubBeforeAllOthersAndStopsItAfterThem() {
        Tree tree = new Tree().bundle("hub");
        for (int i = 0; i < MANY; i++) {
            tree.bundle(name(i), "requires/hub");
        }
        assertHub(tree, 1, MANY + 1);
    }

    private static void assertHub(Tree tree, int startedAs, int stoppedAs) {
        Relations relations = tree.relations();
        assertHub(relations, relations.start(tree.names(), false, Set.of()), startedAs);
        assertHub(relations, relations.stop(tree.names(), tree.names()), stoppedAs);
    }

    private static void assertHub(Relations relations, Plan plan, int place) {
        assertThat(plan.steps()).hasSize(MANY + 1);
        assertThat(plan.steps().get(place - 1).bundle()).isEqualTo(new BundleName("hub"));
        assertThat(plan.steps().get(MANY).wave()).isEqualTo(2);
        long reasons = relations.reduced(plan.steps()).stream()
                .mapToLong(step -> step.after().size())
                .sum();
        assertThat(reasons).isEqualTo(MANY);
    }

    @Test
    void showsALongRingWhole() {
        Tree tree = new Tree();
        for (int i = 0; i < MANY; i++) {
            tree.bundle(name(i), "after/" + name((i + 1) % MANY));
        }
        tree.bundle("free");
        Plan plan = tree.relations().start(tree.names(), false, Set.of());
        assertThat(plan.cycles()).hasSize(1);
        assertThat(plan.cycles().get(0).edges()).hasSize(MANY);
        assertThat(plan.refused()).hasSize(MANY);
        assertThat(plan.steps()).extracting(Step::bundle).containsExactly(new BundleName("free"));
    }

    @Test
    void showsACycleForEachOfAThousandKnots() {
        Tree tree = new Tree();
        for (int i = 0; i < 10_000; i++) {
            int knot = i / 10 * 10;
            tree.bundle(name(i), "after/" + name(knot + (i + 1) % 10), "after/" + name(knot + (i + 5) % 10));
            tree.bundle(name(i), "after/" + name(Math.max(0, knot - 10)));
        }
        Plan plan = tree.relations().start(tree.names(), false, Set.of());
        assertThat(plan.cycles()).hasSize(1_000).allMatch(cycle -> cycle.edges().size() <= 2);
        assertThat(plan.refused()).hasSize(10_000);
    }

    /** A million links. */
    @Test
    void ordersTenThousandBundlesAfterAHundredOthersEach() {
        Tree tree = new Tree();
        for (int i = 0; i < 10_000; i++) {
            String[] links = new String[Math.min(i, 100)];
            for (int k = 0; k < links.length; k++) {
                links[k] = "after/" + name(i - 1 - k);
            }
            tree.bundle(name(i), links);
        }
        Relations relations = tree.relations();
        Plan plan = relations.start(tree.names(), false, Set.of());
        assertOneByOne(plan.steps(), Step.Kind.START, IntStream.range(0, 10_000));
        assertThat(relations.reduced(plan.steps()))
                .allMatch(step -> step.after().size() == (step.seq() == 1 ? 0 : 1));
    }
}

package usher.depgraph;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import usher.bundles.BundleName;

/** What holds for every tree, tried on random ones; a failure names the seed of its tree. */
final class PlanPropertiesTest {
    private static final int TREES = 4000;

    @Test
    void everyEdgeIsRespectedAndEveryWaveIsTheLowestPossible() {
        for (long seed = 0; seed < TREES; seed++) {
            Relations relations = RandomTrees.tree(seed).relations();
            for (Plan plan : plans(relations, seed)) {
                checkWaves(relations, plan.steps(), "seed " + seed);
                for (Plan.Lazy lazy : plan.lazy()) {
                    List<Step> steps = lazy.steps();
                    assertThat(steps.get(steps.size() - 1).bundle())
                            .as("seed %d", seed)
                            .isEqualTo(lazy.bundle());
                    for (Step step : steps) {
                        checkSources(relations, step, steps, "seed " + seed);
                    }
                }
            }
        }
    }

    private static List<Plan> plans(Relations relations, long seed) {
        Set<BundleName> names = Tree.names("b0", "b1");
        Set<BundleName> all = new HashSet<>();
        relations.bundles().bundles().forEach(bundle -> all.add(bundle.name()));
        Set<BundleName> inFlight = Tree.names("b" + seed % 4);
        return List.of(
                relations.start(all, false, Set.of()),
                relations.start(names, false, Set.of()),
                relations.start(names, true, Set.of()),
                relations.start(names, false, inFlight),
                relations.stop(all, all),
                relations.stop(names, all));
    }

    private static void checkWaves(Relations relations, List<Step> steps, String seed) {
        int seq = 0;
        int wave = 1;
        for (Step step : steps) {
            assertThat(step.seq()).as(seed).isEqualTo(++seq);
            assertThat(step.wave()).as(seed).isBetween(wave, wave + 1);
            wave = step.wave();
            checkSources(relations, step, steps, seed);
        }
    }

    /** No step stands before or beside one that it says it waits for. */
    private static void checkSources(Relations relations, Step step, List<Step> steps, String seed) {
        for (Edge edge : step.after()) {
            boolean isFirst = edge.from().equals(step.bundle());
            assertThat(isFirst || edge.to().equals(step.bundle())).as(seed).isTrue();
            BundleName other = isFirst ? edge.to() : edge.from();
            for (Step earlier : steps) {
                if (earlier.bundle().equals(other)
                        && isWaitedFor(earlier.kind(), step.kind(), isLazy(relations, other))) {
                    assertThat(earlier.wave())
                            .as("%s: %s %s waits for %s", seed, step.kind(), step.bundle(), other)
                            .isLessThan(step.wave());
                }
            }
        }
    }

    /** Whether a step of the other bundle is the one an edge is about. */
    private static boolean isWaitedFor(Step.Kind earlier, Step.Kind step, boolean lazy) {
        return switch (step) {
            case START -> earlier != (lazy ? Step.Kind.START : Step.Kind.OPEN);
            case OPEN -> earlier != Step.Kind.OPEN && (earlier != Step.Kind.START || !lazy);
            case STOP, CLOSE -> earlier == Step.Kind.STOP;
        };
    }

    private static boolean isLazy(Relations relations, BundleName name) {
        return relations.bundles().find(name).orElseThrow().isLazy();
    }

    @Test
    void everyOrderOfTheRelationsBetweenTwoStartsIsAnEdgeOfThePlan() {
        for (long seed = 0; seed < TREES; seed++) {
            Tree tree = RandomTrees.tree(seed);
            Relations relations = tree.relations();
            Plan plan = relations.start(tree.names(), false, Set.of());
            Map<BundleName, Step> starts = new HashMap<>();
            Set<BundleName> opened = new HashSet<>();
            for (Step step : plan.steps()) {
                if (step.kind() == Step.Kind.START) {
                    starts.put(step.bundle(), step);
                } else if (step.kind() == Step.Kind.OPEN) {
                    opened.add(step.bundle());
                }
            }
            for (Edge edge : relations.edges(tree.names())) {
                Step second = starts.get(edge.to());
                if (second != null && (starts.containsKey(edge.from()) || opened.contains(edge.from()))) {
                    assertThat(second.after()).as("seed %d: %s", seed, edge).contains(edge);
                }
            }
        }
    }

    @Test
    void stopIsTheReverseOfStartOnTheSameMembers() {
        for (long seed = 0; seed < TREES; seed++) {
            Tree tree = RandomTrees.tree(seed);
            Relations relations = tree.relations();
            Plan start = relations.start(tree.names(), false, Set.of());
            Set<BundleName> up = new HashSet<>();
            start.steps().stream()
                    .filter(step -> step.kind() == Step.Kind.START || step.kind() == Step.Kind.OPEN)
                    .forEach(step -> up.add(step.bundle()));
            Map<String, Integer> down = new HashMap<>();
            for (Step step : relations.stop(up, up).steps()) {
                String opposite = step.kind() == Step.Kind.STOP ? "start " : "open ";
                down.put(opposite + step.bundle(), step.wave());
            }
            for (Step step : start.steps()) {
                for (Edge edge : step.kind() == Step.Kind.START ? step.after() : List.<Edge>of()) {
                    if (edge.reason() != Reason.CONFLICTS
                            && edge.to().equals(step.bundle())
                            && up.contains(edge.from())) {
                        boolean open = isLazy(relations, edge.from());
                        assertThat(down.get("start " + edge.to()))
                                .as("seed %d: %s", seed, edge)
                                .isLessThan(down.get((open ? "open " : "start ") + edge.from()));
                    }
                }
            }
        }
    }

    @Test
    void noJobClosesTheSocketsItOpens() {
        for (long seed = 0; seed < TREES; seed++) {
            Tree tree = RandomTrees.tree(seed);
            Relations relations = tree.relations();
            for (Set<BundleName> names : List.of(tree.names(), Tree.names("b0", "b1"))) {
                Plan plan = relations.start(names, false, Set.of());
                Set<BundleName> opened = new HashSet<>();
                Set<BundleName> closed = new HashSet<>();
                for (Step step : plan.steps()) {
                    if (step.socket().isPresent()) {
                        (step.kind() == Step.Kind.OPEN ? opened : closed).add(step.bundle());
                    }
                }
                assertThat(opened).as("seed %d: %s", seed, closed).noneMatch(closed::contains);
            }
        }
    }

    @Test
    void theStartOfABundleThatStandsAloneConcernsNoOther() {
        int alone = 0;
        for (long seed = 0; seed < TREES; seed++) {
            Relations relations = RandomTrees.tree(seed).relations();
            for (var bundle : relations.bundles().bundles()) {
                if (relations.standsAlone(bundle.name())) {
                    Plan plan = relations.start(List.of(bundle.name()), true, Set.of());
                    assertThat(plan.steps())
                            .as("seed %d: %s", seed, bundle.name())
                            .isNotEmpty()
                            .allMatch(step -> step.bundle().equals(bundle.name()));
                    assertThat(plan.steps()).as("seed %d", seed).anyMatch(step -> step.kind() == Step.Kind.START);
                    assertThat(plan.refused()).as("seed %d", seed).isEmpty();
                    assertThat(plan.failed()).as("seed %d", seed).isEmpty();
                    assertThat(plan.skipped()).as("seed %d", seed).isEmpty();
                    alone++;
                }
            }
        }
        assertThat(alone).isGreaterThan(TREES / 10);
    }

    @Test
    void anUnrelatedBundleChangesNoOrderAmongTheOthers() {
        for (long seed = 0; seed < TREES / 4; seed++) {
            Tree tree = RandomTrees.tree(seed);
            Set<BundleName> names = tree.names();
            List<String> before =
                    Show.steps(tree.relations().start(names, false, Set.of()).steps());
            tree.bundle("a-stranger");
            Set<BundleName> more = tree.names();
            List<String> after = new ArrayList<>(
                    Show.steps(tree.relations().start(more, false, Set.of()).steps()));
            after.removeIf(step -> step.endsWith("start a-stranger"));
            assertThat(after).as("seed %d", seed).isEqualTo(before);
        }
    }

    @Test
    void thePlanIsTheSameHoweverDirectoriesAreListed() {
        for (long seed = 0; seed < TREES / 4; seed++) {
            Tree tree = RandomTrees.tree(seed);
            Relations one = tree.relations();
            Relations other = tree.shuffled(new Random(seed));
            assertThat(other.start(tree.names(), false, Set.of()))
                    .as("seed %d", seed)
                    .usingRecursiveComparison()
                    .isEqualTo(one.start(tree.names(), false, Set.of()));
            assertThat(RecordedOrder.text(other.stop(tree.names(), tree.names())))
                    .as("seed %d", seed)
                    .isEqualTo(RecordedOrder.text(one.stop(tree.names(), tree.names())));
            assertThat(other.check(tree.names())).as("seed %d", seed).isEqualTo(one.check(tree.names()));
        }
    }

    @Test
    void whyGivesAChainForEveryOrderedPairAndForNoOther() {
        for (long seed = 0; seed < TREES / 8; seed++) {
            Tree tree = RandomTrees.tree(seed);
            Relations relations = tree.relations();
            Set<String> ordered = new HashSet<>();
            Map<BundleName, Set<BundleName>> after = new HashMap<>();
            for (Edge edge : relations.edges(tree.names())) {
                after.computeIfAbsent(edge.from(), n -> new HashSet<>()).add(edge.to());
            }
            // Sockets below a mount are the exception that ChainsTest is about.
            boolean hasMounts = hasMounts(relations);
            for (BundleName from : hasMounts ? Set.<BundleName>of() : tree.names()) {
                collect(relations, after, from, from, ordered, new HashSet<>());
            }
            for (BundleName a : hasMounts ? Set.<BundleName>of() : tree.names()) {
                for (BundleName b : tree.names()) {
                    List<List<Edge>> chains = relations.why(a, b).chains();
                    boolean expected = ordered.contains(a + " " + b) || ordered.contains(b + " " + a);
                    assertThat(!chains.isEmpty())
                            .as("seed %d: why %s %s", seed, a, b)
                            .isEqualTo(expected && !a.equals(b));
                    chains.forEach(chain -> checkChain(chain, a, b));
                }
            }
        }
    }

    private static boolean hasMounts(Relations relations) {
        return relations.bundles().bundles().stream()
                .anyMatch(b -> b.service().flatMap(service -> service.mount()).isPresent());
    }

    /** Orders lead on through bundles that do not wait for traffic. */
    private static void collect(
            Relations relations,
            Map<BundleName, Set<BundleName>> after,
            BundleName from,
            BundleName at,
            Set<String> ordered,
            Set<BundleName> seen) {
        for (BundleName next : after.getOrDefault(at, Set.of())) {
            ordered.add(from + " " + next);
            if (seen.add(next) && !isLazy(relations, next)) {
                collect(relations, after, from, next, ordered, seen);
            }
        }
    }

    private static void checkChain(List<Edge> chain, BundleName a, BundleName b) {
        for (int i = 1; i < chain.size(); i++) {
            assertThat(chain.get(i).from()).isEqualTo(chain.get(i - 1).to());
        }
        assertThat(Set.of(chain.get(0).from(), chain.get(chain.size() - 1).to()))
                .isEqualTo(Set.of(a, b));
    }

    @Test
    void cyclesAreWholeAndTheirCheapestLinkIsOneOfTheirs() {
        int seen = 0;
        for (long seed = 0; seed < TREES; seed++) {
            Tree tree = RandomTrees.tree(seed);
            Plan plan = tree.relations().start(tree.names(), false, Set.of());
            for (Cycle cycle : plan.cycles()) {
                seen++;
                List<Edge> edges = cycle.edges();
                for (int i = 0; i < edges.size(); i++) {
                    assertThat(edges.get(i).to())
                            .as("seed %d", seed)
                            .isEqualTo(edges.get((i + 1) % edges.size()).from());
                    assertThat(plan.refused())
                            .as("seed %d", seed)
                            .containsKey(edges.get(i).to());
                }
                cycle.cheapest().ifPresent(edge -> assertThat(edges).contains(edge));
            }
        }
        assertThat(seen).isGreaterThan(TREES / 10);
    }

    @Test
    void reducedStepsOrderTheSamePairs() {
        for (long seed = 0; seed < TREES / 4; seed++) {
            Tree tree = RandomTrees.tree(seed);
            Relations relations = tree.relations();
            for (Plan plan : plans(relations, seed)) {
                List<Step> reduced = relations.reduced(plan.steps());
                if (hasMounts(relations)) {
                    continue; // orders lead on through sockets below a mount, which reach() does not know
                }
                assertThat(reach(relations, reduced)).as("seed %d", seed).isEqualTo(reach(relations, plan.steps()));
                assertThat(plan.longestChain())
                        .as("seed %d", seed)
                        .hasSize(
                                plan.steps().stream().mapToInt(Step::wave).max().orElse(0));
            }
        }
    }

    /** All pairs of bundles that the steps' edges order, directly or not, as far as processes go. */
    private static Set<String> reach(Relations relations, List<Step> steps) {
        Map<BundleName, Set<BundleName>> before = new HashMap<>();
        Set<String> pairs = new HashSet<>();
        Set<BundleName> stops = new HashSet<>();
        for (Step step : steps) {
            if (step.socket().isPresent()) {
                continue;
            }
            if (step.kind() == Step.Kind.STOP) {
                stops.add(step.bundle());
            }
            Set<BundleName> all = new HashSet<>();
            for (Edge edge : step.after()) {
                BundleName other = edge.from().equals(step.bundle()) ? edge.to() : edge.from();
                all.add(other);
                if (stops.contains(other) || !isLazy(relations, other)) {
                    all.addAll(before.getOrDefault(other, Set.of()));
                }
            }
            before.put(step.bundle(), all);
            all.forEach(name -> pairs.add(name + " " + step.bundle()));
        }
        return pairs;
    }
}

package usher.depgraph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Drawn trees, written both as bundles and as units: usher's start plan beside the transaction that systemd builds,
 * without starting anything. Every difference must be of a known kind ({@link Explanation}) and prove it. Stop jobs are
 * not compared, as nothing runs that systemd could stop.
 *
 * <p>{@code -Dusher.seed=N} looks at one tree, {@code -Dusher.first-seed=N} at others than those of every build,
 * {@code -Dusher.trees=N} at more or fewer of them.
 */
final class SystemdComparisonTest {
    private static final int TREES = Integer.getInteger("usher.trees", 1000);

    @TempDir
    Path directory;

    /** What was found out about one tree. */
    private record Compared(DrawnTree tree, Set<Trait> traits, Map<Explanation, Integer> known, List<String> unknown) {}

    /** What at least a fifth of the trees must have, among those that take part in the job. */
    private enum Trait {
        CYCLES,
        CONFLICTS,
        TARGETS,
        SOCKETS,
        CONTRADICTIONS
    }

    @Test
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void choosesAndOrdersAsSystemdDoes() throws Exception {
        Optional<String> obstacle = SystemdOracle.obstacle();
        if (obstacle.isPresent()) {
            // A new machine must skip nothing; .ci/run installs what is needed.
            assertThat(System.getenv("CI")).as(obstacle.get()).isNotEqualTo("true");
            abort(obstacle.get());
        }
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        Long one = Long.getLong("usher.seed");
        long first = one == null ? Long.getLong("usher.first-seed", 0) : one;
        List<Compared> trees = compareAll(first, one == null ? TREES : 1);

        List<String> unknown = new ArrayList<>();
        trees.forEach(tree -> unknown.addAll(tree.unknown));
        report(trees, first);
        assertThat(unknown).as("unexplained differences, from seed %d", first).isEmpty();
        for (Trait trait : one == null ? Trait.values() : new Trait[0]) {
            assertThat(trees.stream().filter(tree -> tree.traits.contains(trait)))
                    .as("trees with %s", trait)
                    .hasSizeGreaterThanOrEqualTo(TREES / 5);
        }
    }

    @Test
    void everyKnownKindOfDifferenceIsDocumented() throws IOException {
        List<String> page = Files.readAllLines(Path.of("../docs/orders-and-systemd.md"));

        for (Explanation kind : Explanation.values()) {
            assertThat(page).as("kind of difference %s", kind).anyMatch(line -> line.startsWith("| " + kind + " |"));
        }
    }

    private List<Compared> compareAll(long first, int count) throws Exception {
        ExecutorService two = Executors.newFixedThreadPool(2);
        try {
            List<Future<Compared>> futures = new ArrayList<>();
            for (long seed = first; seed < first + count; seed++) {
                long drawn = seed;
                futures.add(two.submit(() -> compare(drawn)));
            }
            List<Compared> trees = new ArrayList<>();
            for (Future<Compared> future : futures) {
                trees.add(future.get());
            }
            return trees;
        } finally {
            two.shutdownNow();
        }
    }

    private Compared compare(long seed) throws IOException {
        DrawnTree tree = TreeMix.draw(seed);
        Path place = Files.createDirectory(directory.resolve(Long.toString(seed)));
        SystemdOracle oracle = new SystemdOracle(place);
        UnitWriter.write(tree, oracle.units());
        Relations relations = Relations.of(BundleWriter.write(tree, place.resolve("bundles")));
        Plan plan = relations.start(Tree.names(tree.asked()), tree.now(), Set.of());
        Evidence evidence = new Evidence(tree, plan, oracle);

        Map<Explanation, Integer> known = new EnumMap<>(Explanation.class);
        List<String> unknown = new ArrayList<>();
        for (Difference difference : Comparison.of(evidence)) {
            Optional<Explanation> explanation = Stream.of(Explanation.values())
                    .filter(kind -> kind.explains(difference, evidence))
                    .findFirst();
            explanation.ifPresent(kind -> known.merge(kind, 1, Integer::sum));
            if (explanation.isEmpty()) {
                unknown.add(difference.toString());
            }
        }
        delete(place);
        return new Compared(
                tree, traits(evidence), known, unknown.isEmpty() ? List.of() : List.of(failure(unknown, evidence)));
    }

    private static String failure(List<String> unknown, Evidence evidence) {
        Plan plan = evidence.plan();
        SystemdOutcome told = evidence.told();
        return String.join("\n  ", unknown) + "\n" + evidence.tree()
                + "usher:   " + Show.steps(plan.steps()) + "\n         refused " + plan.refused() + ", skipped "
                + plan.skipped() + "\n         lazy "
                + plan.lazy().stream().map(lazy -> Show.steps(lazy.steps())).toList()
                + "\nsystemd: " + (told.isRefused() ? told.refusal() : told.started()) + "\n         cycles "
                + told.cycles() + "\n";
    }

    private static Set<Trait> traits(Evidence evidence) {
        DrawnTree tree = evidence.tree();
        Set<Trait> traits = new java.util.TreeSet<>();
        if (!evidence.plan().cycles().isEmpty()) {
            traits.add(Trait.CYCLES);
        }
        for (String member : evidence.members()) {
            if (!tree.links(member, "conflicts").isEmpty()) {
                traits.add(Trait.CONFLICTS);
            }
            if (tree.has(member, "target") && !member.equals("top")) {
                traits.add(Trait.TARGETS);
            }
            if (!tree.sockets(member).isEmpty()) {
                traits.add(Trait.SOCKETS);
            }
            if (evidence.members().stream().anyMatch(first -> tree.isContradicted(first, member))) {
                traits.add(Trait.CONTRADICTIONS);
            }
        }
        return traits;
    }

    /** How many trees there are with each trait, and how many with each kind of difference. */
    private static void report(List<Compared> trees, long first) {
        System.out.println("systemd: " + trees.size() + " trees from -Dusher.first-seed=" + first + ", "
                + trees.stream()
                        .filter(tree -> tree.known.isEmpty() && tree.unknown.isEmpty())
                        .count()
                + " without a difference");
        for (Trait trait : Trait.values()) {
            long with =
                    trees.stream().filter(tree -> tree.traits.contains(trait)).count();
            System.out.println(
                    "systemd: " + with + " trees with " + trait.name().toLowerCase(Locale.ROOT));
        }
        for (Explanation kind : Explanation.values()) {
            long with =
                    trees.stream().filter(tree -> tree.known.containsKey(kind)).count();
            System.out.println("systemd: " + with + " trees with " + kind + ": " + kind.sentence());
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> paths = Files.walk(directory)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}

package usher.depgraph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Finds everything in which a plan differs from what systemd would do, known or not. */
final class Comparison {
    private final Evidence evidence;
    private final DrawnTree tree;
    private final Set<String> started = new TreeSet<>();
    private final List<Difference> differences = new ArrayList<>();

    private Comparison(Evidence evidence) {
        this.evidence = evidence;
        tree = evidence.tree();
        for (Step step : evidence.plan().steps()) {
            if (step.kind() == Step.Kind.START || step.kind() == Step.Kind.OPEN) {
                started.add(unit(step));
            }
        }
    }

    static List<Difference> of(Evidence evidence) {
        Comparison comparison = new Comparison(evidence);
        comparison.compareMembers();
        comparison.compareCycles();
        comparison.compareRefusals();
        comparison.compareOrders();
        comparison.compareKnocks();
        return comparison.differences;
    }

    private String unit(Step step) {
        String bundle = step.bundle().value();
        return step.socket().map(socket -> tree.unit(bundle, socket.name())).orElse(tree.process(bundle));
    }

    private void compareMembers() {
        Set<String> taken = evidence.ofTree(evidence.taken());
        Set<String> jobs = evidence.told().started();
        for (String unit : taken) {
            if (!started.contains(unit) && !evidence.blocked().contains(DrawnTree.bundle(unit))) {
                differences.add(new Difference.OnlySystemdTakesIn(unit));
            } else if (!started.contains(unit) && jobs.contains(unit)) {
                differences.add(new Difference.OnlySystemdStarts(unit));
            }
        }
        for (String unit : started) {
            if (!taken.contains(unit)) {
                differences.add(new Difference.OnlyUsherTakesIn(unit));
            } else if (!jobs.contains(unit)) {
                differences.add(new Difference.OnlyUsherStarts(unit));
            }
        }
        for (String bundle : evidence.blocked()) {
            if (!evidence.members().contains(bundle)) {
                differences.add(new Difference.OnlyUsherTakesIn(bundle));
            }
        }
    }

    private void compareCycles() {
        for (Set<String> units : evidence.told().cycles()) {
            if (!evidence.blocked().containsAll(evidence.bundles(units))) {
                differences.add(new Difference.OnlySystemdSeesCycle(units.toString()));
            }
        }
        Map<String, Set<String>> knots =
                evidence.whole().orders(evidence.taken()).knots();
        for (Cycle cycle : evidence.plan().cycles()) {
            boolean logged = isLogged(cycle, knots);
            if (!logged || !evidence.areOrders(cycle.edges())) {
                differences.add(new Difference.OnlyUsherSeesCycle(cycle.edges()));
            }
        }
    }

    /** Whether systemd found a cycle within the knot that the cycle belongs to. */
    private boolean isLogged(Cycle cycle, Map<String, Set<String>> knots) {
        String process = tree.process(cycle.edges().get(0).to().value());
        return evidence.told().cycles().stream()
                .anyMatch(units -> knots.getOrDefault(process, Set.of()).containsAll(units));
    }

    private void compareRefusals() {
        if (evidence.told().isRefused() && !evidence.blocked().contains(tree.asked())) {
            differences.add(new Difference.OnlySystemdRefuses(evidence.told().refusal()));
        }
        Set<String> bundles = evidence.bundles(started);
        inVain(bundles, evidence.withRequirers(evidence.onCyclesBehindKnocks()), "cycle");
        inVain(bundles, evidence.withRequirers(evidence.withoutRequirement()), "missing requirement");
        inVain(bundles, evidence.withRequirers(evidence.inConflict()), "conflict");
        inVain(bundles, evidence.withRequirers(evidence.knockedInVain()), "conflict at its first knock");
        inVain(bundles, evidence.withRequirers(evidence.blocked()), "a requirement that is not started");
    }

    private void inVain(Set<String> bundles, Set<String> hopeless, String because) {
        for (String bundle : bundles) {
            if (hopeless.contains(bundle)) {
                differences.add(new Difference.UsherStartsInVain(bundle, because));
            }
        }
    }

    private void compareOrders() {
        Set<String> jobs = new TreeSet<>(
                evidence.told().isRefused() ? evidence.taken() : evidence.told().started());
        Map<String, Set<String>> all = evidence.whole().orders(jobs).closure();
        Set<String> common = new TreeSet<>(started);
        common.retainAll(jobs);
        jobs.removeIf(unit -> tree.isOfTree(unit) && !common.contains(unit));
        Map<String, Set<String>> systemd = evidence.whole().orders(jobs).closure();
        compareOrders(common, systemd, orders(evidence.plan().steps(), common), all);
    }

    private void compareOrders(
            Set<String> units,
            Map<String, Set<String>> systemd,
            Map<String, Set<String>> usher,
            Map<String, Set<String>> all) {
        for (String first : units) {
            for (String second : units) {
                boolean bySystemd = systemd.getOrDefault(first, Set.of()).contains(second);
                boolean byUsher = usher.getOrDefault(first, Set.of()).contains(second);
                if (byUsher && all.getOrDefault(second, Set.of()).contains(first)) {
                    differences.add(
                            new Difference.Contradiction(/* firstBySystemd= */ second, /* firstByUsher= */ first));
                } else if (bySystemd && !byUsher) {
                    differences.add(new Difference.OnlySystemdOrders(first, second));
                } else if (byUsher && !bySystemd) {
                    differences.add(new Difference.OnlyUsherOrders(first, second));
                }
            }
        }
    }

    /** What comes before what by the edges of the steps; that sockets come before processes is said by waves only. */
    private Map<String, Set<String>> orders(List<Step> steps, Set<String> units) {
        OrderedPairs orders = new OrderedPairs();
        Map<String, Integer> waves = new HashMap<>();
        steps.forEach(step -> waves.put(unit(step), step.wave()));
        for (Step step : steps) {
            for (Edge edge : step.after()) {
                if (edge.to().equals(step.bundle())) {
                    tree.up(edge.from().value()).forEach(first -> orders.add(first, unit(step)));
                }
            }
            for (Step socket : steps) {
                if (socket.kind() == Step.Kind.OPEN && step.kind() == Step.Kind.START && socket.wave() < step.wave()) {
                    orders.add(unit(socket), unit(step));
                }
            }
        }
        return orders.among(units).closure();
    }

    private void compareKnocks() {
        for (Plan.Lazy lazy : evidence.plan().lazy()) {
            String bundle = lazy.bundle().value();
            Set<String> knocked = new TreeSet<>();
            for (Step step : lazy.steps()) {
                if (step.kind() == Step.Kind.START) {
                    knocked.add(unit(step));
                }
            }
            Set<String> systemd = evidence.ofTree(evidence.whole().takenIn(tree.process(bundle)));
            systemd.removeAll(evidence.taken());
            for (String unit : systemd) {
                if (!knocked.contains(unit)) {
                    differences.add(new Difference.FirstKnock(bundle, unit, true));
                }
            }
            for (String unit : knocked) {
                if (!systemd.contains(unit)) {
                    differences.add(new Difference.FirstKnock(bundle, unit, false));
                }
            }
            Map<String, Set<String>> orders = evidence.whole().orders(knocked).closure();
            compareOrders(knocked, orders, orders(lazy.steps(), knocked), orders);
        }
    }
}

package usher.depgraph;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What usher and systemd said about one tree, and what follows from systemd's own dependencies: who takes part, who is
 * on a cycle, who is in conflict, who requires whom.
 */
final class Evidence {
    private final DrawnTree tree;
    private final Plan plan;
    private final SystemdOracle oracle;
    private final SystemdOutcome told;
    private final SystemdOutcome whole;
    private final Set<String> taken;
    private final Set<String> members;
    private final Set<String> blocked;
    private final Map<String, Set<String>> requirements = new TreeMap<>();

    Evidence(DrawnTree tree, Plan plan, SystemdOracle oracle) throws IOException {
        this.tree = tree;
        this.plan = plan;
        this.oracle = oracle;
        told = oracle.start(tree.askedUnit());
        whole = told.isRefused() ? oracle.startAll(List.of(tree.askedUnit())) : told;
        taken = whole.takenIn(tree.askedUnit());
        members = bundles(taken);
        blocked = new TreeSet<>();
        List.of(plan.refused(), plan.failed(), plan.skipped())
                .forEach(state -> state.keySet().forEach(name -> blocked.add(name.value())));
        for (String bundle : members) {
            Set<String> required = new TreeSet<>();
            tree.units(bundle).forEach(unit -> required.addAll(bundles(whole.named(unit, "Requires"))));
            required.remove(bundle);
            requirements.put(bundle, required);
        }
    }

    DrawnTree tree() {
        return tree;
    }

    Plan plan() {
        return plan;
    }

    /** What systemd said about the job. */
    SystemdOutcome told() {
        return told;
    }

    /** The same, or if that was a refusal, what it says if nothing matters so much: it holds all dependencies. */
    SystemdOutcome whole() {
        return whole;
    }

    /** The units that systemd takes in, before it drops any; those that help to say what bundles mean among them. */
    Set<String> taken() {
        return taken;
    }

    /** The bundles that take part, if only by waiting for traffic. */
    Set<String> members() {
        return members;
    }

    /** The bundles that usher cannot start. */
    Set<String> blocked() {
        return blocked;
    }

    /** The bundles of these units; helping units of systemd's own belong to none. */
    Set<String> bundles(Collection<String> units) {
        return units.stream()
                .map(DrawnTree::bundle)
                .filter(tree.entries()::containsKey)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    Set<String> ofTree(Collection<String> units) {
        return units.stream().filter(tree::isOfTree).collect(Collectors.toCollection(TreeSet::new));
    }

    Set<String> unitsOfMembers() {
        return members.stream()
                .flatMap(member -> tree.units(member).stream())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** These bundles and the members that require them, however many steps away. */
    Set<String> withRequirers(Collection<String> bundles) {
        Set<String> all = new TreeSet<>();
        ArrayDeque<String> queue = new ArrayDeque<>(bundles);
        while (!queue.isEmpty()) {
            String gone = queue.remove();
            if (all.add(gone)) {
                requirements.forEach((member, required) -> {
                    if (required.contains(gone)) {
                        queue.add(member);
                    }
                });
            }
        }
        return all;
    }

    /** The members on cycles of systemd's orders among the units that it would start. */
    Set<String> onCycles() {
        return bundles(whole.orders(taken).knots().keySet());
    }

    /** The members on cycles of systemd's orders, had all of them been started. */
    Set<String> onCyclesBehindKnocks() {
        return bundles(whole.orders(unitsOfMembers()).knots().keySet());
    }

    /** As {@link #onCyclesBehindKnocks}, had systemd's targets not kept back their order in face of a derived one. */
    Set<String> onCyclesWithAllTargetOrders() {
        OrderedPairs orders = whole.orders(unitsOfMembers());
        for (String target : members) {
            for (String first : members) {
                if (isTargetOrderKeptBack(first, target)) {
                    tree.up(first).forEach(unit -> orders.add(unit, tree.process(target)));
                }
            }
        }
        return bundles(orders.knots().keySet());
    }

    /** Whether systemd leaves a target unordered after what it asks for, and no explicit link is the cause. */
    boolean isTargetOrderKeptBack(String first, String target) {
        return (tree.has(target, "wants/" + first) || tree.has(target, "requires/" + first))
                && tree.has(target, "target")
                && !tree.isExplicit(first, target)
                && tree.up(first).stream()
                        .anyMatch(unit ->
                                !whole.named(tree.process(target), "After").contains(unit)
                                        && whole.named(unit, "After").contains(tree.process(target)));
    }

    /** Whether systemd has all of these orders too. */
    boolean areOrders(List<Edge> edges) {
        return edges.stream()
                .allMatch(edge -> whole.named(tree.process(edge.to().value()), "After")
                        .containsAll(tree.up(edge.from().value())));
    }

    /** Whether systemd starts a unit that wants or requires this one, of other bundles than these. */
    boolean isAskedFor(String unit, Set<String> except) {
        return told.started().stream()
                .filter(asking -> !except.contains(DrawnTree.bundle(asking)))
                .anyMatch(asking -> told.named(asking, "Wants").contains(unit)
                        || told.named(asking, "Requires").contains(unit));
    }

    /**
     * Whether systemd refuses the job because of a cycle of stop jobs: what was asked for requires something in conflict
     * with a bundle that is on a cycle, or required by one.
     */
    boolean isCycleOfStops() {
        Set<String> stopped = new TreeSet<>();
        for (String bundle : members) {
            if (withRequirers(Set.of(bundle)).contains(tree.asked())) {
                tree.units(bundle).forEach(unit -> stopped.addAll(bundles(whole.named(unit, "Conflicts"))));
            }
        }
        return told.refusal().contains("order is cyclic")
                && told.cycles().stream()
                        .anyMatch(cycle -> withRequirers(stopped).containsAll(bundles(cycle)));
    }

    /** Those waiting for traffic are not among them: only their processes would come after their sockets. */
    Set<String> afterThemselves() {
        return members.stream()
                .filter(member -> tree.isBefore(member, member) && !tree.isLazy(member))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    Set<String> withoutRequirement() {
        return members.stream()
                .filter(member -> tree.has(member, "requires/" + DrawnTree.NOBODY))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The members that cannot be started for another reason than a conflict. */
    Set<String> blockedBeforeConflicts() {
        Set<String> all = new TreeSet<>(onCyclesWithAllTargetOrders());
        all.addAll(afterThemselves());
        all.addAll(withoutRequirement());
        return withRequirers(all);
    }

    /** The bundles in conflict with each other within the job, left out those that cannot be started anyway. */
    Set<String> inConflict() {
        return inConflict(taken, blockedBeforeConflicts());
    }

    /**
     * All in conflict with another bundle of the job, and those that require them, were all processes of these bundles
     * started too: systemd has a stop job for each.
     */
    Set<String> stoppedByConflicts(Collection<String> bundles) {
        Set<String> units = new TreeSet<>(taken);
        bundles.forEach(bundle -> units.addAll(whole.takenIn(tree.process(bundle))));
        return withRequirers(inConflict(units, Set.of()));
    }

    /** What is in conflict with a bundle that usher cannot start for another reason, and those that require it. */
    Set<String> besidesBlocked() {
        Set<String> found = new TreeSet<>();
        for (String one : ofTree(taken)) {
            for (String other : ofTree(taken)) {
                if (blocked.contains(DrawnTree.bundle(other)) && whole.isConflict(one, other)) {
                    found.add(DrawnTree.bundle(one));
                }
            }
        }
        return withRequirers(found);
    }

    private Set<String> inConflict(Set<String> units, Set<String> without) {
        Set<String> found = new TreeSet<>();
        List<String> able = new ArrayList<>(ofTree(units));
        able.removeIf(unit -> without.contains(DrawnTree.bundle(unit)));
        for (String one : able) {
            for (String other : able) {
                if (whole.isConflict(one, other)) {
                    found.add(DrawnTree.bundle(one));
                    found.add(DrawnTree.bundle(other));
                }
            }
        }
        return found;
    }

    /** What the first knock on the bundle could not start, because of conflicts within what it would. */
    Set<String> inConflictAtKnock(String lazy) {
        Set<String> without = blockedBeforeConflicts();
        without.addAll(withRequirers(inConflict()));
        Set<String> knocked = whole.takenIn(tree.process(lazy));
        Set<String> gone = withRequirers(inConflict(knocked, without));
        gone.retainAll(bundles(knocked));
        return gone;
    }

    /** The bundles waiting for traffic whose first knock could not even start themselves. */
    Set<String> knockedInVain() {
        return members.stream()
                .filter(member -> tree.isLazy(member) && !taken.contains(tree.process(member)))
                .filter(member -> inConflictAtKnock(member).contains(member))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** What systemd says to starting all processes of these bundles at once. */
    SystemdOutcome startAll(Collection<String> bundles) {
        try {
            return oracle.startAll(bundles.stream().map(tree::process).toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What systemd says to a first knock. */
    SystemdOutcome knock(String bundle) {
        try {
            return oracle.start(tree.process(bundle));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package usher.depgraph;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import usher.bundles.Bundle;
import usher.bundles.BundleName;
import usher.bundles.BundleSet;
import usher.bundles.Link;
import usher.bundles.ListeningSocket;
import usher.bundles.Problem;

/**
 * All relations and orders among the bundles of a set: an immutable value, and pure functions on it. Names are
 * canonical in answers, and may be aliases in questions. Nothing here throws on any tree.
 */
public final class Relations {
    private final Ties ties;

    private Relations(BundleSet bundles) {
        ties = new Ties(bundles);
    }

    public static Relations of(BundleSet bundles) {
        return new Relations(bundles);
    }

    public BundleSet bundles() {
        return ties.set();
    }

    /** What the bundle requires, directly, in byte order: explicitly, or as the mount below which it lives. */
    public Set<BundleName> requires(BundleName bundle) {
        return pulled(bundle, Pull::isRequirement);
    }

    /** What the bundle asks for, directly, in byte order: what it requires or wants, connects to, or logs to. */
    public Set<BundleName> wants(BundleName bundle) {
        return pulled(bundle, pull -> true);
    }

    /** The bundles whose output is the standard input of this one, by their {@code log} links, in byte order. */
    public Set<BundleName> writersTo(BundleName logger) {
        Set<BundleName> names = new TreeSet<>();
        int at = ties.find(logger);
        for (int place = at < 0 ? 0 : ties.pulls.inStart(at); at >= 0 && place < ties.pulls.inEnd(at); place++) {
            int pull = ties.pulls.in(place);
            if (ties.pulls.label(pull).kind() == Pull.Kind.LOG) {
                names.add(ties.name(ties.pulls.tail(pull)));
            }
        }
        return names;
    }

    private Set<BundleName> pulled(BundleName bundle, Predicate<Pull> which) {
        Set<BundleName> names = new TreeSet<>();
        int at = ties.find(bundle);
        for (int pull = at < 0 ? 0 : ties.pulls.outStart(at); at >= 0 && pull < ties.pulls.outEnd(at); pull++) {
            if (which.test(ties.pulls.label(pull))) {
                names.add(ties.name(ties.pulls.head(pull)));
            }
        }
        return names;
    }

    /**
     * Its sockets that lie below other bundles' mounts, by name, each with who mounts: it is opened when that is up. Not if an
     * explicit link says that the mount comes after the bundle.
     */
    public Map<String, BundleName> listensBelow(BundleName bundle) {
        Map<String, BundleName> mounters = new TreeMap<>();
        int at = ties.find(bundle);
        for (int place = at < 0 ? 0 : ties.listens.inStart(at); at >= 0 && place < ties.listens.inEnd(at); place++) {
            int arc = ties.listens.in(place);
            int mounter = ties.listens.tail(arc);
            for (ListeningSocket socket : ties.bundles[at].sockets()) {
                if (ties.listens.label(arc).source().equals(socket.source()) && !ties.isExplicit(at, mounter)) {
                    mounters.put(socket.name(), ties.name(mounter));
                }
            }
        }
        return mounters;
    }

    /**
     * The bundles with a pending link, in byte order: one that dangles below what this bundle mounts, so that to whom it
     * leads shows when that is up.
     */
    public Set<BundleName> pendingOn(BundleName mounter) {
        Set<BundleName> names = new TreeSet<>();
        int at = ties.find(mounter);
        Mounts mounts = Mounts.of(ties.bundles);
        for (Bundle bundle : ties.bundles) {
            for (Link link : bundle.links()) {
                if (at >= 0 && ties.find(link.to()) < 0 && mounts.above(link) == at) {
                    names.add(bundle.name());
                }
            }
        }
        return names;
    }

    /** What the bundle conflicts with, in byte order, said from either side. */
    public Set<BundleName> conflicts(BundleName bundle) {
        Set<BundleName> names = new TreeSet<>();
        int at = ties.find(bundle);
        for (int arc = at < 0 ? 0 : ties.conflicts.outStart(at); at >= 0 && arc < ties.conflicts.outEnd(at); arc++) {
            names.add(ties.name(ties.conflicts.head(arc)));
        }
        return names;
    }

    /** Whether a start of this bundle alone concerns no other: it asks for nothing and conflicts with nothing. */
    public boolean standsAlone(BundleName bundle) {
        int at = ties.find(bundle);
        return at >= 0
                && ties.pulls.outStart(at) == ties.pulls.outEnd(at)
                && ties.conflicts.outStart(at) == ties.conflicts.outEnd(at)
                && ties.orders.find(at, at) < 0
                && ties.missing.get(at) == null
                && bundles().find(bundle).map(Bundle::isSound).orElse(false);
    }

    /**
     * What starting these bundles would do. With {@code now}, the processes of the named lazy bundles are started too,
     * as a first knock would. {@code inFlight} names bundles with a start already under way: orders from them to the
     * plan's members are edges of the plan, and a member on a cycle with them is refused, though never one of them.
     */
    public Plan start(Collection<BundleName> names, boolean now, Set<BundleName> inFlight) {
        List<Problem> problems = new ArrayList<>();
        BitSet asked = numbers(names, problems);
        StartPlan plan = new StartPlan(ties, Numbers.of(asked), now, numbers(inFlight, new ArrayList<>()));
        return plan.plan(names(asked), problems);
    }

    /** What stopping these bundles would do: they and all that require them, of those that are {@code up}. */
    public Plan stop(Collection<BundleName> names, Set<BundleName> up) {
        List<Problem> problems = new ArrayList<>();
        BitSet asked = numbers(names, problems);
        BitSet stopped = (BitSet) asked.clone();
        ArrayDeque<Integer> queue = new ArrayDeque<>();
        for (int bundle : Numbers.of(asked)) {
            queue.add(bundle);
        }
        while (!queue.isEmpty()) {
            int gone = queue.remove();
            for (int place = ties.pulls.inStart(gone); place < ties.pulls.inEnd(gone); place++) {
                int asking = ties.pulls.tail(ties.pulls.in(place));
                if (ties.pulls.label(ties.pulls.in(place)).isRequirement() && !stopped.get(asking)) {
                    stopped.set(asking);
                    queue.add(asking);
                }
            }
        }
        stopped.and(numbers(up, new ArrayList<>()));
        StopOrder order = new StopOrder(ties, Numbers.of(stopped), new BitSet());
        for (Cycle cycle : order.cycles()) {
            problems.add(Words.problem(cycle));
        }
        for (int bundle : order.bundles()) {
            ties.collectProblems(bundle, problems);
        }
        problems.sort(Problem.BY_WEIGHT);
        StepList steps = new StepList(ties, -1);
        steps.addStops(order);
        return new Plan(
                Plan.Action.STOP,
                names(asked),
                steps.inPlanOrder(),
                List.of(),
                order.cycles(),
                problems,
                Map.of(),
                Map.of(),
                Map.of());
    }

    /** Every edge between two of these bundles, by the names of its ends in byte order. */
    public List<Edge> edges(Set<BundleName> among) {
        BitSet chosen = numbers(among, new ArrayList<>());
        List<Edge> edges = new ArrayList<>();
        for (int bundle = chosen.nextSetBit(0); bundle >= 0; bundle = chosen.nextSetBit(bundle + 1)) {
            for (int arc = ties.orders.outStart(bundle); arc < ties.orders.outEnd(bundle); arc++) {
                if (chosen.get(ties.orders.head(arc))) {
                    edges.add(ties.orders.label(arc));
                }
            }
        }
        return edges;
    }

    /**
     * Every chain of edges for which one of the two comes before the other when they start (they stop the other way
     * round): those from {@code a} to {@code b}, then those from {@code b} to {@code a}, each shortest first and at most
     * 1000. There is at least one if and only if the two are ordered.
     */
    public ChainList why(BundleName a, BundleName b) {
        int one = ties.find(a);
        int other = ties.find(b);
        if (one < 0 || other < 0) {
            return ChainList.NONE;
        }
        Chains chains = new Chains(ties);
        return chains.between(one, other).and(chains.between(other, one));
    }

    /**
     * For two that need not wait for each other to start: the chains for which one stops before the other, through bundles
     * that wait for traffic. Empty if {@link #why} has any, and where such chains contradict each other.
     */
    public ChainList whyStopping(BundleName a, BundleName b) {
        int one = ties.find(a);
        int other = ties.find(b);
        if (one < 0 || other < 0 || !why(a, b).isEmpty()) {
            return ChainList.NONE;
        }
        Chains chains = new Chains(ties, true);
        ChainList there = chains.between(one, other);
        ChainList back = chains.between(other, one);
        return there.isEmpty() ? back : back.isEmpty() ? there : ChainList.NONE;
    }

    /** The link that says that starting one of the two stops the other first. */
    public Optional<Edge> whyApart(BundleName a, BundleName b) {
        int one = ties.find(a);
        int other = ties.find(b);
        int arc = one < 0 || other < 0 ? -1 : ties.conflicts.find(one, other);
        return arc < 0 ? Optional.empty() : Optional.of(ties.conflicts.label(arc));
    }

    /** The same steps, listing only what no chain of other steps implies: for people, where all is too much. */
    public List<Step> reduced(List<Step> steps) {
        return Reduction.of(ties, steps);
    }

    /**
     * Everything wrong or doubtful that shows only in the whole tree: unknown names, cycles, orders without effect, one
     * address or mount of several bundles, conflicts within the job of {@code names} or of any one bundle. What is wrong
     * with a bundle's own files is with the bundle.
     */
    public List<Problem> check(Collection<BundleName> names) {
        Findings findings = new Findings(ties);
        findings.collect(Optional.empty());
        findings.add(start(names, false, Set.of()));
        for (int bundle : new ConflictFindings(ties).takingInBoth()) {
            findings.add(start(List.of(ties.name(bundle)), false, Set.of()));
        }
        return findings.sorted();
    }

    /** Of that, what concerns these bundles, cycles through them and conflicts within their job included. */
    public List<Problem> checkOnly(Collection<BundleName> names) {
        Findings findings = new Findings(ties);
        findings.collect(Optional.of(numbers(names, new ArrayList<>())));
        Plan plan = start(names, false, Set.of());
        findings.add(plan);
        return findings.sorted();
    }

    private BitSet numbers(Collection<BundleName> names, List<Problem> unknown) {
        BitSet numbers = new BitSet();
        for (BundleName name : names) {
            int bundle = ties.find(name);
            if (bundle >= 0) {
                numbers.set(bundle);
            } else {
                unknown.add(Problem.error(name, name.value(), "there is no such bundle", ""));
            }
        }
        return numbers;
    }

    private List<BundleName> names(BitSet numbers) {
        List<BundleName> names = new ArrayList<>(numbers.cardinality());
        for (int bundle = numbers.nextSetBit(0); bundle >= 0; bundle = numbers.nextSetBit(bundle + 1)) {
            names.add(ties.name(bundle));
        }
        return names;
    }
}

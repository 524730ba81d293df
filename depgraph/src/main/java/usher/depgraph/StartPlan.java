package usher.depgraph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import usher.bundles.BundleName;
import usher.bundles.ListeningSocket;
import usher.bundles.Problem;

/** Works out what a start job does: who takes part, who cannot, in what order, and what waits for a first knock. */
final class StartPlan {
    private final Ties ties;
    private final Members members;
    private final BitSet inFlight;
    private final Blocked blocked;
    private final List<Cycle> cycles = new ArrayList<>();
    private OrderGraph graph;
    private int[] order;

    StartPlan(Ties ties, int[] asked, boolean now, BitSet inFlight) {
        this.ties = ties;
        this.inFlight = inFlight;
        members = Members.of(ties, asked, now);
        blocked = new Blocked(ties, members, inFlight);
        graph = new OrderGraph(ties, able(), new BitSet());
        order = Sorting.topological(graph.arcs());
        if (order.length < graph.arcs().vertices()) {
            refuseCycles();
        }
        blocked.leaveOutUnsound();
        blocked.refuseConflicts();
    }

    private void refuseCycles() {
        List<int[]> knots = Sorting.knots(graph.arcs());
        cycles.addAll(graph.cycles(knots));
        blocked.refuseCycles(graph, knots, cycles);
        // What is left on a cycle is being started already; what its own orders contradict is no longer for us to say.
        BitSet mute = new BitSet();
        for (int[] knot : knots) {
            for (int vertex : knot) {
                mute.set(graph.bundle(vertex));
            }
        }
        graph = new OrderGraph(ties, able(), mute);
        order = Sorting.topological(graph.arcs());
    }

    /** The members that can be started as far as is known, and those already being started. */
    private int[] able() {
        int[] all = new int[ties.size()];
        int count = 0;
        if (inFlight.isEmpty() && blocked.isEmpty()) {
            return members.all();
        }
        for (int bundle = 0; bundle < all.length; bundle++) {
            if ((members.has(bundle) && !blocked.has(bundle)) || inFlight.get(bundle)) {
                all[count++] = bundle;
            }
        }
        return Arrays.copyOf(all, count);
    }

    Plan plan(List<BundleName> asked, List<Problem> more) {
        StartSteps steps = new StartSteps(ties, members, blocked, inFlight, graph, order);
        List<Step> inOrder = steps.all();
        int[] position = positions();
        List<Plan.Lazy> lazy = new ArrayList<>();
        List<Problem> problems = new ArrayList<>(more);
        for (int member : members.all()) {
            ties.collectProblems(member, problems);
            if (ties.lazy[member] && members.waits(member) && !blocked.has(member)) {
                lazy.add(new Plan.Lazy(
                        ties.name(member),
                        socketNames(member),
                        new Knock(new KnockSteps(ties, members, blocked, graph, position, member))));
            }
        }
        problems.addAll(blocked.problems());
        problems.sort(Problem.BY_WEIGHT);
        return new Plan(
                Plan.Action.START,
                asked,
                inOrder,
                lazy,
                cycles,
                problems,
                blocked.refused(),
                blocked.failed(),
                blocked.skipped());
    }

    private List<String> socketNames(int bundle) {
        List<String> names = new ArrayList<>();
        for (ListeningSocket socket : ties.bundles[bundle].sockets()) {
            names.add(socket.name());
        }
        return names;
    }

    /** By bundle, its place in the order of the graph. */
    private int[] positions() {
        int[] position = new int[ties.size()];
        for (int i = 0; i < order.length; i++) {
            if (!graph.isSockets(order[i])) {
                position[graph.bundle(order[i])] = i;
            }
        }
        return position;
    }
}

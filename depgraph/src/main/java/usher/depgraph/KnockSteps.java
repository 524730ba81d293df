package usher.depgraph;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Works out what a first knock starts: the bundle, and what only it and others that wait for traffic ask for. */
final class KnockSteps {
    private final Ties ties;
    private final Members members;
    private final Blocked blocked;
    private final OrderGraph graph;
    private final int[] position;
    private final int knocked;

    /** {@code position} tells where a bundle stands in an order of the graph. */
    KnockSteps(Ties ties, Members members, Blocked blocked, OrderGraph graph, int[] position, int knocked) {
        this.ties = ties;
        this.members = members;
        this.blocked = blocked;
        this.graph = graph;
        this.position = position;
        this.knocked = knocked;
    }

    List<Step> all() {
        BitSet chosen = closure();
        StopOrder stops = Conflicts.stops(ties, Numbers.of(chosen), new Conflicts.Starting() {
            @Override
            public boolean has(int bundle) {
                return chosen.get(bundle);
            }

            @Override
            public boolean opens(int bundle) {
                return false;
            }
        });
        StepList steps = new StepList(ties, knocked);
        steps.addStops(stops);
        Map<Integer, Integer> waves = new HashMap<>();
        for (int bundle : inOrder(chosen)) {
            int wave = 0;
            List<Edge> after = new ArrayList<>();
            for (int place = ties.orders.inStart(bundle); place < ties.orders.inEnd(bundle); place++) {
                int arc = ties.orders.in(place);
                Integer waited = waitsFor(ties.orders.tail(arc), bundle) ? waves.get(ties.orders.tail(arc)) : null;
                if (waited != null) {
                    after.add(ties.orders.label(arc));
                    wave = Math.max(wave, waited);
                }
            }
            for (Edge edge : Conflicts.after(ties, stops, bundle)) {
                after.add(edge);
                wave = Math.max(wave, stops.endWave(Conflicts.stopped(ties, edge, bundle)));
            }
            waves.put(bundle, wave + 1);
            steps.add(wave + 1, Step.Kind.START, bundle, after);
        }
        return steps.inPlanOrder();
    }

    /** Sockets are open by now, so nobody waits for those that wait for traffic. */
    private boolean waitsFor(int first, int bundle) {
        return first != bundle && !ties.lazy[first] && !graph.isMute(first, bundle);
    }

    /** The bundle itself and what it asks for that neither starts with the job nor waits for traffic. */
    private BitSet closure() {
        BitSet chosen = new BitSet();
        BitSet seen = new BitSet();
        ArrayDeque<Integer> queue = new ArrayDeque<>();
        seen.set(knocked);
        queue.add(knocked);
        while (!queue.isEmpty()) {
            int bundle = queue.remove();
            chosen.set(bundle, !blocked.has(bundle, knocked));
            for (int pull = ties.pulls.outStart(bundle); pull < ties.pulls.outEnd(bundle); pull++) {
                int next = ties.pulls.head(pull);
                if (!seen.get(next) && !ties.lazy[next] && !members.starts(next)) {
                    seen.set(next);
                    queue.add(next);
                }
            }
        }
        return chosen;
    }

    private List<Integer> inOrder(BitSet chosen) {
        List<Integer> bundles = new ArrayList<>();
        for (int bundle : Numbers.of(chosen)) {
            bundles.add(bundle);
        }
        bundles.sort(new Comparator<>() {
            @Override
            public int compare(Integer a, Integer b) {
                return Integer.compare(position[a], position[b]);
            }
        });
        return bundles;
    }
}

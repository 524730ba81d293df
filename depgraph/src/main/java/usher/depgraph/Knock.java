package usher.depgraph;

import java.util.AbstractList;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The steps of the first knock on a bundle that waits for traffic, worked out when first asked for: if many such bundles
 * share a long chain, to write out all of their steps takes the square of its length.
 */
final class Knock extends AbstractList<Step> {
    private final Ties ties;
    private final Members members;
    private final Blocked blocked;
    private final OrderGraph graph;
    private final int[] position;
    private final int knocked;
    private volatile @Nullable List<Step> steps;

    Knock(Ties ties, Members members, Blocked blocked, OrderGraph graph, int[] position, int knocked) {
        this.ties = ties;
        this.members = members;
        this.blocked = blocked;
        this.graph = graph;
        this.position = position;
        this.knocked = knocked;
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
            known = List.copyOf(workOut());
            steps = known;
        }
        return known;
    }

    private List<Step> workOut() {
        Map<Integer, Integer> waves = new HashMap<>();
        int[] starting = closure(waves);
        StopOrder stops = Conflicts.stops(ties, starting, bundle -> waves.containsKey(bundle));
        StepList list = new StepList(ties);
        list.addStops(stops);
        @Nullable Step last = null;
        for (int bundle : starting) {
            List<Edge> after = new ArrayList<>();
            int wave = 0;
            for (int place = ties.orders.inStart(bundle); place < ties.orders.inEnd(bundle); place++) {
                int arc = ties.orders.in(place);
                int first = ties.orders.tail(arc);
                // Sockets are open by now, so nobody waits for those that wait for traffic.
                if (first != bundle && !ties.lazy[first] && waves.containsKey(first) && !graph.isMute(first, bundle)) {
                    after.add(ties.orders.label(arc));
                    wave = Math.max(wave, waves.get(first));
                }
            }
            for (Edge edge : Conflicts.after(ties, stops, bundle)) {
                after.add(edge);
                int stopped = ties.find(edge.from());
                wave = Math.max(wave, stops.endWave(stopped == bundle ? ties.find(edge.to()) : stopped));
            }
            waves.put(bundle, wave + 1);
            if (bundle == knocked) {
                last = new Step(starting.length, wave + 1, Step.Kind.START, ties.name(bundle), Optional.empty(), after);
            } else {
                list.add(wave + 1, Step.Kind.START, bundle, after);
            }
        }
        List<Step> steps = new ArrayList<>(list.inPlanOrder());
        if (last != null) {
            steps.add(new Step(steps.size() + 1, last.wave(), last.kind(), last.bundle(), last.socket(), last.after()));
        }
        return steps;
    }

    /** The bundle itself and what it asks for that neither starts with the job nor waits for traffic, in an order. */
    private int[] closure(Map<Integer, Integer> waves) {
        ArrayDeque<Integer> queue = new ArrayDeque<>();
        BitSet seen = new BitSet();
        List<Integer> starting = new ArrayList<>();
        seen.set(knocked);
        queue.add(knocked);
        while (!queue.isEmpty()) {
            int bundle = queue.remove();
            if (!blocked.has(bundle)) {
                starting.add(bundle);
                waves.put(bundle, 0);
            }
            for (int pull = ties.pulls.outStart(bundle); pull < ties.pulls.outEnd(bundle); pull++) {
                int next = ties.pulls.head(pull);
                if (!seen.get(next) && !ties.lazy[next] && !members.starts(next)) {
                    seen.set(next);
                    queue.add(next);
                }
            }
        }
        starting.sort((a, b) -> Integer.compare(position[a], position[b]));
        int[] sorted = new int[starting.size()];
        for (int i = 0; i < sorted.length; i++) {
            sorted[i] = starting.get(i);
        }
        return sorted;
    }
}

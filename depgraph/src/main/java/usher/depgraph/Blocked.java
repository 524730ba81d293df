package usher.depgraph;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import usher.bundles.Bundle;
import usher.bundles.BundleName;
import usher.bundles.Problem;

/** The members of a start job that cannot be started, with the reasons in words. */
final class Blocked {
    private final Ties ties;
    private final Members members;
    private final BitSet spared;
    private final BitSet all = new BitSet();
    private final Map<BundleName, String> refused = new TreeMap<>();
    private final Map<BundleName, String> failed = new TreeMap<>();
    private final Map<BundleName, String> skipped = new TreeMap<>();
    private final List<Problem> problems = new ArrayList<>();
    private Map<Integer, BitSet> without = Map.of();

    /** {@code spared} are those already being started, which nothing here stops. */
    Blocked(Ties ties, Members members, BitSet spared) {
        this.ties = ties;
        this.members = members;
        this.spared = spared;
    }

    boolean has(int bundle) {
        return all.get(bundle);
    }

    boolean isEmpty() {
        return all.isEmpty();
    }

    Map<BundleName, String> refused() {
        return refused;
    }

    Map<BundleName, String> failed() {
        return failed;
    }

    Map<BundleName, String> skipped() {
        return skipped;
    }

    List<Problem> problems() {
        return problems;
    }

    /** Refuses the members on cycles and those that require them. */
    void refuseCycles(OrderGraph graph, List<int[]> knots, List<Cycle> cycles) {
        ArrayDeque<Integer> queue = new ArrayDeque<>();
        for (int k = 0; k < knots.size(); k++) {
            String words = "on a cycle: " + Words.cycle(cycles.get(k));
            problems.add(Words.problem(cycles.get(k)));
            for (int vertex : knots.get(k)) {
                refuse(graph.bundle(vertex), words, queue);
            }
        }
        spread(queue, refused, "refused");
    }

    /** Leaves out members with errors in their own files, those that require what does not exist, and who requires them. */
    void leaveOutUnsound() {
        ArrayDeque<Integer> queue = new ArrayDeque<>();
        for (int member : members.all()) {
            Bundle bundle = ties.bundles[member];
            String link = ties.missing.get(member);
            if (all.get(member) || spared.get(member)) {
                continue;
            }
            if (!bundle.isSound()) {
                block(member, failed, firstError(bundle), queue);
            } else if (link != null) {
                block(member, skipped, link + " names no bundle", queue);
            }
        }
        spread(queue, skipped, "not started");
    }

    private static String firstError(Bundle bundle) {
        for (Problem problem : bundle.problems()) {
            if (problem.isError()) {
                return problem.toString();
            }
        }
        return "";
    }

    /** Refuses both of any two members in conflict of which the job would start one, and those that require them. */
    void refuseConflicts() {
        if (ties.conflicts.size() == 0) {
            return;
        }
        Map<Integer, String> found = new TreeMap<>();
        for (int a : members.all()) {
            int last = -1;
            for (int arc = ties.conflicts.outStart(a); arc < ties.conflicts.outEnd(a); arc++) {
                int b = ties.conflicts.head(arc);
                if (a < b && b != last && !all.get(a) && !all.get(b) && isConflict(ties, members, a, b)) {
                    String why = Words.refusal(ties, members, a, b, ties.conflicts.label(arc));
                    found.putIfAbsent(a, why);
                    found.putIfAbsent(b, why);
                    problems.add(Words.conflict(ties, members, a, b, ties.conflicts.label(arc)));
                }
                last = b;
            }
        }
        ArrayDeque<Integer> queue = new ArrayDeque<>();
        found.forEach((bundle, why) -> refuse(bundle, why, queue));
        spread(queue, refused, "refused");
        refuseHopelessKnocks();
    }

    private void refuseHopelessKnocks() {
        KnockConflicts knocks = new KnockConflicts(ties, members, this);
        without = knocks.find();
        problems.addAll(knocks.problems());
        ArrayDeque<Integer> queue = new ArrayDeque<>();
        for (Map.Entry<Integer, BitSet> knock : without.entrySet()) {
            if (knock.getValue().get(knock.getKey())) {
                refuse(knock.getKey(), "what its first knock would start is in conflict", queue);
            }
        }
        spread(queue, refused, "refused");
    }

    /** Whether a job takes in both of two bundles in conflict: one to be started, the other too, or at least its sockets. */
    static boolean isConflict(Ties ties, Members job, int a, int b) {
        return (job.starts(a) && isThere(ties, job, b)) || (job.starts(b) && isThere(ties, job, a));
    }

    private static boolean isThere(Ties ties, Members job, int bundle) {
        return job.starts(bundle)
                || (job.has(bundle) && !ties.bundles[bundle].sockets().isEmpty());
    }

    /** Whether the first knock on {@code knocked} cannot start {@code bundle}. */
    boolean has(int bundle, int knocked) {
        BitSet gone = without.get(knocked);
        return all.get(bundle) || (bundle != knocked && gone != null && gone.get(bundle));
    }

    private void refuse(int bundle, String words, ArrayDeque<Integer> queue) {
        if (members.has(bundle) && !spared.get(bundle)) {
            block(bundle, refused, words, queue);
        }
    }

    private void block(int bundle, Map<BundleName, String> state, String words, ArrayDeque<Integer> queue) {
        if (!all.get(bundle)) {
            all.set(bundle);
            state.put(ties.name(bundle), words);
            queue.add(bundle);
        }
    }

    private void spread(ArrayDeque<Integer> queue, Map<BundleName, String> state, String participle) {
        while (!queue.isEmpty()) {
            int gone = queue.remove();
            for (int place = ties.pulls.inStart(gone); place < ties.pulls.inEnd(gone); place++) {
                Pull pull = ties.pulls.label(ties.pulls.in(place));
                int asking = ties.pulls.tail(ties.pulls.in(place));
                if (pull.isRequirement() && members.has(asking) && !spared.get(asking)) {
                    String words =
                            "requires " + ties.name(gone) + ", which is " + participle + " (" + pull.source() + ")";
                    block(asking, state, words, queue);
                }
            }
        }
    }
}

package usher.depgraph;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import usher.bundles.Problem;

/**
 * Conflicts inside what a first knock would start. They do not show when the job begins, as conflicts of what waits for
 * traffic wait with it; but a bundle whose knock can never be answered is refused at once.
 */
final class KnockConflicts {
    private final Ties ties;
    private final Members members;
    private final Blocked blocked;
    private final Map<Integer, BitSet> without = new HashMap<>();
    private final List<Problem> problems = new ArrayList<>();

    KnockConflicts(Ties ties, Members members, Blocked blocked) {
        this.ties = ties;
        this.members = members;
        this.blocked = blocked;
    }

    /** By the bundle knocked on, what its knock cannot start. */
    Map<Integer, BitSet> find() {
        for (int a = 0; a < ties.size() && ties.conflicts.size() > 0; a++) {
            for (int arc = ties.conflicts.outStart(a); arc < ties.conflicts.outEnd(a); arc++) {
                int b = ties.conflicts.head(arc);
                boolean first = arc == ties.conflicts.outStart(a) || ties.conflicts.head(arc - 1) != b;
                if (first && a < b && takesPart(a) && takesPart(b)) {
                    find(a, b, ties.conflicts.label(arc));
                }
            }
        }
        return without;
    }

    List<Problem> problems() {
        return problems;
    }

    private boolean takesPart(int bundle) {
        return members.has(bundle) && !blocked.has(bundle);
    }

    private void find(int a, int b, Edge edge) {
        if (ties.lazy[a] && ties.lazy[b] && members.waits(a) && members.waits(b)) {
            problems.add(Problem.warning(
                    ties.name(a),
                    edge.source(),
                    ties.name(a) + " and " + ties.name(b) + " are never up together, but both wait for traffic:"
                            + " the first knock on one stops the other",
                    "start one of them only"));
        }
        for (int knocked : Numbers.of(waitingAskers(a, b))) {
            Members job = Members.of(ties, new int[] {knocked}, true);
            if (Blocked.isConflict(ties, job, a, b)) {
                problems.add(Words.conflict(ties, job, a, b, edge));
                leaveOut(knocked, job, a, b);
            }
        }
    }

    /** Those whose knock would start one of the two. */
    private BitSet waitingAskers(int a, int b) {
        BitSet askers = new BitSet();
        BitSet seen = new BitSet();
        ArrayDeque<Integer> queue = new ArrayDeque<>();
        for (int bundle : new int[] {a, b}) {
            if (members.waits(bundle)) {
                seen.set(bundle);
                queue.add(bundle);
            }
        }
        while (!queue.isEmpty()) {
            int bundle = queue.remove();
            if (ties.lazy[bundle]) {
                askers.set(bundle, !blocked.has(bundle));
                continue;
            }
            for (int place = ties.pulls.inStart(bundle); place < ties.pulls.inEnd(bundle); place++) {
                int asking = ties.pulls.tail(ties.pulls.in(place));
                if (members.waits(asking) && !seen.get(asking)) {
                    seen.set(asking);
                    queue.add(asking);
                }
            }
        }
        return askers;
    }

    private void leaveOut(int knocked, Members job, int a, int b) {
        BitSet gone = without.getOrDefault(knocked, new BitSet());
        without.put(knocked, gone);
        ArrayDeque<Integer> queue = new ArrayDeque<>(List.of(a, b));
        while (!queue.isEmpty()) {
            int bundle = queue.remove();
            if (gone.get(bundle)) {
                continue;
            }
            gone.set(bundle);
            for (int place = ties.pulls.inStart(bundle); place < ties.pulls.inEnd(bundle); place++) {
                int arc = ties.pulls.in(place);
                if (ties.pulls.label(arc).isRequirement() && job.has(ties.pulls.tail(arc))) {
                    queue.add(ties.pulls.tail(arc));
                }
            }
        }
    }
}

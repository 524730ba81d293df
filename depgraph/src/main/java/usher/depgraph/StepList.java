package usher.depgraph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import usher.bundles.ListeningSocket;

/** Collects steps and puts them in plan order: by wave, kind, name and socket. */
final class StepList {
    private static final Optional<ListeningSocket> NONE = Optional.empty();
    private final Comparator<Draft> planOrder = new Comparator<>() {
        @Override
        public int compare(Draft a, Draft b) {
            int lasts = Boolean.compare(a.bundle == last, b.bundle == last);
            return lasts != 0 ? lasts : StepList.compare(a, b);
        }
    };

    private final Ties ties;
    private final int last;
    private final List<Draft> drafts = new ArrayList<>();

    private record Draft(
            int wave, Step.Kind kind, int bundle, int place, Optional<ListeningSocket> socket, List<Edge> after) {}

    /** {@code last} is the bundle whose start comes last in the list, whatever its wave; or -1. */
    StepList(Ties ties, int last) {
        this.ties = ties;
        this.last = last;
    }

    void add(int wave, Step.Kind kind, int bundle, List<Edge> after) {
        drafts.add(new Draft(wave, kind, bundle, 0, NONE, after));
    }

    /** A step for the bundle's socket at this place of its list. */
    void add(int wave, Step.Kind kind, int bundle, int place, List<Edge> after) {
        ListeningSocket socket = ties.bundles[bundle].sockets().get(place);
        drafts.add(new Draft(wave, kind, bundle, place, Optional.of(socket), after));
    }

    /** The stop and close steps of these bundles. */
    void addStops(StopOrder stops) {
        for (int bundle : stops.bundles()) {
            add(stops.stopWave(bundle), Step.Kind.STOP, bundle, stops.after(bundle));
            int sockets = stops.closes(bundle) ? ties.bundles[bundle].sockets().size() : 0;
            for (int place = 0; place < sockets; place++) {
                add(stops.closeWave(bundle), Step.Kind.CLOSE, bundle, place, stops.closeAfter(bundle));
            }
        }
    }

    List<Step> inPlanOrder() {
        Draft[] sorted = drafts.toArray(new Draft[0]);
        Arrays.sort(sorted, planOrder);
        List<Step> steps = new ArrayList<>(sorted.length + 1);
        for (Draft draft : sorted) {
            int seq = steps.size() + 1;
            steps.add(new Step(seq, draft.wave, draft.kind, ties.name(draft.bundle), draft.socket, draft.after));
        }
        return steps;
    }

    private static int compare(Draft a, Draft b) {
        int result = Integer.compare(a.wave, b.wave);
        if (result == 0) {
            result = Integer.compare(rank(a.kind), rank(b.kind));
        }
        if (result == 0) {
            result = Integer.compare(a.bundle, b.bundle);
        }
        return result != 0 ? result : Integer.compare(a.place, b.place);
    }

    private static int rank(Step.Kind kind) {
        return switch (kind) {
            case STOP -> 0;
            case CLOSE -> 1;
            case OPEN -> 2;
            case START -> 3;
        };
    }
}

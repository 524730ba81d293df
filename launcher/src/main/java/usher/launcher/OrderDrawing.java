package usher.launcher;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import usher.bundles.Bundle;
import usher.bundles.BundleName;
import usher.depgraph.Cycle;
import usher.depgraph.Edge;
import usher.depgraph.Plan;
import usher.depgraph.Reason;
import usher.depgraph.Relations;
import usher.depgraph.Step;

/**
 * Draws a plan: a box for each step, an arrow for each order that no chain of others implies. A box is called by its
 * bundle ({@code web}) or bundle and socket ({@code web:http}); what a start stops, {@code stop/web} and
 * {@code close/web:http}, with {@code /api} behind it if a knock at api does so. What waits for traffic is drawn once, however many knocks start it, with arrows from the sockets
 * that may be knocked at; what cannot be started, with the reason; cycles, as they are.
 */
final class OrderDrawing {
    private final Plan plan;
    private final Relations relations;
    private final boolean why;
    private final Drawing drawing;

    private OrderDrawing(Plan plan, Relations relations, boolean why, String title) {
        this.plan = plan;
        this.relations = relations;
        this.why = why;
        drawing = new Drawing(title);
    }

    /** With {@code why}, arrows carry their reasons. */
    static Drawing of(Plan plan, Relations relations, boolean why, String title) {
        return new OrderDrawing(plan, relations, why, title).draw();
    }

    private Drawing draw() {
        Set<Integer> marked = new HashSet<>();
        plan.longestChain().forEach(step -> marked.add(step.seq()));
        new Strand(plan.steps(), Drawing.Look.STEP, marked, "").draw();
        for (Plan.Lazy lazy : plan.lazy()) {
            Strand knock = new Strand(lazy.steps(), Drawing.Look.ON_TRAFFIC, Set.of(), "/" + lazy.bundle());
            List<String> first = knock.draw();
            for (String socket : lazy.on()) {
                String from = lazy.bundle() + ":" + socket;
                if (drawing.has(from)) {
                    first.forEach(to -> arrow(from, to, Drawing.Line.KNOCK, "first knock"));
                }
            }
        }
        cannotStart("refused", plan.refused());
        cannotStart("failed", plan.failed());
        cannotStart("skipped", plan.skipped());
        for (Cycle cycle : plan.cycles()) {
            for (Edge edge : cycle.edges()) {
                cycleBox(edge.from());
                cycleBox(edge.to());
                // A cycle is nothing without its links, asked for or not.
                drawing.add(edge.from().value(), edge.to().value(), Drawing.Line.CYCLE, edge.because());
            }
        }
        return drawing;
    }

    private void cannotStart(String state, Map<BundleName, String> bundles) {
        bundles.forEach((bundle, reason) -> drawing.add(new Drawing.Node(
                bundle.value(), Drawing.Look.CANNOT_START, List.of(bundle + " is " + state, reason), false)));
    }

    private void cycleBox(BundleName bundle) {
        drawing.add(
                new Drawing.Node(bundle.value(), Drawing.Look.CANNOT_START, List.of(bundle + " is on a cycle"), false));
    }

    private void arrow(String from, String to, Drawing.Line line, String reason) {
        drawing.add(from, to, line, why ? reason : "");
    }

    /** Steps that are taken together: those of the job, or those of one knock. */
    private final class Strand {
        private final List<Step> steps;
        private final Drawing.Look look;
        private final Set<Integer> marked;
        private final String suffix;
        private final Map<BundleName, List<Step>> byBundle = new HashMap<>();
        private final Set<String> tails = new HashSet<>();
        private final Set<String> heads = new HashSet<>();
        /** Those that cannot but come after the early sockets, because something does that they are after. */
        private final Set<String> late = new HashSet<>();

        private int lastStop;

        /** @param suffix tells the gates and stops of this strand from those of others */
        Strand(List<Step> all, Drawing.Look look, Set<Integer> marked, String suffix) {
            steps = relations.reduced(all);
            this.look = look;
            this.marked = marked;
            this.suffix = suffix;
            for (Step step : steps) {
                byBundle.computeIfAbsent(step.bundle(), name -> new ArrayList<>())
                        .add(step);
                lastStop = step.kind() == Step.Kind.STOP ? Math.max(lastStop, step.wave()) : lastStop;
            }
        }

        /** The boxes that no arrow leads to. */
        List<String> draw() {
            for (Step step : steps) {
                List<String> label = new ArrayList<>(List.of(step.kind() + " " + name(step)));
                step.socket().ifPresent(socket -> label.add(socket.address().toString()));
                drawing.add(new Drawing.Node(id(step), look, label, marked.contains(step.seq())));
            }
            steps.forEach(this::joinAll);
            stopsBeforeCloses();
            opensBeforeStarts();
            steps.forEach(this::joinAll);
            List<String> first = new ArrayList<>();
            steps.forEach(step -> first.add(id(step)));
            first.removeAll(heads);
            return first;
        }

        private void joinAll(Step step) {
            for (Edge edge : step.after()) {
                for (Step from : before(step, edge)) {
                    join(from, step, edge.because());
                }
            }
            own(step);
        }

        private void join(Step from, Step to, String reason) {
            if (isEarlyOpen(from) && to.kind() == Step.Kind.START && !drawing.has(id(from), id(to))) {
                // Every start is after these: by what it is after itself, or as drawn in the end.
                return;
            }
            draw(from, to, reason);
        }

        private void draw(Step from, Step to, String reason) {
            arrow(id(from), id(to), Drawing.Line.ORDER, reason);
            tails.add(id(from));
            heads.add(id(to));
            if (from.kind() == Step.Kind.START || from.kind() == Step.Kind.OPEN && !isEarlyOpen(from)) {
                late.add(id(to));
            }
        }

        /** The steps that the edge says come before this one. */
        private List<Step> before(Step step, Edge edge) {
            List<Step> others = byBundle.getOrDefault(edge.other(step.bundle()), List.of());
            if (step.kind() == Step.Kind.STOP || step.kind() == Step.Kind.CLOSE) {
                List<Step> closes = others.stream()
                        .filter(other -> isEarlyClose(other)
                                && other.socket().get().source().equals(edge.source()))
                        .toList();
                return closes.isEmpty() ? of(Step.Kind.STOP, others) : closes;
            }
            List<Step> stops = of(Step.Kind.STOP, others);
            if (!stops.isEmpty()) {
                List<Step> closes = of(Step.Kind.CLOSE, others);
                return closes.isEmpty() ? stops : closes;
            }
            List<Step> opens = of(Step.Kind.OPEN, others);
            List<Step> starts = of(Step.Kind.START, others);
            boolean lazy = relations
                    .bundles()
                    .find(edge.other(step.bundle()))
                    .filter(Bundle::isLazy)
                    .isPresent();
            return !opens.isEmpty() && (lazy || starts.isEmpty()) ? opens : starts;
        }

        private static List<Step> of(Step.Kind kind, List<Step> steps) {
            return steps.stream().filter(step -> step.kind() == kind).toList();
        }

        private boolean isEarlyClose(Step step) {
            return step.kind() == Step.Kind.CLOSE && step.wave() <= lastStop;
        }

        private boolean isEarlyOpen(Step step) {
            return step.kind() == Step.Kind.OPEN && step.wave() == 1;
        }

        /** A bundle's processes start after its sockets and end before them, where no gate says so for all. */
        private void own(Step step) {
            for (Step other : byBundle.getOrDefault(step.bundle(), List.of())) {
                boolean opensLate = other.kind() == Step.Kind.OPEN && !isEarlyOpen(other);
                if (step.kind() == Step.Kind.START && opensLate
                        || isEarlyClose(step) && other.kind() == Step.Kind.STOP) {
                    join(other, step, Reason.SOCKET.toString());
                }
            }
        }

        private void stopsBeforeCloses() {
            List<Step> stops = new ArrayList<>();
            List<Step> closes = new ArrayList<>();
            for (Step step : steps) {
                if (step.kind() == Step.Kind.STOP && !tails.contains(id(step))) {
                    stops.add(step);
                } else if (step.kind() == Step.Kind.CLOSE && !isEarlyClose(step)) {
                    closes.add(step);
                }
            }
            gate(stops, closes, "/stopped", "all are down");
        }

        private void opensBeforeStarts() {
            List<Step> opens = steps.stream().filter(this::isEarlyOpen).toList();
            List<Step> starts = of(Step.Kind.START, steps).stream()
                    .filter(step -> !late.contains(id(step)))
                    .toList();
            gate(opens, starts, "/open", "all sockets are open");
        }

        /** All of one before all of the other, by way of a gate if that makes fewer arrows. */
        private void gate(List<Step> first, List<Step> second, String id, String label) {
            String reason = Reason.SOCKET.toString();
            if (first.size() * (long) second.size() <= first.size() + second.size() + 1) {
                first.forEach(from -> second.forEach(to -> draw(from, to, reason)));
                return;
            }
            String gate = id + suffix;
            drawing.add(new Drawing.Node(gate, Drawing.Look.GATE, List.of(label), false));
            for (Step from : first) {
                arrow(id(from), gate, Drawing.Line.ORDER, "");
                tails.add(id(from));
            }
            for (Step to : second) {
                arrow(gate, id(to), Drawing.Line.ORDER, reason);
                heads.add(id(to));
            }
        }

        private String id(Step step) {
            boolean stops = step.kind() == Step.Kind.STOP || step.kind() == Step.Kind.CLOSE;
            return stops && plan.action() == Plan.Action.START ? step.kind() + "/" + name(step) + suffix : name(step);
        }

        private static String name(Step step) {
            return step.bundle()
                    + step.socket().map(socket -> ":" + socket.name()).orElse("");
        }
    }
}

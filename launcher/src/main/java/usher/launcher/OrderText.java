package usher.launcher;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import usher.bundles.BundleName;
import usher.depgraph.Edge;
import usher.depgraph.Plan;
import usher.depgraph.Step;

/** A plan for people: its steps by wave, a longest chain marked, what waits for traffic, what cannot be, a summary. */
final class OrderText {
    private static final String MARK = "*";
    private static final int MOST_NAMES = 8;

    private final Plan plan;
    private final List<Step> steps;
    private final Paint paint;
    private final boolean why;
    private final StringBuilder out = new StringBuilder();

    /**
     * With {@code why}, each reason for an order stands on a line of its own.
     *
     * @param steps those of the plan, with as many of their reasons as are to be shown
     */
    OrderText(Plan plan, List<Step> steps, Paint paint, boolean why) {
        this.plan = plan;
        this.steps = steps;
        this.paint = paint;
        this.why = why;
    }

    String text() {
        if (!steps.isEmpty()) {
            out.append(table().text());
        }
        lazy();
        cannotStart();
        if (!out.isEmpty()) {
            out.append('\n');
        }
        summary();
        return out.toString();
    }

    private Table table() {
        BitSet chain = new BitSet();
        plan.longestChain().forEach(step -> chain.set(step.seq()));
        Table table = new Table(paint).header("WAVE", "", "STEP", "BUNDLE", "ADDRESS", why ? "BECAUSE" : "AFTER");
        int wave = 0;
        for (Step step : steps) {
            String number = step.wave() == wave ? "" : Integer.toString(step.wave());
            wave = step.wave();
            String mark = chain.get(step.seq()) ? MARK : "";
            String address =
                    step.socket().map(socket -> socket.address().toString()).orElse("");
            List<String> after = why ? reasons(step) : List.of(names(step));
            Paint.Colour colour = mark.isEmpty() ? Paint.Colour.PLAIN : Paint.Colour.YELLOW;
            String first = after.isEmpty() ? "" : after.get(0);
            table.row(
                    colour,
                    3,
                    number,
                    mark,
                    step.kind().toString(),
                    step.bundle().value(),
                    address,
                    first);
            for (String reason : after.subList(Math.min(1, after.size()), after.size())) {
                table.row("", "", "", "", "", reason);
            }
        }
        return table;
    }

    private static List<String> reasons(Step step) {
        List<String> reasons = new ArrayList<>();
        for (Edge edge : step.after()) {
            reasons.add("after " + edge.other(step.bundle()) + " (" + edge.because() + ")");
        }
        return reasons;
    }

    private static String names(Step step) {
        Set<BundleName> names = new TreeSet<>();
        step.after().forEach(edge -> names.add(edge.other(step.bundle())));
        List<String> shown = new ArrayList<>();
        for (BundleName name : names) {
            if (shown.size() == MOST_NAMES) {
                return String.join(", ", shown) + " and " + (names.size() - MOST_NAMES) + " more";
            }
            shown.add(name.value());
        }
        return String.join(", ", shown);
    }

    private void lazy() {
        if (plan.lazy().isEmpty()) {
            return;
        }
        heading("At the first knock:");
        Table table = new Table(paint);
        for (Plan.Lazy lazy : plan.lazy()) {
            if (why) {
                knock(lazy, table);
                continue;
            }
            List<String> steps = new ArrayList<>();
            for (Step step : lazy.steps()) {
                steps.add(step.kind() + " " + step.bundle());
            }
            String last = steps.size() > MOST_NAMES ? " and " + (steps.size() - MOST_NAMES) + " more" : "";
            List<String> shown = steps.subList(0, Math.min(steps.size(), MOST_NAMES));
            table.row("  " + lazy.bundle(), "on " + String.join(", ", lazy.on()), String.join(", ", shown) + last);
        }
        out.append(table.text());
    }

    /** A line for each step, and for each of its reasons. */
    private static void knock(Plan.Lazy lazy, Table table) {
        String name = "  " + lazy.bundle();
        String on = "on " + String.join(", ", lazy.on());
        for (Step step : lazy.steps()) {
            List<String> reasons = reasons(step);
            String what = step.kind() + " " + step.bundle();
            table.row(name, on, what, reasons.isEmpty() ? "" : reasons.get(0));
            name = "";
            on = "";
            for (String reason : reasons.subList(Math.min(1, reasons.size()), reasons.size())) {
                table.row("", "", "", reason);
            }
        }
    }

    private void cannotStart() {
        if (plan.refused().isEmpty()
                && plan.failed().isEmpty()
                && plan.skipped().isEmpty()) {
            return;
        }
        heading("Cannot be started:");
        Table table = new Table(paint);
        cannotStart(table, State.REFUSED, plan.refused());
        cannotStart(table, State.FAILED, plan.failed());
        cannotStart(table, State.SKIPPED, plan.skipped());
        out.append(table.text());
    }

    private static void cannotStart(Table table, State state, Map<BundleName, String> reasons) {
        reasons.forEach((bundle, reason) -> table.row(Paint.of(state), 1, "  " + bundle, state.toString(), reason));
    }

    private void heading(String text) {
        out.append(out.isEmpty() ? "" : "\n")
                .append(paint.paint(Paint.Colour.BOLD, text))
                .append('\n');
    }

    private void summary() {
        Set<BundleName> bundles = new HashSet<>();
        plan.steps().forEach(step -> bundles.add(step.bundle()));
        int waves = steps.isEmpty() ? 0 : steps.get(steps.size() - 1).wave();
        out.append(title(plan)).append(": ");
        if (plan.steps().isEmpty()) {
            out.append("nothing to do\n");
            return;
        }
        out.append(count(plan.steps().size(), "step"))
                .append(" for ")
                .append(count(bundles.size(), "bundle"))
                .append(" in ")
                .append(count(waves, "wave"));
        if (!plan.lazy().isEmpty()) {
            out.append(", ").append(plan.lazy().size()).append(" of them started by traffic");
        }
        out.append(waves > 1 ? "; " + MARK + " marks a longest chain\n" : "\n");
    }

    /** {@code Start of a, b}. */
    static String title(Plan plan) {
        return (plan.action() == Plan.Action.START ? "Start of " : "Stop of ") + requested(plan);
    }

    private static String requested(Plan plan) {
        List<String> names = new ArrayList<>();
        for (BundleName name : plan.requested()) {
            if (names.size() == MOST_NAMES) {
                return String.join(", ", names) + " and " + (plan.requested().size() - MOST_NAMES) + " more";
            }
            names.add(name.value());
        }
        return names.isEmpty() ? "nothing" : String.join(", ", names);
    }

    private static String count(int number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }
}

package usher.launcher;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import usher.bundles.Bundle;
import usher.bundles.BundleName;
import usher.bundles.BundleSet;
import usher.bundles.Problem;
import usher.depgraph.Plan;
import usher.depgraph.RecordedOrder;
import usher.depgraph.Relations;

/** {@code usher order}: what a start or a stop would do, computed without a launcher. */
final class OrderCommand {
    private OrderCommand() {}

    /** The exit status: 0; 1 if anything is wrong with what would be done; 4 if a name is no bundle's. */
    static int run(Arguments arguments, Places places, Paint paint, PrintStream out, PrintStream err) {
        BundleSet bundles = places.read();
        Selection selection = Selection.of(arguments.operands(), bundles);
        Relations relations = Relations.of(bundles);
        Plan plan = arguments.has("stop") ? stop(arguments, selection, relations) : start(selection, relations);
        List<Problem> problems = concerning(arguments.operands(), bundles.problems());
        problems.addAll(plan.problems());
        if (selection.unknown().isEmpty()
                && (arguments.save().isPresent() || arguments.check().isPresent())) {
            return record(arguments, plan, problems, out, err);
        }
        if (selection.unknown().isEmpty()) {
            out.print(show(plan, relations, problems, arguments, paint));
        }
        if (!arguments.json() || !selection.unknown().isEmpty()) {
            Complaints.errors(problems, err);
        }
        if (Complaints.unknown(selection, places, err)) {
            return Exit.NO_SUCH_BUNDLE;
        }
        boolean sound = problems.stream().noneMatch(Problem::isError)
                && plan.refused().isEmpty()
                && plan.failed().isEmpty()
                && plan.skipped().isEmpty();
        return sound ? Exit.DONE : Exit.FAILED;
    }

    /** With names, other entries that are no bundles are nobody's business here: {@code check} tells of them. */
    private static List<Problem> concerning(List<String> names, List<Problem> problems) {
        List<Problem> some = new ArrayList<>();
        for (Problem problem : problems) {
            if (names.isEmpty()
                    || problem.bundle().isEmpty()
                    || names.contains(problem.bundle().get().value())) {
                some.add(problem);
            }
        }
        return some;
    }

    private static String show(
            Plan plan, Relations relations, List<Problem> problems, Arguments arguments, Paint paint) {
        boolean why = arguments.has("why");
        return switch (arguments.format()) {
            case TEXT -> new OrderText(plan, relations.reduced(plan.steps()), paint, why).text();
            case JSON -> OrderJson.of(plan, problems);
            case DOT -> Dot.of(OrderDrawing.of(plan, relations, why, OrderText.title(plan)));
            case MERMAID -> Mermaid.of(OrderDrawing.of(plan, relations, why, OrderText.title(plan)));
        };
    }

    private static int record(
            Arguments arguments, Plan plan, List<Problem> problems, PrintStream out, PrintStream err) {
        Complaints.errors(problems, err);
        int status = Exit.DONE;
        if (arguments.check().isPresent()) {
            status = compare(arguments.check().get(), plan, arguments.json(), out, err);
        }
        if (arguments.save().isPresent()) {
            Path file = arguments.save().get();
            try {
                Files.writeString(file, RecordedOrder.text(plan));
            } catch (IOException e) {
                err.println("usher: " + file + ": cannot be written: " + RunDirectory.reason(e));
                status = Exit.FAILED;
            }
        }
        return status;
    }

    private static int compare(Path file, Plan plan, boolean json, PrintStream out, PrintStream err) {
        String recorded;
        try {
            recorded = Files.readString(file);
        } catch (CharacterCodingException e) {
            recorded = "";
        } catch (IOException e) {
            err.println("usher: " + file + ": " + RunDirectory.reason(e));
            return Exit.FAILED;
        }
        if (!recorded.startsWith("order: ")) {
            err.println("usher: " + file + ": is no recorded order, which begins with \"order: \""
                    + " (usher order --save " + file + " makes one)");
            return Exit.FAILED;
        }
        List<String> differences = RecordedOrder.differences(recorded, plan);
        if (json) {
            Json text = new Json().object().key("changed").value(!differences.isEmpty());
            text.key("differences").array();
            differences.forEach(text::value);
            out.print(text.endArray().endObject().text());
        } else {
            differences.forEach(out::println);
        }
        return differences.isEmpty() ? Exit.DONE : Exit.FAILED;
    }

    private static Plan start(Selection selection, Relations relations) {
        return relations.start(selection.names(), false, Set.of());
    }

    /** With names: as if all bundles were up. Without: as if all that {@code run} may bring up were. */
    private static Plan stop(Arguments arguments, Selection selection, Relations relations) {
        if (arguments.operands().isEmpty()) {
            Set<BundleName> all = selection.closure(relations);
            return relations.stop(all, all);
        }
        Set<BundleName> up = new TreeSet<>();
        for (Bundle bundle : relations.bundles().bundles()) {
            up.add(bundle.name());
        }
        return relations.stop(selection.names(), up);
    }
}

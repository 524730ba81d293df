package usher.launcher;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import usher.bundles.Bundle;
import usher.bundles.BundleSet;
import usher.bundles.Problem;
import usher.depgraph.Relations;

/** {@code usher check}: everything wrong or doubtful about the tree. */
final class CheckCommand {
    private CheckCommand() {}

    /** The exit status: 0, though something may be doubtful; 1 if anything is wrong; 4 if a name is no bundle's. */
    static int run(Arguments arguments, Places places, Paint paint, PrintStream out, PrintStream err) {
        BundleSet bundles = places.read();
        Selection selection = Selection.of(arguments.operands(), bundles);
        if (Complaints.unknown(selection, places, err)) {
            return Exit.NO_SUCH_BUNDLE;
        }
        List<Problem> problems =
                problems(bundles, selection, !arguments.operands().isEmpty());
        out.print(arguments.json() ? json(problems, bundles) : text(problems, bundles, paint));
        return problems.stream().anyMatch(Problem::isError) ? Exit.FAILED : Exit.DONE;
    }

    private static List<Problem> problems(BundleSet bundles, Selection selection, boolean named) {
        Set<Problem> all = new LinkedHashSet<>(bundles.problems());
        for (Bundle bundle : bundles.bundles()) {
            if (!named || selection.names().contains(bundle.name())) {
                all.addAll(bundle.problems());
            }
        }
        if (named) {
            all.removeIf(problem -> problem.bundle()
                    .filter(bundle -> !selection.names().contains(bundle))
                    .isPresent());
        }
        Relations relations = Relations.of(bundles);
        all.addAll(named ? relations.checkOnly(selection.names()) : relations.check(selection.names()));
        List<Problem> problems = new ArrayList<>(all);
        problems.sort(Problem.BY_WEIGHT);
        return problems;
    }

    private static String text(List<Problem> problems, BundleSet bundles, Paint paint) {
        StringBuilder out = new StringBuilder();
        int errors = 0;
        for (Problem problem : problems) {
            errors += problem.isError() ? 1 : 0;
            String severity = problem.isError()
                    ? paint.paint(Paint.Colour.RED, "error")
                    : paint.paint(Paint.Colour.YELLOW, "warning");
            out.append(severity).append(": ").append(problem).append('\n');
        }
        return out.append(bundles.bundles().size())
                .append(bundles.bundles().size() == 1 ? " bundle, " : " bundles, ")
                .append(errors)
                .append(errors == 1 ? " error, " : " errors, ")
                .append(problems.size() - errors)
                .append(problems.size() - errors == 1 ? " warning\n" : " warnings\n")
                .toString();
    }

    private static String json(List<Problem> problems, BundleSet bundles) {
        Json json = new Json().object().key("problems");
        OrderJson.problems(json, problems);
        long errors = problems.stream().filter(Problem::isError).count();
        return json.member("bundles", bundles.bundles().size())
                .member("errors", errors)
                .member("warnings", problems.size() - errors)
                .endObject()
                .text();
    }
}

package usher.launcher;

import java.io.PrintStream;
import java.util.List;
import usher.bundles.Problem;

/** What commands say to standard error. */
final class Complaints {
    private Complaints() {}

    /** Whether words name no bundle, each of which is complained of. */
    static boolean unknown(Selection selection, Places places, PrintStream err) {
        selection.unknown().forEach(word -> err.println("usher: " + places.noSuchBundle(word)));
        return !selection.unknown().isEmpty();
    }

    /** Whether anything is wrong; what is doubtful is said, too. */
    static boolean all(List<Problem> problems, PrintStream err) {
        problems.forEach(problem -> err.println("usher: " + (problem.isError() ? "" : "warning: ") + problem));
        return problems.stream().anyMatch(Problem::isError);
    }

    /** What is wrong, and nothing of what is doubtful. */
    static void errors(List<Problem> problems, PrintStream err) {
        problems.stream().filter(Problem::isError).forEach(problem -> err.println("usher: " + problem));
    }
}

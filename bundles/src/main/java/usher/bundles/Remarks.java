package usher.bundles;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What an import has to say about the lines it read: each thing once, file by file, in the order of the lines. */
final class Remarks {
    private final Map<Problem, Origin> problems = new LinkedHashMap<>();
    private final Map<String, Integer> files = new LinkedHashMap<>();

    List<Problem> problems() {
        List<Map.Entry<Problem, Origin>> sorted = new ArrayList<>(problems.entrySet());
        sorted.sort(Comparator.comparing((Map.Entry<Problem, Origin> entry) ->
                        files.getOrDefault(entry.getValue().file(), 0))
                .thenComparing(entry -> entry.getValue().line()));
        return sorted.stream().map(Map.Entry::getKey).toList();
    }

    /** Something that the file says and the bundles do not: an error. */
    void lost(Origin at, String message) {
        lost(at, message, "");
    }

    void lost(Origin at, String message, String remedy) {
        add(at, Problem.ofPath(Problem.Severity.ERROR, Shown.name(at.toString()), message, remedy));
    }

    /** The same about a file or directory as a whole. */
    void lostAll(String file, String message) {
        add(new Origin(file, 0), Problem.ofPath(Problem.Severity.ERROR, Shown.name(file), message, ""));
    }

    /** Something that means a little else in the bundles, or nothing there: a warning. */
    void note(Origin at, String message) {
        add(at, Problem.ofPath(Problem.Severity.WARNING, Shown.name(at.toString()), message, ""));
    }

    private void add(Origin at, Problem problem) {
        files.putIfAbsent(at.file(), files.size());
        problems.putIfAbsent(problem, at);
    }
}

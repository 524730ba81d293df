package usher.depgraph;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import usher.bundles.BundleName;

/**
 * A plan as a text to be kept beside the tree and read in code reviews: a line a step under its wave, a line a reason
 * under its step, indented by two; the same text on every machine for the same plan.
 *
 * <pre>
 * order: start default
 * wave 1
 *   open web:http tcp:127.0.0.1:8080
 * wave 2
 *   start db
 *     after log (db/after/log)
 * on traffic for web
 *   wave 1
 *     start web
 * refused a: on a cycle: ...
 * </pre>
 */
public final class RecordedOrder {
    private final Map<String, Entry> entries;

    private record Entry(String wave, Set<String> reasons) {}

    private RecordedOrder(Map<String, Entry> entries) {
        this.entries = entries;
    }

    /** The text of a plan. */
    public static String text(Plan plan) {
        StringBuilder text = new StringBuilder();
        text.append("order: ").append(plan.action().name().toLowerCase(Locale.ROOT));
        plan.requested().forEach(name -> text.append(' ').append(name));
        text.append('\n');
        steps(plan.steps(), "", text);
        for (Plan.Lazy lazy : plan.lazy()) {
            text.append("on traffic for ").append(lazy.bundle()).append('\n');
            steps(lazy.steps(), "  ", text);
        }
        for (Cycle cycle : plan.cycles()) {
            text.append("cycle\n");
            cycle.edges()
                    .forEach(edge -> text.append("  ").append(Words.edge(edge)).append('\n'));
        }
        states("refused", plan.refused(), text);
        states("failed", plan.failed(), text);
        states("skipped", plan.skipped(), text);
        return text.toString();
    }

    private static void steps(List<Step> steps, String indent, StringBuilder text) {
        int wave = 0;
        for (Step step : steps) {
            if (step.wave() != wave) {
                wave = step.wave();
                text.append(indent).append("wave ").append(wave).append('\n');
            }
            text.append(indent).append("  ").append(step.kind()).append(' ').append(step.bundle());
            step.socket()
                    .ifPresent(socket ->
                            text.append(':').append(socket.name()).append(' ').append(socket.address()));
            text.append('\n');
            for (Edge edge : step.after()) {
                text.append(indent).append("    after ").append(edge.other(step.bundle()));
                text.append(" (").append(edge.because()).append(")\n");
            }
        }
    }

    private static void states(String state, Map<BundleName, String> bundles, StringBuilder text) {
        bundles.forEach((name, why) -> text.append(state)
                .append(' ')
                .append(name)
                .append(": ")
                .append(why)
                .append('\n'));
    }

    /** What has changed from a recorded text to a plan, a sentence a step; empty if nothing has. */
    public static List<String> differences(String recorded, Plan plan) {
        String now = text(plan);
        if (recorded.equals(now)) {
            return List.of();
        }
        List<String> sentences = parse(recorded).compareTo(parse(now));
        return sentences.isEmpty() ? List.of("the text differs, the order does not") : sentences;
    }

    private static RecordedOrder parse(String text) {
        Map<String, Entry> entries = new LinkedHashMap<>();
        String part = "";
        String wave = "";
        Entry entry = new Entry("", new TreeSet<>());
        for (String line : text.lines().toList()) {
            String content = line.strip();
            if (content.startsWith("wave ")) {
                wave = content;
            } else if (content.startsWith("after ")) {
                entry.reasons.add(content);
            } else if (content.startsWith("on traffic ")) {
                part = " " + content;
            } else if (!content.isEmpty() && line.startsWith(" ")) {
                entry = new Entry(wave, new TreeSet<>());
                entries.put(content + part, entry);
            } else if (!content.isEmpty()) {
                part = "";
                wave = "";
                entries.put(content, new Entry("", new TreeSet<>()));
            }
        }
        return new RecordedOrder(entries);
    }

    private List<String> compareTo(RecordedOrder now) {
        List<String> sentences = new ArrayList<>();
        Set<String> moved = new TreeSet<>();
        now.entries.forEach((step, entry) -> {
            Entry before = entries.get(step);
            if (before != null && !before.wave.equals(entry.wave)) {
                moved.add(step);
            }
        });
        entries.forEach((step, entry) -> {
            if (!now.entries.containsKey(step)) {
                sentences.add("gone: " + step + in(entry.wave));
            }
        });
        now.entries.forEach((step, entry) -> {
            Entry before = entries.get(step);
            if (before == null) {
                sentences.add("new: " + step + in(entry.wave) + because(entry.reasons, Set.of()));
            } else if (moved.contains(step) || !before.reasons.equals(entry.reasons)) {
                String change = moved.contains(step) ? " moved from " + before.wave + " to " + entry.wave : " stays";
                String why = because(minus(entry.reasons, before.reasons), minus(before.reasons, entry.reasons));
                sentences.add(step + change + (why.isEmpty() ? carried(entry, moved) : why));
            }
        });
        return sentences;
    }

    private static String in(String wave) {
        return wave.isEmpty() ? "" : ", " + wave;
    }

    private static Set<String> minus(Set<String> one, Set<String> other) {
        Set<String> rest = new TreeSet<>(one);
        rest.removeAll(other);
        return rest;
    }

    private static String because(Set<String> added, Set<String> removed) {
        String now = added.stream().map(reason -> ", now " + reason).collect(Collectors.joining());
        return now + removed.stream().map(reason -> ", no longer " + reason).collect(Collectors.joining());
    }

    /** A step may move only because what it is after has moved. */
    private static String carried(Entry entry, Set<String> moved) {
        for (String reason : entry.reasons) {
            String other = reason.substring("after ".length(), reason.lastIndexOf(" ("));
            for (String step : moved) {
                if (step.equals("start " + other)
                        || step.equals("stop " + other)
                        || step.startsWith("open " + other + ":")) {
                    return " with " + other + ", " + reason;
                }
            }
        }
        return " with the sockets opened before or the processes stopped before";
    }
}

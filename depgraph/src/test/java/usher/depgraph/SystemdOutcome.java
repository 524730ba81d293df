package usher.depgraph;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What systemd said it would do, read from the dump and the log of {@code systemd --test}.
 *
 * @param refusal why it would do nothing at all; empty if it would do something. Then nothing else is known but cycles
 * @param started the units with a start job, after systemd has dropped what it chose to drop
 * @param properties by unit and property ({@code After}), the units named
 * @param cycles each cycle that was found, as units
 */
record SystemdOutcome(
        String refusal,
        Set<String> started,
        Map<String, Map<String, Set<String>>> properties,
        List<Set<String>> cycles) {

    private static final Pattern UNIT = Pattern.compile("\t-> Unit (.+):");
    private static final Pattern ACTION = Pattern.compile("\tAction: (\\S+) -> (\\S+)$");
    private static final Pattern PROPERTY = Pattern.compile("\t\t(After|Wants|Requires|Conflicts): (\\S+) \\(.*\\)");
    private static final Pattern ON_CYCLE =
            Pattern.compile("(\\S+): Found (ordering cycle|dependency) on (\\S+)/(?:start|stop)");
    private static final Pattern REFUSED = Pattern.compile("Failed to start default target: (.*)");

    static SystemdOutcome read(List<String> dump, List<String> log) {
        Set<String> started = new TreeSet<>();
        Map<String, Map<String, Set<String>>> properties = new HashMap<>();
        String unit = "";
        for (String line : dump) {
            if (!line.startsWith("\t")) {
                continue;
            }
            Matcher name = UNIT.matcher(line);
            Matcher action = ACTION.matcher(line);
            Matcher property = PROPERTY.matcher(line);
            if (name.matches()) {
                unit = name.group(1);
                properties.computeIfAbsent(unit, u -> new HashMap<>());
            } else if (action.find()) {
                if (!action.group(2).equals("start")) {
                    throw new AssertionError("nothing runs, so there is nothing to do but start: " + line);
                }
                started.add(action.group(1));
            } else if (property.matches()) {
                properties
                        .computeIfAbsent(unit, u -> new HashMap<>())
                        .computeIfAbsent(property.group(1), p -> new TreeSet<>())
                        .add(property.group(2));
            }
        }
        return new SystemdOutcome(refusal(log), started, properties, cycles(log));
    }

    private static String refusal(List<String> log) {
        for (String line : log) {
            Matcher refused = REFUSED.matcher(line);
            if (refused.matches()) {
                return refused.group(1);
            }
        }
        return "";
    }

    private static List<Set<String>> cycles(List<String> log) {
        List<Set<String>> cycles = new ArrayList<>();
        for (String line : log) {
            Matcher on = ON_CYCLE.matcher(line);
            if (on.matches()) {
                if (on.group(2).equals("ordering cycle")) {
                    cycles.add(new TreeSet<>(Set.of(on.group(1))));
                }
                cycles.get(cycles.size() - 1).add(on.group(3));
            }
        }
        return cycles;
    }

    boolean isRefused() {
        return !refusal.isEmpty();
    }

    Set<String> named(String unit, String property) {
        return properties.getOrDefault(unit, Map.of()).getOrDefault(property, Set.of());
    }

    /** All that starting the unit asks for, before anything is dropped: itself, and what is wanted or required. */
    Set<String> takenIn(String asked) {
        Set<String> taken = new TreeSet<>();
        ArrayDeque<String> queue = new ArrayDeque<>(List.of(asked));
        while (!queue.isEmpty()) {
            String unit = queue.remove();
            if (properties.containsKey(unit) && taken.add(unit)) {
                queue.addAll(named(unit, "Wants"));
                queue.addAll(named(unit, "Requires"));
            }
        }
        return taken;
    }

    /** All orders among these units. */
    OrderedPairs orders(Collection<String> units) {
        OrderedPairs orders = new OrderedPairs();
        units.forEach(unit -> named(unit, "After").forEach(first -> orders.add(first, unit)));
        return orders.among(units);
    }

    boolean isConflict(String one, String other) {
        return named(one, "Conflicts").contains(other)
                || named(other, "Conflicts").contains(one);
    }
}

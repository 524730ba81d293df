package usher.depgraph;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Orders between units, by their names: small, and made to be asked rather than to be quick. */
final class OrderedPairs {
    private final Map<String, Set<String>> next = new TreeMap<>();

    void add(String first, String second) {
        next.computeIfAbsent(first, n -> new TreeSet<>()).add(second);
    }

    /** Whether the order is said, not only implied. */
    boolean has(String first, String second) {
        return next.getOrDefault(first, Set.of()).contains(second);
    }

    OrderedPairs among(Collection<String> units) {
        Set<String> chosen = Set.copyOf(units);
        OrderedPairs pairs = new OrderedPairs();
        next.forEach((first, seconds) -> seconds.stream()
                .filter(second -> chosen.contains(first) && chosen.contains(second))
                .forEach(second -> pairs.add(first, second)));
        return pairs;
    }

    /** By unit, all that come after it, however many steps away. */
    Map<String, Set<String>> closure() {
        Map<String, Set<String>> all = new HashMap<>();
        next.keySet().forEach(first -> all.put(first, reach(first)));
        return all;
    }

    /** What can be reached from the unit in one step or more; so itself only if it is on a cycle. */
    Set<String> reach(String first) {
        Set<String> seen = new LinkedHashSet<>();
        ArrayDeque<String> queue = new ArrayDeque<>(next.getOrDefault(first, Set.of()));
        while (!queue.isEmpty()) {
            String unit = queue.remove();
            if (seen.add(unit)) {
                queue.addAll(next.getOrDefault(unit, Set.of()));
            }
        }
        return seen;
    }

    /** The units that are on cycles, each with all that are on one with it. */
    Map<String, Set<String>> knots() {
        Map<String, Set<String>> reached = closure();
        Map<String, Set<String>> knots = new TreeMap<>();
        reached.forEach((unit, others) -> {
            if (others.contains(unit)) {
                Set<String> knot = new TreeSet<>(others);
                knot.removeIf(other -> !reached.getOrDefault(other, Set.of()).contains(unit));
                knots.put(unit, knot);
            }
        });
        return knots;
    }
}

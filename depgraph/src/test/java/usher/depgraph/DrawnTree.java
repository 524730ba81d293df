package usher.depgraph;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A drawn tree, said once for both sides: it is written as bundles and as systemd units. An entry of a bundle is a flag
 * ({@code target}, {@code eager}) or a link ({@code after/b1}, {@code log/b2}, {@code sockets/s0}; {@code connects/b3}
 * connects to the first socket of b3).
 *
 * @param asked the bundle to be started
 * @param now whether its processes are to start although it is lazy
 * @param entries by bundle
 */
record DrawnTree(long seed, String asked, boolean now, Map<String, List<String>> entries) {
    /** Named by some links, and does not exist. */
    static final String NOBODY = "nosuch";

    /** The relations by which one bundle takes another in. */
    static final List<String> PULLS = List.of("wants", "requires", "log", "connects");

    DrawnTree {
        entries = new TreeMap<>(entries);
    }

    List<String> entries(String bundle) {
        return entries.getOrDefault(bundle, List.of());
    }

    List<String> links(String bundle, String relation) {
        return entries(bundle).stream()
                .filter(entry -> entry.startsWith(relation + "/"))
                .map(entry -> entry.substring(relation.length() + 1))
                .toList();
    }

    boolean has(String bundle, String entry) {
        return entries(bundle).contains(entry);
    }

    List<String> sockets(String bundle) {
        return links(bundle, "sockets");
    }

    boolean isLazy(String bundle) {
        return !sockets(bundle).isEmpty() && !has(bundle, "eager");
    }

    String address(String bundle, String socket) {
        int port = 2000 + 10 * List.copyOf(entries.keySet()).indexOf(bundle);
        return "127.0.0.1:" + (port + sockets(bundle).indexOf(socket));
    }

    /** Whether an explicit order between the two is said, from either side. */
    boolean isExplicit(String a, String b) {
        return isBefore(a, b) || isBefore(b, a);
    }

    boolean isBefore(String a, String b) {
        return has(a, "before/" + b) || has(b, "after/" + a);
    }

    /** Whether an explicit link contradicts the order that is derived from {@code second}'s asking for {@code first}. */
    boolean isContradicted(String first, String second) {
        return isBefore(second, first)
                && PULLS.stream()
                        .filter(pull -> !pull.equals("wants") || has(second, "target"))
                        .anyMatch(pull -> has(second, pull + "/" + first));
    }

    /** The unit that stands for the bundle's processes, or for a target. */
    String process(String bundle) {
        return bundle + (has(bundle, "target") ? ".target" : ".service");
    }

    String unit(String bundle, String socket) {
        return bundle + "-" + socket + ".socket";
    }

    List<String> socketUnits(String bundle) {
        return sockets(bundle).stream().map(socket -> unit(bundle, socket)).toList();
    }

    /** What has to be up for those after the bundle. */
    List<String> up(String bundle) {
        return isLazy(bundle) ? socketUnits(bundle) : List.of(process(bundle));
    }

    /** All units of a bundle that has orders or is up: not the one that {@link #waits} names. */
    List<String> units(String bundle) {
        List<String> units = new ArrayList<>(socketUnits(bundle));
        units.add(process(bundle));
        return units;
    }

    /** The unit that takes in what a bundle needs while it waits for traffic. */
    String waits(String bundle) {
        return bundle + "-waits.target";
    }

    String askedUnit() {
        return isLazy(asked) && !now ? waits(asked) : process(asked);
    }

    /** Whether the unit stands for a bundle; others only help to say what bundles mean. */
    boolean isOfTree(String unit) {
        return entries.containsKey(bundle(unit)) && !unit.equals(waits(bundle(unit)));
    }

    /** The bundle a unit belongs to, whatever is before the first dash or dot of its name. */
    static String bundle(String unit) {
        return unit.split("[-.]", 2)[0];
    }

    @Override
    public String toString() {
        return entries.entrySet().stream()
                .map(DrawnTree::line)
                .collect(Collectors.joining(
                        "\n", "seed " + seed + ", start " + (now ? "--now " : "") + asked + "\n", "\n"));
    }

    private static String line(Map.Entry<String, List<String>> bundle) {
        return "  " + bundle.getKey() + ": " + String.join(" ", bundle.getValue());
    }
}

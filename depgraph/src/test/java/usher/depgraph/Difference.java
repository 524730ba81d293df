package usher.depgraph;

import java.util.List;

/** One thing in which usher and systemd differ about one tree. Units are systemd's names, bundles usher's. */
sealed interface Difference {
    /** A unit that systemd takes in, and of whose bundle usher's plan says nothing. */
    record OnlySystemdTakesIn(String unit) implements Difference {}

    /** A unit or bundle that usher's plan speaks of, and systemd does not take in. */
    record OnlyUsherTakesIn(String what) implements Difference {}

    /** A unit that systemd starts, of a bundle that usher says it cannot start. */
    record OnlySystemdStarts(String unit) implements Difference {}

    /** A step of usher's for which systemd has dropped its job. */
    record OnlyUsherStarts(String unit) implements Difference {}

    /** systemd refuses all of the job, and usher would start what was asked for. */
    record OnlySystemdRefuses(String refusal) implements Difference {}

    /** What is on a cycle, in conflict, or without its requirement by systemd's dependencies, and usher starts it. */
    record UsherStartsInVain(String bundle, String because) implements Difference {}

    record OnlySystemdSeesCycle(String units) implements Difference {}

    record OnlyUsherSeesCycle(List<Edge> edges) implements Difference {}

    record Contradiction(String firstBySystemd, String firstByUsher) implements Difference {}

    record OnlySystemdOrders(String first, String second) implements Difference {}

    record OnlyUsherOrders(String first, String second) implements Difference {}

    /** A unit that only one of them would start at the first knock on a bundle. */
    record FirstKnock(String bundle, String unit, boolean bySystemd) implements Difference {}
}

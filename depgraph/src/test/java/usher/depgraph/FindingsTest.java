package usher.depgraph;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class FindingsTest {
    private static String check(Tree tree) {
        return Show.problems(tree.relations().check(tree.names()));
    }

    @Test
    void findsNothingInASoundTree() {
        assertThat(check(new Tree().bundle("a", "requires/b", "after/b").bundle("b")))
                .isEmpty();
    }

    @Test
    void findsUnknownNamesAndOrdersThatNothingWants() {
        Tree tree = new Tree().bundle("a", "wants/nosuch", "after/b").bundle("b");
        assertThat(check(tree.target("default", "wants/a")))
                .isEqualTo("ERROR a/wants/nosuch: names nosuch, and there is no such bundle"
                        + " (remove the link, or make that bundle)\n"
                        + "WARNING a/after/b: orders a after b, but nothing wants or requires b"
                        + " (link a/wants/b too if it is needed)");
    }

    /** Without {@code default}, {@code run} starts all that have no {@code down}. */
    @Test
    void findsNothingInAnOrderOfTwoThatRunStarts() {
        Tree tree = new Tree().bundle("a", "after/b", "before/c").bundle("b").bundle("c", "service/down");
        assertThat(check(tree))
                .isEqualTo("WARNING a/before/c: orders a before c, but nothing wants or requires c"
                        + " (link a/wants/c too if it is needed)");
    }

    @Test
    void findsTwoBundlesOnOneAddressUnlessTheyConflict() {
        assertThat(check(new Tree().bundle("a", "sockets/s=1").bundle("b", "sockets/s=1")))
                .contains("ERROR b/sockets/s: listens on tcp:1, and so does a/sockets/s");
        assertThat(check(new Tree().bundle("a", "sockets/s=1").bundle("b", "sockets/s=1", "conflicts/a")))
                .doesNotContain("listens on");
    }

    @Test
    void findsWhatTheKernelWouldNotOpenAndNothingElse() {
        assertThat(between("127.0.0.1:1", "1")).contains("listens on tcp:1, which takes in tcp:127.0.0.1:1");
        assertThat(between("[::]:1", "127.0.0.1:1")).contains("which is taken in by tcp:[::]:1");
        assertThat(between("127.0.0.1:1", "127.0.0.2:1")).isEmpty();
        assertThat(between("0.0.0.0:1", "[::1]:1")).isEmpty();
        assertThat(between("/run/x", "unix-dgram:/run/x")).contains("listens on unix-dgram:/run/x, and so does a");
        assertThat(between("@x", "unix-dgram:@x")).isEmpty();
        assertThat(between("netlink:route 1", "netlink:route 1")).isEmpty();
    }

    private static String between(String one, String other) {
        return check(new Tree().bundle("a", "sockets/s=" + one).bundle("b", "sockets/s=" + other));
    }

    @Test
    void findsCyclesThatNoJobTakesIn() {
        assertThat(check(new Tree().bundle("a", "after/b").bundle("b", "after/a")))
                .contains("a cycle of 2");
    }
}

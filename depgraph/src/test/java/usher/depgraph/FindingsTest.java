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
        assertThat(check(new Tree().bundle("a", "wants/nosuch", "after/b").bundle("b")))
                .isEqualTo("ERROR a/wants/nosuch: names nosuch, and there is no such bundle"
                        + " (remove the link, or make that bundle)\n"
                        + "WARNING a/after/b: orders a after b, but nothing wants or requires b"
                        + " (link a/wants/b too if it is needed)");
    }

    @Test
    void findsTwoBundlesOnOneAddressUnlessTheyConflict() {
        assertThat(check(new Tree().bundle("a", "sockets/s=1").bundle("b", "sockets/s=1")))
                .contains("ERROR b/sockets/s: listens on tcp:1, and so does a/sockets/s");
        assertThat(check(new Tree().bundle("a", "sockets/s=1").bundle("b", "sockets/s=1", "conflicts/a")))
                .doesNotContain("listens on");
    }

    @Test
    void findsCyclesThatNoJobTakesIn() {
        assertThat(check(new Tree().bundle("a", "after/b").bundle("b", "after/a")))
                .contains("a cycle of 2");
    }
}

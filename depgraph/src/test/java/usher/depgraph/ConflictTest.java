package usher.depgraph;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

final class ConflictTest {
    @Test
    void stopsTheOtherAndWhatRequiresItFirst() {
        Relations relations = new Tree()
                .bundle("new", "conflicts/old")
                .bundle("old")
                .bundle("user", "requires/old")
                .relations();

        Plan plan = relations.start(Tree.names("new"), false, Set.of());

        assertThat(Show.steps(plan.steps())).containsExactly("1 stop user", "2 stop old", "3 start new");
        assertThat(Show.edges(plan.steps().get(2).after())).containsExactly("old < new (conflicts new/conflicts/old)");
    }

    @Test
    void opensAnAddressOnceItsHolderIsDown() {
        Relations relations = new Tree()
                .bundle("new", "sockets/s=80", "eager", "conflicts/old")
                .bundle("old", "sockets/s=80", "eager")
                .relations();

        assertThat(Show.start(relations, "new"))
                .containsExactly("1 stop old", "2 close old:s", "3 open new:s", "4 start new");
    }

    @Test
    void keepsTheSocketsOpenThatTheJobOpensWhenTheirDaemonHasToStop() {
        Relations relations = new Tree()
                .target("t", "wants/web", "wants/new")
                .bundle("web", "sockets/s=80", "requires/old")
                .bundle("old")
                .bundle("new", "conflicts/old")
                .relations();

        Plan plan = relations.start(Tree.names("t"), false, Set.of());

        assertThat(Show.steps(plan.steps()))
                .containsExactly("1 stop web", "1 open web:s", "2 stop old", "3 start new", "4 start t");
    }

    @Test
    void refusesBothOfOneJobAndShowsBothChains() {
        Relations relations = new Tree()
                .target("t", "wants/a", "wants/x", "wants/y")
                .bundle("a", "requires/b")
                .bundle("b")
                .bundle("x", "conflicts/b")
                .bundle("y")
                .relations();

        Plan plan = relations.start(Tree.names("t"), false, Set.of());

        assertThat(Show.steps(plan.steps())).containsExactly("1 start y", "2 start t");
        assertThat(plan.refused().keySet()).isEqualTo(Tree.names("a", "b", "x"));
        assertThat(Show.problems(plan.problems()))
                .contains("b (t/wants/a, a/requires/b)")
                .contains("x (t/wants/x)");
    }

    @Test
    void waitsForTheFirstKnockWithTheConflictsOfALazyBundle() {
        Relations relations = new Tree()
                .bundle("web", "sockets/s=80", "conflicts/old")
                .bundle("old")
                .relations();

        Plan plan = relations.start(Tree.names("web"), false, Set.of());

        assertThat(Show.steps(plan.steps())).containsExactly("1 open web:s");
        assertThat(Show.steps(plan.lazy().get(0).steps())).containsExactly("1 stop old", "2 start web");
    }

    @Test
    void refusesABundleWhoseKnockContradictsItself() {
        Relations relations = new Tree()
                .bundle("web", "sockets/s=80", "requires/a", "wants/b")
                .bundle("a", "conflicts/b")
                .bundle("b")
                .relations();

        Plan plan = relations.start(Tree.names("web"), false, Set.of());

        assertThat(plan.steps()).isEmpty();
        assertThat(plan.refused().keySet()).isEqualTo(Tree.names("web"));
    }
}

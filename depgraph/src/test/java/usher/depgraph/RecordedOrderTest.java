package usher.depgraph;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

final class RecordedOrderTest {
    private static Plan plan(Tree tree) {
        return tree.relations().start(Tree.names("t"), false, Set.of());
    }

    private static Tree tree() {
        return new Tree().target("t", "wants/a", "wants/b").bundle("a").bundle("b");
    }

    @Test
    void reads() {
        assertThat(RecordedOrder.text(plan(tree()))).isEqualTo("""
                        order: start t
                        wave 1
                          start a
                          start b
                        wave 2
                          start t
                            after a (target: t/wants/a)
                            after b (target: t/wants/b)
                        """);
    }

    @Test
    void saysNothingWhereNothingChanged() {
        assertThat(RecordedOrder.differences(RecordedOrder.text(plan(tree())), plan(tree())))
                .isEmpty();
    }

    @Test
    void saysWhatMovedAndWhichLinkMovedIt() {
        Plan later = plan(tree().bundle("a", "after/b").bundle("c"));

        assertThat(RecordedOrder.differences(RecordedOrder.text(plan(tree())), later))
                .containsExactly(
                        "start a moved from wave 1 to wave 2, now after b (a/after/b)",
                        "start t moved from wave 2 to wave 3 with a, after a (target: t/wants/a)");
    }

    @Test
    void saysWhatIsNewAndWhatIsGone() {
        Plan later =
                plan(new Tree().target("t", "wants/a", "wants/c").bundle("a").bundle("c"));

        assertThat(RecordedOrder.differences(RecordedOrder.text(plan(tree())), later))
                .containsExactly(
                        "gone: start b, wave 1",
                        "new: start c, wave 1",
                        "start t stays, now after c (target: t/wants/c), no longer after b (target: t/wants/b)");
    }
}

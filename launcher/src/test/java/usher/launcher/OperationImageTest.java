package usher.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import usher.bundles.Bundle;
import usher.bundles.BundleName;
import usher.depgraph.Relations;

/** Operations as they are written down, and come back. */
final class OperationImageTest {
    private final Relations tree = new Trees()
            .target("all")
            .daemon("one")
            .daemon("two")
            .daemon("rival")
            .relations();
    private final Operations operations = new Operations();
    private final Operation all = operations.addStart(bundle("all"));
    private final Operation one = operations.addStart(bundle("one"));
    private final Operation two = operations.addStart(bundle("two"));

    private Bundle bundle(String name) {
        return tree.bundles().find(new BundleName(name)).orElseThrow();
    }

    @Test
    void aTargetIsNotWrittenAnewWithEveryMemberThatIsUp() {
        all.waitFor(one);
        all.waitFor(two);
        OperationImage image = OperationImage.of(all);
        operations.remove(one);
        assertThat(all.waitsFor).containsExactly(two);
        assertThat(image.tells(all)).isTrue();
        all.begun = true;
        assertThat(image.tells(all)).isFalse();
    }

    @ParameterizedTest
    @MethodSource
    void whateverElseChangesIsWritten(Consumer<Operation> change) {
        OperationImage image = OperationImage.of(all);
        change.accept(all);
        assertThat(image.tells(all)).isFalse();
    }

    /** Of every field that can change. */
    static List<Consumer<Operation>> whateverElseChangesIsWritten() {
        return List.of(
                operation -> operation.jobs.add(7L),
                operation -> operation.wish = Life.Wish.RUN,
                operation -> operation.keepSockets = true,
                operation -> operation.wanted = true,
                operation -> operation.standing = true,
                operation -> operation.replace = true,
                operation -> operation.begun = true,
                operation -> operation.rearranged++,
                operation -> operation.replaced = 7,
                operation -> operation.deadline = 7);
    }

    @Test
    void whomItBeginsOrCeasesToWaitForIsWritten() {
        all.waitFor(one);
        OperationImage image = OperationImage.of(all);
        all.waitFor(two);
        assertThat(image.tells(all)).isFalse();
        OperationImage next = OperationImage.of(all);
        all.stopWaitingFor(two);
        assertThat(next.tells(all)).isFalse();
    }

    @Test
    void whoHasEndedIsNotWaitedForAgainThoughHisBundleIsStartedAnew() {
        all.waitFor(one);
        all.waitForDoors(two);
        OperationImage before = OperationImage.of(all);
        operations.remove(one);
        Operation again = operations.addStart(bundle("one"));
        Operations next = new Operations();
        next.restore(List.of(before, OperationImage.of(two), OperationImage.of(again)));
        Operation restored = Objects.requireNonNull(next.start(new BundleName("all")));
        assertThat(restored.waitsFor).isEmpty();
        assertThat(restored.waitsForDoors).containsExactly(next.start(new BundleName("two")));
        assertThat(next.addStart(bundle("rival")).number).isGreaterThan(again.number);
    }
}

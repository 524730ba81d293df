package usher.launcher;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import usher.bundles.Bundle;
import usher.launcher.Life.Wish;

/**
 * An {@link Operation} at one moment, as it is written down for the launcher that comes after this one.
 *
 * @param waitsFor numbers of operations, perhaps also of some that have ended since
 */
record OperationImage(
        long number,
        Operation.Kind kind,
        Bundle bundle,
        List<Long> waitsFor,
        List<Long> waitsForDoors,
        int rearranged,
        Set<Long> jobs,
        Wish wish,
        boolean keepSockets,
        boolean wanted,
        boolean standing,
        boolean replace,
        boolean begun,
        int replaced,
        long deadline) {

    static OperationImage of(Operation operation) {
        return new OperationImage(
                operation.number,
                operation.kind,
                operation.bundle,
                numbers(operation.waitsFor),
                numbers(operation.waitsForDoors),
                operation.rearranged,
                new TreeSet<>(operation.jobs),
                operation.wish,
                operation.keepSockets,
                operation.wanted,
                operation.standing,
                operation.replace,
                operation.begun,
                operation.replaced,
                operation.deadline);
    }

    private static List<Long> numbers(Collection<Operation> operations) {
        List<Long> numbers = new ArrayList<>(operations.size());
        operations.forEach(operation -> numbers.add(operation.number));
        return numbers;
    }

    /**
     * Whether there is nothing more to say of the operation than this. That others have ended for whom it waited is
     * told by their being there no more: a target of ten thousand bundles is not written ten thousand times. Compared by
     * hand: what the compiler makes of a record's equals takes 20 ms of a launcher's start (measured).
     */
    @SuppressWarnings("ReferenceEquality") // a bundle that was read anew is another one
    boolean tells(Operation operation) {
        return number == operation.number
                && kind == operation.kind
                && bundle == operation.bundle
                && rearranged == operation.rearranged
                && wish == operation.wish
                && keepSockets == operation.keepSockets
                && wanted == operation.wanted
                && standing == operation.standing
                && replace == operation.replace
                && begun == operation.begun
                && replaced == operation.replaced
                && deadline == operation.deadline
                && jobs.equals(operation.jobs);
    }

    /** The operation again, as long as it waits for nobody. */
    Operation operation() {
        Operation operation = new Operation(number, kind, bundle);
        operation.rearranged = rearranged;
        operation.jobs.addAll(jobs);
        operation.wish = wish;
        operation.keepSockets = keepSockets;
        operation.wanted = wanted;
        operation.standing = standing;
        operation.replace = replace;
        operation.begun = begun;
        operation.replaced = replaced;
        operation.deadline = deadline;
        return operation;
    }
}

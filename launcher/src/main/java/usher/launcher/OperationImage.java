package usher.launcher;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import usher.bundles.Bundle;
import usher.bundles.BundleName;
import usher.launcher.Life.Wish;

/** An {@link Operation} at one moment, as it is written down for the launcher that comes after this one. */
record OperationImage(
        Operation.Kind kind,
        Bundle bundle,
        List<Ref> waitsFor,
        List<Ref> waitsForDoors,
        Set<Long> jobs,
        Wish wish,
        boolean keepSockets,
        boolean wanted,
        boolean standing,
        boolean replace,
        boolean begun,
        int replaced,
        long deadline) {

    /** Another operation. */
    record Ref(Operation.Kind kind, BundleName bundle) {}

    static OperationImage of(Operation operation) {
        return new OperationImage(
                operation.kind,
                operation.bundle,
                refs(operation.waitsFor),
                refs(operation.waitsForDoors),
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

    private static List<Ref> refs(Collection<Operation> operations) {
        List<Ref> refs = new ArrayList<>(operations.size());
        operations.forEach(operation -> refs.add(new Ref(operation.kind, operation.bundle.name())));
        return refs;
    }

    /** The operation again, as long as it waits for nobody. */
    Operation operation() {
        Operation operation = new Operation(kind, bundle);
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

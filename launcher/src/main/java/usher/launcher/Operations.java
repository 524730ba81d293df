package usher.launcher;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import usher.bundles.Bundle;
import usher.bundles.BundleName;
import usher.depgraph.Edge;
import usher.depgraph.Relations;

/**
 * All operations in flight and what waits for what. Orders hold among all jobs: every edge between two bundles with an
 * operation makes one of them wait, whichever jobs they belong to.
 *
 * <p>INVARIANT: the waiting is free of cycles, so that every operation comes to its turn. A stop waits for stops only;
 * a new start waits for new starts as its plan says, which has no cycle, and for older ones; an older one waits for a
 * new one only where that closes no circle (links may have changed between two jobs).
 */
final class Operations {
    private final TreeMap<BundleName, Operation> starts = new TreeMap<>();
    private final TreeMap<BundleName, Operation> stops = new TreeMap<>();
    private final List<Operation> fresh = new ArrayList<>();

    @Nullable
    Operation start(BundleName bundle) {
        return starts.get(bundle);
    }

    @Nullable
    Operation stop(BundleName bundle) {
        return stops.get(bundle);
    }

    Set<BundleName> starting() {
        return new TreeSet<>(starts.keySet());
    }

    Collection<Operation> startsInFlight() {
        return starts.values();
    }

    Collection<Operation> stopsInFlight() {
        return stops.values();
    }

    Operation addStart(Bundle bundle) {
        return add(new Operation(Operation.Kind.START, bundle), starts);
    }

    Operation addStop(Bundle bundle) {
        return add(new Operation(Operation.Kind.STOP, bundle), stops);
    }

    private Operation add(Operation operation, TreeMap<BundleName, Operation> map) {
        map.put(operation.bundle.name(), operation);
        fresh.add(operation);
        return operation;
    }

    /** Takes the operation out and returns those that waited for it, in the order in which they began to wait. */
    List<Operation> remove(Operation operation) {
        (operation.kind == Operation.Kind.START ? starts : stops).remove(operation.bundle.name(), operation);
        for (Operation other : operation.waitsFor) {
            other.waiters.remove(operation);
        }
        List<Operation> waiters = List.copyOf(operation.waiters);
        for (Operation waiter : waiters) {
            waiter.waitsFor.remove(operation);
        }
        return waiters;
    }

    /** Puts what was added since the last call in its place among all that is in flight. */
    void order(Relations relations) {
        if (fresh.isEmpty()) {
            return;
        }
        Set<Operation> added = new HashSet<>(fresh);
        List<Operation[]> oldBehindNew = new ArrayList<>();
        for (Operation operation : fresh) {
            stopsBefore(operation, relations);
        }
        fresh.clear();
        TreeSet<BundleName> inFlight = new TreeSet<>(starts.keySet());
        inFlight.addAll(stops.keySet());
        for (Edge edge : relations.edges(inFlight)) {
            wait(starts.get(edge.to()), starts.get(edge.from()), added, oldBehindNew);
            wait(starts.get(edge.to()), stops.get(edge.from()), added, oldBehindNew);
            wait(starts.get(edge.from()), stops.get(edge.to()), added, oldBehindNew);
            wait(stops.get(edge.from()), stops.get(edge.to()), added, oldBehindNew);
        }
        for (Operation[] pair : oldBehindNew) {
            if (!reaches(pair[1], pair[0])) {
                pair[0].waitFor(pair[1]);
            }
        }
    }

    /** A start waits for the bundle's own stop and for those it conflicts with. */
    private void stopsBefore(Operation operation, Relations relations) {
        BundleName name = operation.bundle.name();
        if (operation.kind == Operation.Kind.START) {
            waitFor(operation, stops.get(name));
            for (BundleName other : relations.conflicts(name)) {
                waitFor(operation, stops.get(other));
            }
        } else {
            for (BundleName other : relations.conflicts(name)) {
                Operation start = starts.get(other);
                if (start != null) {
                    start.waitFor(operation);
                }
            }
        }
    }

    private static void waitFor(Operation operation, @Nullable Operation other) {
        if (other != null) {
            operation.waitFor(other);
        }
    }

    private static void wait(
            @Nullable Operation later,
            @Nullable Operation earlier,
            Set<Operation> added,
            List<Operation[]> oldBehindNew) {
        if (later == null || earlier == null) {
            return;
        }
        if (added.contains(later)) {
            later.waitFor(earlier);
        } else if (added.contains(earlier)) {
            oldBehindNew.add(new Operation[] {later, earlier});
        }
    }

    /** Whether {@code from} waits, directly or not, for {@code to}. */
    private static boolean reaches(Operation from, Operation to) {
        Set<Operation> seen = new HashSet<>();
        ArrayDeque<Operation> open = new ArrayDeque<>();
        open.add(from);
        while (!open.isEmpty()) {
            Operation next = open.remove();
            if (next == to) {
                return true;
            }
            if (seen.add(next)) {
                open.addAll(next.waitsFor);
            }
        }
        return false;
    }
}

package usher.launcher;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedSet;
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
 * <p>INVARIANT: the waiting is free of circles, so that every operation comes to its turn. A plan has none among its
 * own starts, and the sockets of a lazy bundle wait for nothing but its own stop; but bundles on a cycle may have been started one by one, to be stopped together, and links may have
 * changed between two jobs.
 */
final class Operations {
    // Looked into far more often than gone through.
    private final Map<BundleName, Operation> starts = new HashMap<>();
    private final Map<BundleName, Operation> stops = new HashMap<>();
    private Set<Operation> fresh = new LinkedHashSet<>();
    private long last;

    @Nullable
    Operation start(BundleName bundle) {
        return starts.get(bundle);
    }

    @Nullable
    Operation stop(BundleName bundle) {
        return stops.get(bundle);
    }

    boolean isEmpty() {
        return starts.isEmpty() && stops.isEmpty();
    }

    Set<BundleName> starting() {
        return new TreeSet<>(starts.keySet());
    }

    /** Those with an operation in flight, in order. */
    SortedSet<BundleName> bundles() {
        TreeSet<BundleName> inFlight = new TreeSet<>(starts.keySet());
        inFlight.addAll(stops.keySet());
        return inFlight;
    }

    /** In the order of their bundles' names. */
    List<Operation> startsInFlight() {
        return inOrder(starts);
    }

    /** In the order of their bundles' names. */
    List<Operation> stopsInFlight() {
        return inOrder(stops);
    }

    private static List<Operation> inOrder(Map<BundleName, Operation> operations) {
        List<Operation> all = new ArrayList<>(operations.values());
        all.sort(Comparator.comparing(operation -> operation.bundle.name()));
        return all;
    }

    Operation addStart(Bundle bundle) {
        return add(new Operation(++last, Operation.Kind.START, bundle), starts);
    }

    Operation addStop(Bundle bundle) {
        return add(new Operation(++last, Operation.Kind.STOP, bundle), stops);
    }

    private Operation add(Operation operation, Map<BundleName, Operation> map) {
        map.put(operation.bundle.name(), operation);
        fresh.add(operation);
        return operation;
    }

    /** Those of a launcher before this one, waiting for each other as they did; whom it no longer had is not waited for. */
    void restore(Collection<OperationImage> images) {
        Map<Long, Operation> byNumber = new HashMap<>();
        for (OperationImage image : images) {
            Operation operation = image.operation();
            byNumber.put(image.number(), operation);
            (image.kind() == Operation.Kind.START ? starts : stops).put(operation.bundle.name(), operation);
            last = Math.max(last, image.number());
        }
        for (OperationImage image : images) {
            Operation operation = Objects.requireNonNull(byNumber.get(image.number()));
            image.waitsFor().forEach(number -> waitFor(operation, byNumber.get(number)));
            for (long number : image.waitsForDoors()) {
                Operation other = byNumber.get(number);
                if (other != null) {
                    operation.waitForDoors(other);
                }
            }
        }
    }

    /** Takes the operation out and returns those that waited for it, in the order in which they began to wait. */
    List<Operation> remove(Operation operation) {
        (operation.kind == Operation.Kind.START ? starts : stops).remove(operation.bundle.name(), operation);
        fresh.remove(operation);
        for (Operation other : operation.waitsFor) {
            other.waiters.remove(operation);
        }
        for (Operation other : operation.waitsForDoors) {
            other.doorWaiters.remove(operation);
        }
        List<Operation> waiters = new ArrayList<>(operation.waiters);
        for (Operation waiter : waiters) {
            waiter.waitsFor.remove(operation);
        }
        for (Operation waiter : operation.doorWaiters) {
            waiter.waitsForDoors.remove(operation);
            waiters.add(waiter);
        }
        return waiters;
    }

    /**
     * Puts what was added since the last call in its place among all that is in flight. Of lazy bundles others wait for
     * the sockets only. Returns those that wait for one less, because of a circle: their turn may have come.
     */
    List<Operation> order(Relations relations) {
        boolean several = starts.size() + stops.size() > 1;
        List<Operation> freed = !fresh.isEmpty() && several ? orderAll(relations) : List.of();
        fresh = new LinkedHashSet<>(); // clearing costs as much as there ever was in it
        return freed;
    }

    private List<Operation> orderAll(Relations relations) {
        for (Operation operation : fresh) {
            stopsBefore(operation, relations);
        }
        for (Edge edge : relations.edges(bundles())) {
            Operation earlier = orderedStart(edge.from());
            Operation later = orderedStart(edge.to());
            if (earlier != null && earlier.bundle.isLazy()) {
                waitForDoors(later, earlier);
            } else {
                wait(later, earlier);
            }
            wait(later, stops.get(edge.from()));
            wait(earlier, stops.get(edge.to()));
            wait(stops.get(edge.from()), stops.get(edge.to()));
        }
        return breakCircles();
    }

    private @Nullable Operation orderedStart(BundleName bundle) {
        Operation start = starts.get(bundle);
        return start == null || start.standing ? null : start;
    }

    /** Whether something in flight is to come to its end before a start of this bundle, which has none in flight itself. */
    boolean standBefore(BundleName name, Relations relations) {
        if (isEmpty()) {
            return false;
        }
        Set<BundleName> among = bundles();
        among.add(name);
        for (Edge edge : relations.edges(among)) {
            if (edge.to().equals(name)) {
                Operation earlier = orderedStart(edge.from());
                if (earlier != null && !earlier.bundle.isLazy() || stops.containsKey(edge.from())) {
                    return true;
                }
            } else if (edge.from().equals(name) && stops.containsKey(edge.to())) {
                return true;
            }
        }
        return false;
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

    private void wait(@Nullable Operation later, @Nullable Operation earlier) {
        if (later != null && earlier != null && (fresh.contains(later) || fresh.contains(earlier))) {
            later.waitFor(earlier);
        }
    }

    private void waitForDoors(@Nullable Operation later, Operation earlier) {
        if (later != null && (fresh.contains(later) || fresh.contains(earlier))) {
            later.waitForDoors(earlier);
        }
    }

    /**
     * Takes away the operations that wait for nothing, then those that waited only for these, and so on; where none is
     * left to take, one on a circle waits no longer for the next on it. Returns those ones.
     */
    private List<Operation> breakCircles() {
        List<Operation> allFreed = new ArrayList<>();
        Map<Operation, Integer> waiting = new LinkedHashMap<>();
        ArrayDeque<Operation> free = new ArrayDeque<>();
        for (List<Operation> operations : List.of(stopsInFlight(), startsInFlight())) {
            for (Operation operation : operations) {
                waiting.put(operation, operation.waitsFor.size());
                if (operation.waitsFor.isEmpty()) {
                    free.add(operation);
                }
            }
        }
        while (!waiting.isEmpty()) {
            if (free.isEmpty()) {
                Operation freed = breakOne(waiting);
                allFreed.add(freed);
                if (waiting.merge(freed, -1, Integer::sum) == 0) {
                    free.add(freed);
                }
                continue;
            }
            Operation next = free.remove();
            waiting.remove(next);
            for (Operation waiter : next.waiters) {
                if (waiting.merge(waiter, -1, Integer::sum) == 0) {
                    free.add(waiter);
                }
            }
        }
        return allFreed;
    }

    /** Every one of these waits for another of them: who follows the waiting comes back to where he was. */
    private static Operation breakOne(Map<Operation, Integer> waiting) {
        Set<Operation> passed = new HashSet<>();
        Operation at = waiting.keySet().iterator().next();
        Operation next = at;
        while (passed.add(at)) {
            for (Operation other : at.waitsFor) {
                if (waiting.containsKey(other)) {
                    next = other;
                    break;
                }
            }
            if (passed.contains(next)) {
                break;
            }
            at = next;
        }
        at.stopWaitingFor(next);
        return at;
    }
}

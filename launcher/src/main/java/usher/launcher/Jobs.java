package usher.launcher;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import usher.bundles.BundleName;

/** The jobs under way: which operations each still waits for, and what it is told. Job 0 is the launcher's own. */
final class Jobs {
    static final long OWN = 0;

    private final Map<Long, Set<Operation>> pending = new HashMap<>();

    void begin(long job) {
        pending.put(job, new HashSet<>());
    }

    /** The jobs of these operations, which a launcher before this one has begun. */
    void restore(Collection<Operation> operations) {
        for (Operation operation : operations) {
            for (long job : operation.jobs) {
                pending.computeIfAbsent(job, number -> new HashSet<>()).add(operation);
            }
        }
        pending.remove(OWN);
    }

    void join(long job, Operation operation) {
        operation.jobs.add(job);
        Set<Operation> operations = pending.get(job);
        if (operations != null) {
            operations.add(operation);
        }
    }

    /** An operation has ended: every job that waited for it hears how. */
    void ended(Operation operation, Outcome outcome, List<Effect> effects) {
        for (long job : operation.jobs) {
            effects.add(new Effect.Report(job, operation.bundle.name(), outcome));
            Set<Operation> operations = pending.get(job);
            if (operations != null) {
                operations.remove(operation);
                endIfDone(job, effects);
            }
        }
    }

    void report(long job, BundleName bundle, Outcome outcome, List<Effect> effects) {
        effects.add(new Effect.Report(job, bundle, outcome));
    }

    void endIfDone(long job, List<Effect> effects) {
        Set<Operation> operations = pending.get(job);
        if (operations != null && operations.isEmpty()) {
            pending.remove(job);
            effects.add(new Effect.JobEnded(job));
        }
    }

    boolean isUnderWay(long job) {
        return pending.containsKey(job);
    }
}

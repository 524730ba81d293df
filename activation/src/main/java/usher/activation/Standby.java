package usher.activation;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import usher.activation.posix.Descriptor;
import usher.activation.posix.DescriptorActions;
import usher.activation.posix.DescriptorPlan;
import usher.activation.posix.PosixException;
import usher.activation.posix.Program;

/**
 * A process that is all but made: its control group is there, and program, environment and what is to be done about its
 * descriptors are written down. What is left is the clone.
 */
public final class Standby implements AutoCloseable {
    private final Spawner spawner;
    private final Launch launch;
    private final Program program;
    private final Map<Integer, Descriptor> descriptors;
    /** Where its descriptors are lent low numbers. */
    private final Optional<LowNumbers.Loan> loan;

    private final DescriptorPlan plan;
    private final DescriptorActions actions;

    /**
     * Throws if this process is out of descriptors; otherwise the program is closed with this.
     *
     * @param loan if more is open than is worth copying
     */
    Standby(
            Spawner spawner,
            Launch launch,
            Program program,
            Map<Integer, Descriptor> descriptors,
            Optional<LowNumbers.Loan> loan) {
        this.spawner = spawner;
        this.launch = launch;
        this.program = program;
        this.descriptors = descriptors;
        this.loan = loan;
        plan = new DescriptorPlan(loan.map(LowNumbers.Loan::descriptors).orElse(descriptors));
        actions = loan.isPresent() ? program.actionsApart(plan) : program.actions(plan);
    }

    /** Whether all that it is to get is still what it was, so that it can be made. */
    public boolean isWhole() {
        for (Descriptor descriptor : descriptors.values()) {
            if (!descriptor.isOpen()) {
                return false;
            }
        }
        return true;
    }

    /** Begins it, and waits until it has reached its exec; to be called once, and awaited before this is closed. */
    public PendingSpawn begin() {
        return begin(true, () -> {});
    }

    PendingSpawn begin(boolean waits, Runnable afterwards) {
        if (loan.isEmpty()) {
            return spawner.begin(launch, program, actions, List.of(), waits, afterwards);
        }
        LowNumbers.Loan numbers = loan.get();
        int lent = numbers.begin();
        if (lent < 0) {
            numbers.end();
            afterwards.run();
            return PendingSpawn.done(
                    new Spawning.SpawnFailure(-lent, PosixException.sentence("duplicate", "a descriptor", -lent)));
        }
        PendingSpawn begun = spawner.begin(launch, program, actions, List.of(), waits, () -> {
            numbers.end();
            afterwards.run();
        });
        numbers.isFor(begun);
        return begun;
    }

    @Override
    public void close() {
        actions.close();
        plan.close();
        program.close();
    }
}

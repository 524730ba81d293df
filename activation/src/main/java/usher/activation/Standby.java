package usher.activation;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import usher.activation.posix.Descriptor;
import usher.activation.posix.DescriptorActions;
import usher.activation.posix.DescriptorPlan;
import usher.activation.posix.Descriptors;
import usher.activation.posix.PosixException;
import usher.activation.posix.Program;

/**
 * A process that is all but made: its control group is there, and program, environment and what is to be done about its
 * descriptors are written down. What is left is the clone.
 */
public final class Standby implements AutoCloseable {
    /** So long whoever made the process gives way to it, unless it ends before. */
    private static final int WAY_MILLIS = 1;

    private final Spawner spawner;
    private final Launch launch;
    private final Program program;
    private final Map<Integer, Descriptor> descriptors;
    /** Where its descriptors are lent low numbers. */
    private final Optional<LowNumbers> low;

    private final DescriptorPlan plan;
    private final DescriptorActions actions;

    /**
     * Nothing if a wish cannot be fulfilled or this process is out of descriptors.
     *
     * @param low if more is open than is worth copying
     */
    static Optional<Standby> make(Spawner spawner, Launch launch, Optional<LowNumbers> low) {
        Program program;
        try {
            program = spawner.program(launch);
        } catch (Steps.Refused refused) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Standby(spawner, launch, program, spawner.descriptors(launch), low));
        } catch (PosixException full) {
            program.close();
            return Optional.empty();
        }
    }

    /** Throws if the process is out of descriptors; otherwise the program is closed with this. */
    private Standby(
            Spawner spawner,
            Launch launch,
            Program program,
            Map<Integer, Descriptor> descriptors,
            Optional<LowNumbers> low) {
        this.spawner = spawner;
        this.launch = launch;
        this.program = program;
        this.descriptors = descriptors;
        Optional<Map<Integer, Descriptor>> lent = low.flatMap(numbers -> numbers.inPlaceOf(descriptors));
        this.low = lent.isPresent() ? low : Optional.empty();
        plan = new DescriptorPlan(lent.orElse(descriptors));
        actions = lent.isPresent() ? program.actionsApart(plan) : program.actions(plan);
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

    /** Makes it; to be called once. */
    public Spawning begin() {
        Order order = new Order(program, () -> descriptors, actions, List.of());
        if (low.isEmpty()) {
            return spawner.carryOutHere(launch, order);
        }
        int lent = low.get().lend(descriptors);
        try {
            return lent < 0
                    ? new Spawning.SpawnFailure(-lent, PosixException.sentence("duplicate", "a descriptor", -lent))
                    : spawner.carryOutHere(launch, order);
        } finally {
            low.get().takeBack(descriptors);
        }
    }

    /**
     * Leaves the processor to the new process for the moment that it takes to answer, as a rule. Its parent wakes when it
     * reaches its exec, often on its processor though another one is idle, and would be let in before it.
     */
    public static void giveWayTo(Child child) {
        Descriptors.poll(child.pidfd().number(), Descriptors.POLLIN, WAY_MILLIS);
    }

    @Override
    public void close() {
        actions.close();
        plan.close();
        program.close();
    }
}

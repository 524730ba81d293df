package usher.activation;

import java.util.List;
import usher.activation.posix.Descriptor;
import usher.activation.posix.Descriptors;
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
    private final Order order;

    Standby(Spawner spawner, Launch launch, Program program, Order order) {
        this.spawner = spawner;
        this.launch = launch;
        this.program = program;
        this.order = order;
    }

    /** Whether all that it is to get is still what it was, so that it can be made. */
    public boolean isWhole() {
        for (Descriptor descriptor : order.descriptors().values()) {
            if (!descriptor.isOpen()) {
                return false;
            }
        }
        return true;
    }

    /** Makes it; to be called once. */
    public Spawning begin() {
        return spawner.carryOut(launch, List.of(order)).get(0);
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
        order.close();
        program.close();
    }
}

package usher.activation;

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import usher.activation.posix.Descriptor;
import usher.activation.posix.DescriptorActions;
import usher.activation.posix.DescriptorPlan;
import usher.activation.posix.PosixException;
import usher.activation.posix.Program;

/**
 * One process to be spawned, and its number or the error number negated once it has been; for one thread at a time.
 * First prepared, then run, then closed: preparing is to be done before the limit of descriptors is lowered, as the C
 * library refuses numbers above it.
 */
final class Order implements Runnable, AutoCloseable {
    private final Program program;
    private final Supplier<Map<Integer, Descriptor>> descriptors;
    private final List<String> additions;
    private @Nullable DescriptorActions actions;
    private @Nullable DescriptorPlan ownPlan;
    private @Nullable DescriptorActions ownActions;
    private int result;

    /** With nothing prepared yet. */
    Order(Program program, Map<Integer, Descriptor> descriptors) {
        this(program, () -> descriptors, null, List.of());
    }

    /** @param actions prepared for these descriptors, and closed by the caller */
    Order(
            Program program,
            Supplier<Map<Integer, Descriptor>> descriptors,
            @Nullable DescriptorActions actions,
            List<String> additions) {
        this.program = program;
        this.descriptors = descriptors;
        this.actions = actions;
        this.additions = additions;
    }

    /** What the process gets under which number. */
    Map<Integer, Descriptor> descriptors() {
        return descriptors.get();
    }

    /** For the descriptors as they are. */
    void prepare() {
        if (actions == null) {
            prepare(descriptors());
        }
    }

    /** For others in place of its descriptors, which are the same files in another table. */
    void prepare(Map<Integer, Descriptor> others) {
        try {
            ownPlan = new DescriptorPlan(others);
            ownActions = program.actions(ownPlan);
            actions = ownActions;
        } catch (PosixException full) {
            actions = null;
            result = -full.errno();
        }
    }

    @Override
    public void run() {
        if (actions != null) {
            result = program.spawn(actions, additions);
        }
    }

    int result() {
        return result;
    }

    /** What it failed at, if it has; empty: at the exec, or that is not known. */
    String failed() {
        return actions == null ? "" : program.failed();
    }

    @Override
    public void close() {
        if (ownActions != null) {
            ownActions.close();
        }
        if (ownPlan != null) {
            ownPlan.close();
        }
    }
}

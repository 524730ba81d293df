package usher.activation.posix;

import org.jspecify.annotations.Nullable;

/**
 * What a child does with its descriptors between clone and exec, in this order, so that it has those of a {@link
 * DescriptorPlan} and no others; for any number of spawns.
 */
public abstract sealed class DescriptorActions implements AutoCloseable permits CloneSteps, SpawnActions {
    /** {@code from} may equal {@code to}: the descriptor then only loses its FD_CLOEXEC. */
    abstract void duplicate(int from, int to);

    /** It need not be open. */
    abstract void close(int fd);

    /** Closes all from that number up. */
    abstract void closeFrom(int least);

    /** Where they lie, when everything else is as they need it for a spawn. */
    abstract long address();

    /** Whether the child begins in its parent's table of descriptors, and leaves it first of all. */
    boolean beginInParentsTable() {
        return false;
    }

    /** What is done at that address, for people, if it is one of these; null also if only the C library knows. */
    @Nullable
    String name(long step) {
        return null;
    }

    @Override
    public abstract void close();
}

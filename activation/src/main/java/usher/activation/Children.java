package usher.activation;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import usher.activation.posix.Processes;

/**
 * Which processes this one has started and not waited for yet. Whatever else becomes its child is an orphan: of a
 * daemon's, because this process takes in the orphans of its descendants ({@code PR_SET_CHILD_SUBREAPER}), or of
 * anybody's, if it is the first of its container.
 */
public final class Children {
    /** Of this process, of which there is one. */
    private static final Set<Integer> KNOWN = ConcurrentHashMap.newKeySet();

    private Children() {}

    /** From now on orphans of this process's descendants become its own children. */
    public static void takeInOrphans() {
        Processes.becomeSubreaper();
    }

    static void add(int process) {
        KNOWN.add(process);
    }

    static void remove(int process) {
        KNOWN.remove(process);
    }

    static boolean isKnown(int process) {
        return KNOWN.contains(process);
    }

    /**
     * Waits for orphans that have ended, so that their numbers become free, and leaves those that somebody follows to
     * whoever does.
     *
     * @return how many there were
     */
    public static int reapOrphans() {
        int reaped = 0;
        int ended = Processes.someEnded();
        while (ended > 0 && !isKnown(ended)) {
            Processes.reapIfEnded(ended);
            reaped++;
            ended = Processes.someEnded();
        }
        return reaped;
    }
}

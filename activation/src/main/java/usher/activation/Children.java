package usher.activation;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import usher.activation.posix.Processes;

/**
 * Which processes this one has started and not waited for yet. Whatever else becomes its child is an orphan: of a
 * daemon's, because this process takes in the orphans of its descendants ({@code PR_SET_CHILD_SUBREAPER}), or of
 * anybody's, if it is the first of its container.
 */
public final class Children {
    /** Of this process, of which there is one: who is followed, and whether it was started, by us or one before us. */
    private static final Map<Integer, Boolean> KNOWN = new ConcurrentHashMap<>();

    private Children() {}

    /** From now on orphans of this process's descendants become its own children. */
    public static void takeInOrphans() {
        Processes.becomeSubreaper();
    }

    static void add(int process, boolean started) {
        KNOWN.put(process, started);
    }

    static void remove(int process) {
        KNOWN.remove(process);
    }

    private static boolean isKnown(int process) {
        return KNOWN.containsKey(process);
    }

    /** Whether it is no orphan: one that a daemon has named as its main process may be one, though it is followed. */
    static boolean isStarted(int process) {
        return KNOWN.getOrDefault(process, false);
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

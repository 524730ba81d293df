package usher.activation.posix;

import java.util.Map;
import java.util.Optional;

/**
 * What a process is to be like, besides its descriptors, when its program begins.
 *
 * @param limits by their names for {@code prlimit(1)}
 * @param tellsPid whether LISTEN_PID is in its environment
 * @param noNewPrivileges see {@code prctl(2)}, PR_SET_NO_NEW_PRIVS
 * @param group the directory of the control group that it is born in, if any
 * @param isPlayed it ends where its program would begin
 */
public record Manner(
        String directory,
        int umask,
        Map<String, Limits.Limit> limits,
        boolean tellsPid,
        boolean noNewPrivileges,
        Optional<String> group,
        boolean isPlayed) {

    /** Whether a process can be given all of it here; otherwise it gets the directory, and its parent's for the rest. */
    public static boolean isWhole() {
        return CloneSpawn.isAvailable();
    }

    /** Whether the kernel and its rules allow a {@code group}. */
    public static boolean canBeBornInGroup() {
        return CloneSpawn.makesIntoGroups();
    }
}

package usher.activation;

import java.util.HashSet;
import java.util.Set;
import usher.activation.posix.Descriptor;
import usher.activation.posix.Descriptors;
import usher.activation.posix.Errno;
import usher.activation.posix.Processes;

/**
 * Brings a process that runs already into a control group, and with it those that it has started before it was there.
 *
 * <p>What it starts afterwards is born in the group. What it started before has a number between its own and the last
 * that the kernel has given out, so only those few are looked at; most of the time there is none. One process is started
 * at a time, or several of the same launch.
 */
final class Joining implements AutoCloseable {
    private static final int MOST_ROUNDS = 50;

    /** Its last field is the number given out last; absent where there is no /proc. */
    private final int loads = Descriptors.open("/proc/loadavg", Descriptors.O_RDONLY, 0);

    /** 0, also if the process has ended already; or the error number negated. */
    int bring(int process, ControlGroup group) {
        int result = group.add(process);
        if (result < 0) {
            return result == -Errno.ESRCH ? 0 : result;
        }
        Set<Integer> brought = new HashSet<>(Set.of(process));
        for (int round = 0; round < MOST_ROUNDS && bringEarlier(process, brought, group); round++) {
            // until none is left outside
        }
        return 0;
    }

    /** False: nobody of its family was outside, and nobody at all has been started meanwhile. */
    private boolean bringEarlier(int leader, Set<Integer> brought, ControlGroup group) {
        int last = lastGiven();
        if (last == leader) {
            return false;
        }
        boolean again = false;
        for (int process : last > leader ? between(leader, last) : Sessions.processes()) {
            if (!brought.contains(process) && isFamily(process, leader, brought)) {
                brought.add(process);
                group.add(process);
                again = true;
            }
        }
        // Who was outside may have started another and ended before it was looked at or brought in.
        return again || lastGiven() != last;
    }

    private static int[] between(int first, int last) {
        return java.util.stream.IntStream.rangeClosed(first + 1, last).toArray();
    }

    /**
     * Of its session; a child of one of its family; or, since who leaves the session may have become an orphan already, an
     * orphan that has fallen to this process and is still in the group where this process is. Whatever was started
     * before has been brought elsewhere by now, but for what serves connections, which has no habit of leaving orphans.
     */
    private static boolean isFamily(int process, int leader, Set<Integer> brought) {
        Sessions.Standing standing = Sessions.standing(process);
        if (standing == null || standing.ended()) {
            return false;
        }
        return standing.session() == leader
                || brought.contains(standing.parent())
                || (standing.parent() == Processes.pid()
                        && !Children.isKnown(process)
                        && ControlGroups.lineOf(Integer.toString(process)).equals(ControlGroups.lineOf("self")));
    }

    /** -1 if that cannot be told. */
    private int lastGiven() {
        byte[] text = new byte[128];
        int end = loads < 0 ? 0 : Descriptors.pread(loads, text, 0, text.length, 0) - 1; // of a line
        int number = 0;
        int unit = 1;
        for (int i = end - 1; i >= 0 && text[i] != ' '; i--) {
            number += (text[i] - '0') * unit;
            unit *= 10;
        }
        return unit == 1 ? -1 : number;
    }

    @Override
    public void close() {
        if (loads >= 0) {
            Descriptor.own(loads).close();
        }
    }
}

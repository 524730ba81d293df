package usher.activation.posix;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * System calls that a child makes between clone and exec, one after the other, as {@link CloneCode} reads them: a number
 * and four arguments each. The first that fails ends the child. They are not to be changed while a child reads them.
 */
final class CloneSteps extends DescriptorActions {
    private static final int SYS_RT_SIGACTION = 13;
    private static final int SYS_RT_SIGPROCMASK = 14;
    private static final int SYS_DUP2 = 33;
    private static final int SYS_EXECVE = 59;
    private static final int SYS_FCNTL = 72;
    private static final int SYS_CHDIR = 80;
    private static final int SYS_UMASK = 95;
    private static final int SYS_SETSID = 112;
    private static final int SYS_PRCTL = 157;
    private static final int SYS_EXIT_GROUP = 231;
    private static final int SYS_PRLIMIT64 = 302;
    private static final int SYS_CLOSE_RANGE = 436;

    private static final int CLOSE_RANGE_UNSHARE = 2;
    private static final int F_SETFD = 2;
    private static final int SIG_SETMASK = 2;
    private static final int SIGNALS = 64;
    private static final int PR_SET_NO_NEW_PRIVS = 38;
    /** {@code struct sigaction} of the kernel: handler, flags, restorer, mask. All zero is SIG_DFL. */
    private static final int SIGACTION_SIZE = 32;

    private static final long LAST_NUMBER = 0xffff_ffffL;

    private final Memory memory = new Memory();
    private final List<long[]> steps = new ArrayList<>();
    private long address;
    private boolean beginsInParentsTable;

    /**
     * A session of its own, with the default action for these signals, the lowest bit being signal 1 ({@code setsid(2)},
     * {@code sigaction(2)}).
     */
    static CloneSteps session(long signals) {
        CloneSteps all = new CloneSteps();
        all.add(SYS_SETSID, 0, 0, 0, 0);
        long byDefault = all.memory.allocate(SIGACTION_SIZE);
        for (int signal = 1; signal <= SIGNALS; signal++) {
            boolean asked = (signals >>> (signal - 1) & 1) != 0;
            if (asked && signal != Processes.SIGKILL && signal != Processes.SIGSTOP) {
                all.add(SYS_RT_SIGACTION, signal, byDefault, 0, CloneCode.SIGSET_SIZE);
            }
        }
        return all.end();
    }

    static CloneSteps none() {
        return new CloneSteps().end();
    }

    /**
     * For all of a manner but its group.
     *
     * @param pidSlot the place of LISTEN_PID in the environment
     */
    static CloneSteps of(Manner manner, long pidSlot) {
        CloneSteps all = new CloneSteps();
        all.add(SYS_UMASK, manner.umask(), 0, 0, 0);
        all.add(SYS_CHDIR, all.memory.string(manner.directory()), 0, 0, 0);
        manner.limits().forEach(all::limit);
        if (manner.noNewPrivileges()) {
            all.add(SYS_PRCTL, PR_SET_NO_NEW_PRIVS, 1, 0, 0);
        }
        if (manner.tellsPid()) {
            all.tellPid(pidSlot);
        }
        return all;
    }

    static CloneSteps descriptors(DescriptorPlan plan) {
        CloneSteps all = new CloneSteps();
        plan.addTo(all);
        return all.end();
    }

    /**
     * The same, of a child that begins in its parent's table and leaves it for a copy of what lies up to the highest source:
     * whatever is open above costs nothing ({@code close_range(2)}, CLOSE_RANGE_UNSHARE).
     */
    static CloneSteps descriptorsApart(DescriptorPlan plan) {
        CloneSteps all = new CloneSteps();
        all.beginsInParentsTable = true;
        all.add(SYS_CLOSE_RANGE, plan.highestSource() + 1, LAST_NUMBER, CLOSE_RANGE_UNSHARE, 0);
        plan.addTo(all);
        return all.end();
    }

    @Override
    boolean beginInParentsTable() {
        return beginsInParentsTable;
    }

    @Override
    void duplicate(int from, int to) {
        if (from == to) {
            add(SYS_FCNTL, to, F_SETFD, 0, 0);
        } else {
            add(SYS_DUP2, from, to, 0, 0);
        }
    }

    @Override
    void close(int fd) {
        add(SYS_CLOSE_RANGE, fd, fd, 0, 0);
    }

    @Override
    void closeFrom(int least) {
        add(SYS_CLOSE_RANGE, least, LAST_NUMBER, 0, 0);
    }

    private void limit(String name, Limits.Limit limit) {
        long pair = memory.allocate(16);
        Memory.putLong(pair, limit.soft());
        Memory.putLong(pair + 8, limit.hard());
        add(SYS_PRLIMIT64, 0, Limits.number(name), pair, 0);
    }

    /** Puts {@code LISTEN_PID=} and the child's process id, in decimal, where {@code slot} points to. */
    void tellPid(long slot) {
        long room = memory.allocate(32);
        long name = memory.string("LISTEN_PID=");
        // Its eleven bytes as two words that overlap.
        add(CloneCode.TELL_PID, room + 31, Memory.getLong(name), Memory.getLong(name + 3), slot);
    }

    /** The last step of all, with no signal blocked. */
    void execute(long path, long argv, long envp) {
        long nothing = memory.allocate(CloneCode.SIGSET_SIZE);
        add(SYS_RT_SIGPROCMASK, SIG_SETMASK, nothing, 0, CloneCode.SIGSET_SIZE);
        add(SYS_EXECVE, path, argv, envp, 0);
    }

    /** The last step of one that executes nothing. */
    void exit() {
        add(SYS_EXIT_GROUP, 0, 0, 0, 0);
    }

    private void add(long... numberAndArguments) {
        steps.add(numberAndArguments);
    }

    /** Writes them down. */
    CloneSteps end() {
        address = memory.allocate((long) CloneCode.STEP_SIZE * steps.size() + 8);
        long at = address;
        for (long[] step : steps) {
            for (int word = 0; word < step.length; word++) {
                Memory.putLong(at + 8L * word, step[word]);
            }
            at += CloneCode.STEP_SIZE;
        }
        Memory.putLong(at, CloneCode.END);
        return this;
    }

    @Override
    long address() {
        return address;
    }

    @Override
    @Nullable
    String name(long step) {
        long index = (step - address) / CloneCode.STEP_SIZE;
        if (step < address || index >= steps.size()) {
            return null;
        }
        long[] words = steps.get((int) index);
        return switch ((int) words[0]) {
            case SYS_CHDIR -> "change to directory " + Memory.text(words[1]);
            case SYS_PRLIMIT64 -> "set limit " + Limits.name((int) words[2]);
            case SYS_EXECVE -> ""; // what is there says why
            case SYS_PRCTL -> "give up new privileges";
            default -> "make system call " + words[0];
        };
    }

    @Override
    public void close() {
        memory.close();
    }
}

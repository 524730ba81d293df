package usher.activation.posix;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Spawns one program by {@link CloneCode}: all that its process is to be, the process itself sees to before its exec. For
 * one thread at a time.
 *
 * <p>Whoever spawns may wait for that (CLONE_VFORK), and the child has the processor at once then. Or he goes on: the kernel
 * clears a word when the child leaves its parent's memory, by its exec or its end (CLONE_CHILD_CLEARTID), and wakes who waits
 * for that ({@code futex(2)}).
 */
final class CloneSpawn implements Program.Spawn {
    private static final long JOB_SIZE = CloneCode.LISTS + 3 * Memory.WORD;

    private static final int SYS_CLONE = 56;
    private static final int SYS_FUTEX = 202;
    private static final int SYS_CLONE3 = 435;

    private static final int FUTEX_WAIT = 0;
    private static final int LOOK_AFTER_SECONDS = 1;

    private static final long CLONE_VM = 0x100;
    private static final long CLONE_FILES = 0x400;
    private static final long CLONE_PIDFD = 0x1000;
    private static final long CLONE_VFORK = 0x4000;
    private static final long CLONE_CHILD_CLEARTID = 0x20_0000;
    /** Whatever had a handler has its default action; what was ignored still is. */
    private static final long CLONE_CLEAR_SIGHAND = 0x1_0000_0000L;

    private static final long CLONE_INTO_CGROUP = 0x2_0000_0000L;
    /** {@code struct clone_args} of Linux 5.7, and where its fields lie. */
    private static final int ARGUMENTS_SIZE = 88;

    private static final int ARGUMENTS_PIDFD = 8;
    private static final int ARGUMENTS_CHILD_TID = 16;
    private static final int ARGUMENTS_EXIT_SIGNAL = 32;
    private static final int ARGUMENTS_CGROUP = 80;

    /** {@code -Dusher.posix_spawn=true}: without it, as on other processors. */
    private static final String POSIX_SPAWN = "usher.posix_spawn";

    /** Whether {@code clone3(2)} is to be had, which many containers forbid, and is Linux 5.7's. */
    private static final boolean CLONE3 = isClone3ToBeHad();

    private static final CloneSteps SESSION = CloneSteps.session(CLONE3 ? IgnoredSignals.own() : IgnoredSignals.ALL);
    private static final CloneSteps NOTHING = CloneSteps.none();

    private static final boolean AVAILABLE =
            !Boolean.getBoolean(POSIX_SPAWN) && CloneCode.isAvailable() && succeedsOnTrial();

    private final Memory memory = new Memory();
    private final long job = memory.allocate(JOB_SIZE);
    private final long arguments = memory.allocate(ARGUMENTS_SIZE);
    /** Not zero as long as the child is in its parent's memory. */
    private final long here = memory.allocate(Memory.WORD);

    private final long pidfd = memory.allocate(Memory.WORD);
    private final long patience = memory.allocate(2 * Memory.WORD);
    private final CloneSteps last;
    private final Optional<String> group;
    private DescriptorActions[] lists = {};
    private int pid;
    private String failed = "";

    /**
     * @param last the steps after those for descriptors, the last of which ends in an exec; closed with this
     * @param group the directory of the control group that its processes are in from the start, if any
     */
    CloneSpawn(CloneSteps last, Optional<String> group) {
        this.last = last;
        this.group = group;
        long all = memory.allocate(CloneCode.SIGSET_SIZE);
        Memory.putLong(all, -1);
        Memory.putLong(job + CloneCode.NEW_MASK, all);
        Memory.putLong(job + CloneCode.OLD_MASK, memory.allocate(CloneCode.SIGSET_SIZE));
        Memory.putLong(arguments + ARGUMENTS_PIDFD, pidfd);
        Memory.putLong(arguments + ARGUMENTS_CHILD_TID, here);
        Memory.putLong(arguments + ARGUMENTS_EXIT_SIGNAL, Processes.SIGCHLD);
        Memory.putLong(patience, LOOK_AFTER_SECONDS);
    }

    /** Whether this kernel, its rules and this processor allow it. */
    static boolean isAvailable() {
        return AVAILABLE;
    }

    static boolean makesIntoGroups() {
        return AVAILABLE && CLONE3;
    }

    /** What it minds is that nothing is open by that number: so it knows what it is asked for. */
    private static boolean isClone3ToBeHad() {
        try (Memory memory = new Memory()) {
            long arguments = memory.allocate(ARGUMENTS_SIZE);
            Memory.putLong(arguments, CLONE_VM | CLONE_CLEAR_SIGHAND | CLONE_INTO_CGROUP);
            Memory.putLong(arguments + ARGUMENTS_EXIT_SIGNAL, Processes.SIGCHLD);
            Memory.putLong(arguments + ARGUMENTS_CGROUP, Integer.MAX_VALUE);
            return Native.call(Native.SYSCALL, SYS_CLONE3, arguments, ARGUMENTS_SIZE) == -Errno.EBADF;
        }
    }

    /** A process that only says its number, so that nothing else is found out with a daemon. */
    private static boolean succeedsOnTrial() {
        try (Memory memory = new Memory()) {
            long slot = memory.allocate(Memory.WORD);
            CloneSteps steps = new CloneSteps();
            steps.closeFrom(3);
            steps.tellPid(slot);
            steps.exit();
            try (CloneSpawn trial = new CloneSpawn(steps.end(), Optional.empty())) {
                int pid = trial.begin(NOTHING, false);
                if (pid < 0) {
                    return false;
                }
                boolean made = trial.await() == 0;
                Descriptors.close(trial.pidfd());
                return made
                        && Processes.reap(pid) == pid
                        && Memory.text(Memory.getLong(slot)).equals("LISTEN_PID=" + pid);
            }
        }
    }

    @Override
    public DescriptorActions actions(DescriptorPlan plan) {
        return CloneSteps.descriptors(plan);
    }

    @Override
    public DescriptorActions actionsApart(DescriptorPlan plan) {
        return CloneSteps.descriptorsApart(plan);
    }

    @Override
    public int begin(DescriptorActions descriptors, boolean waits) {
        failed = "";
        if (group.isEmpty()) {
            return clone(-1, descriptors, waits);
        }
        int number = Descriptors.open(group.get(), Descriptors.O_RDONLY | Descriptors.O_DIRECTORY, 0);
        if (number < 0) {
            failed = "open " + group.get();
            return number;
        }
        try (Descriptor opened = Descriptor.own(number)) {
            return clone(opened.number(), descriptors, waits);
        }
    }

    private int clone(int groupNumber, DescriptorActions descriptors, boolean waits) {
        putClone(groupNumber, (descriptors.beginInParentsTable() ? CLONE_FILES : 0) | (waits ? CLONE_VFORK : 0));
        lists = new DescriptorActions[] {SESSION, descriptors, last};
        for (int i = 0; i < lists.length; i++) {
            Memory.putLong(job + CloneCode.LISTS + Memory.WORD * i, lists[i].address());
        }
        pid = CloneCode.run(job);
        return pid;
    }

    private void putClone(int groupNumber, long more) {
        boolean into = groupNumber >= 0;
        long flags = CLONE_VM | CLONE_PIDFD | CLONE_CHILD_CLEARTID | more;
        Memory.putLong(here, 1);
        Memory.putLong(job + CloneCode.ERROR, 0);
        if (CLONE3) {
            Memory.putLong(arguments, flags | CLONE_CLEAR_SIGHAND | (into ? CLONE_INTO_CGROUP : 0));
            Memory.putLong(arguments + ARGUMENTS_CGROUP, into ? groupNumber : 0);
            putCall(SYS_CLONE3, arguments, ARGUMENTS_SIZE, 0, 0);
        } else {
            putCall(SYS_CLONE, flags | Processes.SIGCHLD, 0, pidfd, here);
        }
    }

    private void putCall(long... numberAndArguments) {
        for (int i = 0; i < numberAndArguments.length; i++) {
            Memory.putLong(job + CloneCode.CLONE + Memory.WORD * i, numberAndArguments[i]);
        }
    }

    @Override
    public int pidfd() {
        return Memory.getInt(pidfd);
    }

    @Override
    public boolean isOver() {
        return Memory.getInt(here) == 0;
    }

    @Override
    public int await() {
        while (!isOver()) {
            int result = Native.call(Native.SYSCALL, SYS_FUTEX, here, FUTEX_WAIT, 1, patience);
            // Older kernels leave the word alone where a process ends by a signal that has a core dumped.
            if (result == -Errno.ETIMEDOUT && Descriptors.poll(pidfd(), Descriptors.POLLIN, 0) != 0) {
                return 0;
            }
        }
        int error = (int) Memory.getLong(job + CloneCode.ERROR);
        if (error != 0) {
            Processes.reap(pid);
            failed = name(Memory.getLong(job + CloneCode.FAILED), lists);
        }
        return error;
    }

    private static String name(long step, DescriptorActions... lists) {
        for (DescriptorActions list : lists) {
            @Nullable String name = list.name(step);
            if (name != null) {
                return name;
            }
        }
        return "";
    }

    @Override
    public String failed() {
        return failed;
    }

    @Override
    public void close() {
        last.close();
        memory.close();
    }
}

package usher.activation.posix;

import java.util.List;

/**
 * Calls on processes: {@code pidfd_open(2)}, {@code waitid(2)}, {@code kill(2)}, {@code prctl(2)}. Each returns zero or
 * more, or the error number negated.
 */
public final class Processes {
    /** {@code signal(7)}; these are the same wherever usher runs. */
    public static final int SIGHUP = 1;

    public static final int SIGKILL = 9;
    public static final int SIGTERM = 15;
    public static final int SIGCHLD = 17;
    public static final int SIGCONT = 18;
    public static final int SIGSTOP = 19;

    public static final int WNOHANG = 1;
    public static final int WEXITED = 4;
    /** Look, but leave the child to be waited for. */
    public static final int WNOWAIT = 0x1000000;

    private static final int P_ALL = 0;
    private static final int P_PID = 1;
    private static final int P_PIDFD = 3;
    private static final int PR_SET_CHILD_SUBREAPER = 36;
    // The same numbers on every architecture: they are younger than the common table. glibc wraps them from 2.36 on.
    private static final int SYS_PIDFD_SEND_SIGNAL = 424;
    private static final int SYS_PIDFD_OPEN = 434;
    private static final int SYS_PIDFD_GETFD = 438;

    private static final int SIGINFO_SIZE = 128;
    private static final int SI_CODE = 8;
    private static final int SI_PID = 16;
    private static final int SI_STATUS = 24;

    private static final long PIDFD_GET_INFO = 0xC040FF0BL;
    private static final int PIDFD_INFO_SIZE = 64;
    private static final int PIDFD_INFO_CGROUPID = 1 << 2;
    private static final int PIDFD_INFO_EXIT = 1 << 3;
    private static final int PIDFD_INFO_EXIT_CODE = 60;

    private static final long WAITID = Native.function("waitid");
    private static final long WAITPID = Native.effect("waitpid");
    private static final long IOCTL = Native.function("ioctl");
    private static final long KILL = Native.effect("kill");
    private static final long PRCTL = Native.function("prctl");
    private static final long EXECVE = Native.function("execve");
    private static final long SIGMASK = Native.function("pthread_sigmask");
    private static final int SIG_SETMASK = 2;
    private static final long GETPPID = Native.function("getppid");
    private static final long GETPID = Native.function("getpid");
    private static final long GETEUID = Native.function("geteuid");
    private static final long GETEGID = Native.function("getegid");

    private static final ThreadLocal<Long> INFO = Memory.ofThread(SIGINFO_SIZE);

    private Processes() {}

    /** What waitid tells of a child: {@code si_code} ({@link #CLD_EXITED} ...), and exit code or signal. */
    public record Exit(int code, int status) {}

    public static final int CLD_EXITED = 1;

    public static int pidfdOpen(int pid) {
        return Native.call(Native.SYSCALL, SYS_PIDFD_OPEN, pid, 0);
    }

    /** A duplicate of another process's descriptor ({@code pidfd_getfd(2)}). */
    public static int pidfdGetDescriptor(int pidfd, int fd) {
        return Native.call(Native.SYSCALL, SYS_PIDFD_GETFD, pidfd, fd, 0);
    }

    public static int pidfdSendSignal(int pidfd, int signal) {
        int result = Native.call(Native.SYSCALL, SYS_PIDFD_SEND_SIGNAL, pidfd, signal, 0, 0);
        CrashPoint.pass();
        return result;
    }

    /** Sends a signal to a process, or to a process group if {@code pid} is its id negated. */
    public static int kill(int pid, int signal) {
        return Native.call(KILL, pid, signal);
    }

    /**
     * Waits for the child behind a pidfd.
     *
     * @param into receives what is known, in its first element, if the result is 0; left alone with WNOHANG as long as
     *     the child runs
     */
    public static int await(int pidfd, int options, Exit[] into) {
        long info = INFO.get();
        Memory.putInt(info + SI_PID, 0);
        int result;
        do {
            result = Native.call(WAITID, P_PIDFD, pidfd, info, options);
        } while (result == -Errno.EINTR);
        if ((options & WNOWAIT) == 0) {
            CrashPoint.pass();
        }
        if (result == 0 && Memory.getInt(info + SI_PID) != 0) {
            into[0] = new Exit(Memory.getInt(info + SI_CODE), Memory.getInt(info + SI_STATUS));
        }
        return result;
    }

    /** The number of some child that has ended and is left to be waited for; 0: there is none. */
    public static int someEnded() {
        long info = INFO.get();
        Memory.putInt(info + SI_PID, 0);
        int result = Native.untilDone(() -> Native.call(WAITID, P_ALL, 0, info, WEXITED | WNOHANG | WNOWAIT));
        return result < 0 ? 0 : Memory.getInt(info + SI_PID);
    }

    /** Waits for a child that has ended, if it has. */
    public static int reapIfEnded(int pid) {
        int result = Native.untilDone(() -> Native.call(WAITID, P_PID, pid, INFO.get(), WEXITED | WNOHANG));
        CrashPoint.pass();
        return result;
    }

    /**
     * How a process ended that was never this one's child, or is waited for already: kernels from 6.15 on tell those who
     * had its pidfd open before.
     *
     * @return the status as of {@code wait(2)}, or the error number negated
     */
    public static int exitOf(int pidfd) {
        try (Memory memory = new Memory()) {
            long info = memory.allocate(PIDFD_INFO_SIZE);
            int result = tell(pidfd, info);
            if (result < 0) {
                return result;
            }
            return (Memory.getLong(info) & PIDFD_INFO_EXIT) == 0
                    ? -Errno.EAGAIN
                    : Memory.getInt(info + PIDFD_INFO_EXIT_CODE);
        }
    }

    /**
     * In which version-2 control group a process is, or was when it ended, waited for or not: the kernel's number, which is
     * that of the group's directory ({@code stat(2)}, st_ino); 0 if it does not say (Linux 6.13, of ended ones 6.15).
     */
    public static long groupOf(int pidfd) {
        try (Memory memory = new Memory()) {
            long info = memory.allocate(PIDFD_INFO_SIZE);
            boolean told = tell(pidfd, info) >= 0 && (Memory.getLong(info) & PIDFD_INFO_CGROUPID) != 0;
            return told ? Memory.getLong(info + Memory.WORD) : 0;
        }
    }

    private static int tell(int pidfd, long info) {
        Memory.putLong(info, PIDFD_INFO_EXIT | PIDFD_INFO_CGROUPID);
        return Native.call(IOCTL, pidfd, PIDFD_GET_INFO, info);
    }

    /** Waits for a child by its number, when there is no pidfd. */
    public static int reap(int pid) {
        return Native.untilDone(() -> Native.call(WAITPID, pid, 0, 0));
    }

    /** Waits until the process behind a pidfd has ended, whoever's child it is. */
    public static void awaitEnd(int pidfd) {
        Descriptors.poll(pidfd, Descriptors.POLLIN, -1);
    }

    /**
     * Becomes another program, with no signal blocked; the error number negated, if that fails.
     *
     * @param environment {@code NAME=value} each
     */
    public static int exec(String path, List<String> arguments, List<byte[]> environment) {
        try (Memory memory = new Memory()) {
            long argv = memory.vector(arguments);
            long envp = memory.vector(environment, 0);
            Native.callReturningError(SIGMASK, SIG_SETMASK, memory.allocate(128), 0);
            return Native.call(EXECVE, memory.string(path), argv, envp);
        }
    }

    /** Makes this process the one to which orphans of its descendants fall. */
    public static int becomeSubreaper() {
        return Native.call(PRCTL, PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
    }

    public static int pid() {
        return Native.call(GETPID);
    }

    public static int parent() {
        return Native.call(GETPPID);
    }

    public static int effectiveUser() {
        return Native.call(GETEUID);
    }

    public static int effectiveGroup() {
        return Native.call(GETEGID);
    }
}

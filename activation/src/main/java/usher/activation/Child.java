package usher.activation;

import java.util.Optional;
import usher.activation.posix.Descriptor;
import usher.activation.posix.Descriptors;
import usher.activation.posix.Errno;
import usher.activation.posix.Processes;

/**
 * A process that this one started, followed by its pidfd, which is readable once it has ended. It leads a session and
 * process group of its own number, and that number belongs to it until it is reaped.
 */
public final class Child implements AutoCloseable {
    private static final int REAPED_WITHIN_MILLIS = 50;

    private final int pid;
    private final Descriptor pidfd;
    /** Whether it leads a session and a process group, as those do that this process has started. */
    private final boolean leads;

    /** Whether a launcher before this one has started it, so that somebody else reaps it. */
    private final boolean adopted;

    private Child(int pid, Descriptor pidfd, boolean leads, boolean adopted) {
        this.pid = pid;
        this.pidfd = pidfd;
        this.leads = leads;
        this.adopted = adopted;
        Children.add(pid, leads);
    }

    Child(int pid, Descriptor pidfd) {
        this(pid, pidfd, true, false);
    }

    /** A process that a launcher before this one has started. */
    public static Child adopt(int pid, Descriptor pidfd) {
        return new Child(pid, pidfd, true, true);
    }

    /**
     * Follows a process that somebody else has started, such as a daemon's child; nothing if it is gone. If it is not
     * this process's child and has not become it as an orphan, how it ends is known from kernel 6.15 on only.
     */
    public static Optional<Child> follow(int pid) {
        int pidfd = pid <= 1 ? -1 : Processes.pidfdOpen(pid);
        return pidfd < 0 ? Optional.empty() : Optional.of(new Child(pid, Descriptor.own(pidfd), false, false));
    }

    public int pid() {
        return pid;
    }

    /** To be watched for {@link EventLoop#READABLE}; closed by {@link #reap}. */
    public Descriptor pidfd() {
        return pidfd;
    }

    /** Sends the process a signal; false if it has ended or may not be signalled. */
    public boolean signal(int signal) {
        return pidfd.isOpen() && Processes.pidfdSendSignal(pidfd.number(), signal) == 0;
    }

    /** Sends its whole process group a signal; to be called only until it is reaped. */
    public void signalGroup(int signal) {
        // Of one that somebody else has reaped, the number may be another's.
        if (leads && pidfd.isOpen() && (!adopted || signal(0))) {
            Processes.kill(-pid, signal);
        }
    }

    /**
     * If the process has ended, kills what is left of its process group and then reaps it and closes the pidfd: in this
     * order, because once it is reaped its number may be somebody else's. Empty as long as it runs.
     */
    public Optional<ExitStatus> reap() {
        if (!pidfd.isOpen()) {
            return Optional.of(ExitStatus.unknown());
        }
        Processes.Exit[] exit = new Processes.Exit[1];
        int seen = Processes.await(pidfd.number(), Processes.WEXITED | Processes.WNOWAIT | Processes.WNOHANG, exit);
        if (seen == 0 && exit[0] == null) {
            return Optional.empty();
        }
        if (seen == 0) {
            signalGroup(Processes.SIGKILL);
            Processes.await(pidfd.number(), Processes.WEXITED, exit);
        } else if (seen != -Errno.ECHILD || !hasEnded()) {
            return Optional.empty();
        }
        ExitStatus status = exit[0] == null ? ExitStatus.ofWait(exitOfAnothers()) : status(exit[0]);
        close();
        return Optional.of(status);
    }

    /** The kernel tells once whoever's child it is has reaped it, which a guard does at once. */
    private int exitOfAnothers() {
        int status = Processes.exitOf(pidfd.number());
        if (status == -Errno.EAGAIN && adopted) {
            Descriptors.poll(pidfd.number(), 0, REAPED_WITHIN_MILLIS); // the hang-up is that
            status = Processes.exitOf(pidfd.number());
        }
        return status < 0 ? Sessions.exitOf(pid) : status;
    }

    private boolean hasEnded() {
        return Descriptors.poll(pidfd.number(), Descriptors.POLLIN, 0) > 0;
    }

    private static ExitStatus status(Processes.Exit exit) {
        return exit.code() == Processes.CLD_EXITED ? ExitStatus.exit(exit.status()) : ExitStatus.signal(exit.status());
    }

    /** Forgets the process, running or not. */
    @Override
    public void close() {
        if (pidfd.isOpen()) {
            Children.remove(pid);
            pidfd.close();
        }
    }

    @Override
    public String toString() {
        return "process " + pid;
    }
}

package usher.activation;

import java.util.Optional;
import usher.activation.posix.Descriptor;
import usher.activation.posix.Errno;
import usher.activation.posix.Processes;

/**
 * A process that this one started, followed by its pidfd, which is readable once it has ended. It leads a session and
 * process group of its own number, and that number belongs to it until it is reaped.
 */
public final class Child implements AutoCloseable {
    private static final int SIGKILL = 9;

    private final int pid;
    private final Descriptor pidfd;

    Child(int pid, Descriptor pidfd) {
        this.pid = pid;
        this.pidfd = pidfd;
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
        if (pidfd.isOpen()) {
            Processes.kill(-pid, signal);
        }
    }

    /**
     * Kills whatever is left of its session, process groups of a shell's jobs included. Reads all of /proc; what a
     * control group holds is found more cheaply there.
     */
    public void killSession() {
        if (pidfd.isOpen()) {
            signalGroup(SIGKILL);
            Sessions.kill(pid);
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
            signalGroup(SIGKILL);
            Processes.await(pidfd.number(), Processes.WEXITED, exit);
        } else if (seen != -Errno.ECHILD) {
            return Optional.empty();
        }
        pidfd.close();
        return Optional.of(status(exit[0]));
    }

    private static ExitStatus status(Processes.@org.jspecify.annotations.Nullable Exit exit) {
        if (exit == null) {
            return ExitStatus.unknown(); // somebody else has reaped it
        }
        return exit.code() == Processes.CLD_EXITED ? ExitStatus.exit(exit.status()) : ExitStatus.signal(exit.status());
    }

    /** Forgets the process, running or not. */
    @Override
    public void close() {
        pidfd.close();
    }

    @Override
    public String toString() {
        return "process " + pid;
    }
}

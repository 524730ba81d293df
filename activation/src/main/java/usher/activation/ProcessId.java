package usher.activation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import usher.activation.posix.Descriptor;
import usher.activation.posix.Processes;

/**
 * A process, told apart from a later one of the same number.
 *
 * @param startedAt when it was started, in clock ticks since the machine's (field 22 of {@code /proc/PID/stat}, proc(5))
 */
public record ProcessId(int pid, long startedAt) {
    /** USER_HZ, the same on every machine. */
    private static final long TICKS_A_SECOND = 100;

    /** Of a process that is gone: at no time. */
    private static final long NEVER = -1;

    // Written out, because what a record has for it takes the virtual machine some milliseconds the first time, and a
    // launcher that comes back compares the first thing that it reads.
    @Override
    public boolean equals(Object other) {
        return other instanceof ProcessId process && process.pid == pid && process.startedAt == startedAt;
    }

    @Override
    public int hashCode() {
        return pid * 31 + Long.hashCode(startedAt);
    }

    /** Of the process that has this number now. */
    public static ProcessId of(int pid) {
        Sessions.Standing standing = Sessions.standing(pid);
        return new ProcessId(pid, standing == null ? NEVER : standing.startedAt());
    }

    /** The process that has this number now, if it was started about then: half a second more or less. */
    public static Optional<ProcessId> startedAround(int pid, long nanoTime) {
        ProcessId process = of(pid);
        try {
            // Seconds since the machine's start, sleep included, as start times are counted.
            String uptime = Files.readString(Path.of("/proc/uptime")).split(" ", -1)[0];
            long now = Math.round(Double.parseDouble(uptime) * TICKS_A_SECOND);
            long age = (System.nanoTime() - nanoTime) * TICKS_A_SECOND / 1_000_000_000L;
            boolean then = Math.abs(now - age - process.startedAt) <= TICKS_A_SECOND / 2;
            return then && process.isAlive() ? Optional.of(process) : Optional.empty();
        } catch (IOException noProc) {
            return Optional.empty();
        }
    }

    /** Whether it runs; a zombie does not. */
    public boolean isAlive() {
        Sessions.Standing standing = Sessions.standing(pid);
        return standing != null && standing.startedAt() == startedAt && !standing.ended();
    }

    /** A pidfd of it ({@code pidfd_open(2)}), unless it is gone; a zombie still has one. */
    public Optional<Descriptor> open() {
        int number = Processes.pidfdOpen(pid);
        if (number < 0) {
            return Optional.empty();
        }
        Descriptor pidfd = Descriptor.own(number);
        // Looked at after the pidfd is open: what is true of the number now is true of the process.
        if (startedAt == NEVER || of(pid).startedAt != startedAt) {
            pidfd.close();
            return Optional.empty();
        }
        return Optional.of(pidfd);
    }
}

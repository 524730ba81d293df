package usher.activation;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import usher.activation.posix.Descriptor;
import usher.activation.posix.Descriptors;
import usher.activation.posix.PosixException;
import usher.activation.posix.Program;

/**
 * A process that is there and on its way to its exec, at which it may yet fail. The caller need not wait for that, but keeps
 * open what the process gets until then.
 */
public final class PendingSpawn {
    /** So long whoever made the process gives way to it, unless it ends before. */
    private static final int WAY_MILLIS = 1;

    private final @Nullable Making making;
    private @Nullable Spawning outcome;

    private record Making(Launch launch, Program program, int pid, Descriptor pidfd, Runnable afterwards) {}

    private PendingSpawn(@Nullable Making making, @Nullable Spawning outcome) {
        this.making = making;
        this.outcome = outcome;
    }

    /** One of which it is known what has come of it. */
    public static PendingSpawn done(Spawning outcome) {
        return new PendingSpawn(null, outcome);
    }

    /**
     * One that has been begun by the program.
     *
     * @param pid the process, or an error number negated
     * @param afterwards done once it is known what has come of it
     */
    static PendingSpawn of(Launch launch, Program program, int pid, Runnable afterwards) {
        if (pid < 0) {
            Spawning failure = SpawnFaults.of(launch, -pid, program.failed());
            afterwards.run();
            return done(failure);
        }
        int pidfd = program.pidfd();
        if (pidfd < 0) {
            afterwards.run();
            String why = PosixException.sentence("follow", "process " + pid, -pidfd);
            return done(new Spawning.SpawnFailure(-pidfd, why + "; it was ended"));
        }
        return new PendingSpawn(new Making(launch, program, pid, Descriptor.own(pidfd), afterwards), null);
    }

    /** Whether it was known from the beginning what has come of it. */
    public boolean isDone() {
        return making == null;
    }

    /** Whether {@link #await} need not wait. */
    public boolean isOver() {
        return outcome != null || making == null || making.program().isOver();
    }

    /** Waits until the process has reached its exec, and says what has come of it. */
    public Spawning await() {
        Spawning known = outcome;
        if (known == null) {
            known = outcome();
            outcome = known;
        }
        return known;
    }

    private Spawning outcome() {
        Making made = Objects.requireNonNull(making);
        int result = made.program().await();
        Spawning known;
        if (result < 0) {
            made.pidfd().close();
            known = SpawnFaults.of(made.launch(), -result, made.program().failed());
        } else {
            known = new Spawning.Spawned(new Child(made.pid(), made.pidfd()));
        }
        made.afterwards().run();
        return known;
    }

    /** The least number that was free when it was begun; -1 if that is not known any more. */
    int number() {
        return making == null ? -1 : making.pidfd().number();
    }

    /**
     * Leaves the processor to the new process for the moment that it takes to answer, as a rule: who made it, woken on the
     * same processor though another one is idle, would be let in before it.
     */
    public void giveWay() {
        if (making != null && outcome == null) {
            Descriptors.poll(making.pidfd().number(), Descriptors.POLLIN, WAY_MILLIS);
        }
    }
}

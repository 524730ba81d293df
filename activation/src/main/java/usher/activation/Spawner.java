package usher.activation;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntSupplier;
import usher.activation.posix.Descriptor;
import usher.activation.posix.DescriptorActions;
import usher.activation.posix.Descriptors;
import usher.activation.posix.Limits;
import usher.activation.posix.Manner;
import usher.activation.posix.PosixException;
import usher.activation.posix.Program;
import usher.bundles.Service;

/**
 * Starts processes: with exactly the descriptors asked for, as a session of its own, no signal blocked or ignored, the
 * original descriptor limit, and what its place asks for.
 *
 * <p>{@linkplain Manner#isWhole Where a process cannot see to it itself}, limit and umask are taken over at the moment of
 * the clone, so they are set on this process just around it. That is why one thread has all spawning done, and why no
 * other should be making files meanwhile.
 */
public final class Spawner implements AutoCloseable {
    /**
     * From so many open descriptors on, a copy of the lowest only costs less than one of all. Tests set {@code
     * -Dusher.crowded=0}.
     */
    static final int CROWDED = Integer.getInteger("usher.crowded", 256);

    private static final String NOWHERE = "/dev/null";

    private final OriginalLimits limits;
    private final int umask;
    private final Descriptor nowhere =
            Descriptor.own(Descriptors.open(NOWHERE, Descriptors.O_RDWR, 0), "open", NOWHERE);
    private final LowNumbers low = new LowNumbers(nowhere);
    private boolean crowded = CROWDED == 0;

    public Spawner(OriginalLimits limits) {
        this.limits = limits;
        this.umask = Limits.umask(022);
        Limits.umask(umask);
    }

    /** Starts one process, and waits until it has reached its exec. */
    public Spawning spawn(Launch launch) {
        return begin(launch).await();
    }

    /** Begins to start one process; where few descriptors are open, it has reached its exec then, or has failed. */
    public PendingSpawn begin(Launch launch) {
        Optional<Spawning> fault = makeGroup(launch);
        if (fault.isPresent()) {
            return PendingSpawn.done(fault.get());
        }
        try {
            Standby one = prepare(launch);
            return one.begin(!crowded, one::close);
        } catch (Steps.Refused refused) {
            return PendingSpawn.done(refused.asFailure());
        } catch (PosixException full) {
            return PendingSpawn.done(new Spawning.SpawnFailure(full.errno(), String.valueOf(full.getMessage())));
        }
    }

    /** Makes all ready for one process; nothing if that cannot be, which a start will tell of. */
    public Optional<Standby> standBy(Launch launch) {
        if (!Manner.isWhole() || makeGroup(launch).isPresent()) {
            return Optional.empty();
        }
        try {
            return Optional.of(prepare(launch));
        } catch (Steps.Refused | PosixException fault) {
            return Optional.empty();
        }
    }

    private Standby prepare(Launch launch) throws Steps.Refused {
        Program program = program(launch);
        try {
            Map<Integer, Descriptor> descriptors = descriptors(launch);
            Optional<LowNumbers.Loan> loan = crowded && Manner.isWhole() ? low.loan(descriptors) : Optional.empty();
            return new Standby(this, launch, program, descriptors, loan);
        } catch (PosixException full) {
            program.close();
            throw full;
        }
    }

    /** Whether a process can end where it would execute its program: there is nothing to be seen of such a one. */
    public static boolean canPlay() {
        return Manner.isWhole();
    }

    /** Makes the group that its processes are to be in, or says why that cannot be. */
    static Optional<Spawning> makeGroup(Launch launch) {
        if (launch.membership().isEmpty()) {
            return Optional.empty();
        }
        ControlGroup group = launch.membership().get().group();
        int made = group.makeWithParent();
        return made >= 0
                ? Optional.empty()
                : Optional.of(new Spawning.SpawnFailure(-made, PosixException.sentence("make", group.path(), -made)));
    }

    /**
     * Does beforehand what need not be done for every connection.
     *
     * @param numbers under which each process gets its connection, in place of what the launch has there
     */
    public Preparation prepareFor(Launch launch, Set<Integer> numbers) {
        try {
            return new Preparation.Ready(new Prepared(this, launch, numbers));
        } catch (Steps.Refused refused) {
            return new Preparation.Failed(refused.asFailure());
        }
    }

    Program program(Launch launch) throws Steps.Refused {
        Optional<ControlGroup> group = launch.membership().map(Membership::group);
        boolean born = launch.membership().filter(Membership::isByBirth).isPresent();
        List<String> command = Steps.before(launch, born ? Optional.empty() : group);
        Manner manner = manner(launch, born ? group : Optional.empty());
        return new Program(command.get(0), command, launch.environment().strings(), manner);
    }

    private Manner manner(Launch launch, Optional<ControlGroup> group) {
        Service.Place place = launch.place();
        // With another root, the step that changes it changes the directory too.
        String directory = place.root().isPresent() ? "/" : place.directory().toString();
        Map<String, Limits.Limit> wanted = new HashMap<>();
        wanted.put("nofile", limits.ofChildren());
        place.limits().forEach((name, limit) -> wanted.put(name, new Limits.Limit(limit.soft(), limit.hard())));
        return new Manner(
                directory,
                place.umask(),
                wanted,
                launch.tellsPid(),
                place.noNewPrivileges(),
                group.map(ControlGroup::path),
                launch.isPlayed());
    }

    Map<Integer, Descriptor> descriptors(Launch launch) {
        Map<Integer, Descriptor> all = new HashMap<>();
        for (int standard = 0; standard <= 2; standard++) {
            all.put(standard, nowhere);
        }
        all.putAll(launch.descriptors());
        return all;
    }

    /** Begins one whose group is there and whose descriptors are prepared for this thread. */
    PendingSpawn begin(
            Launch launch,
            Program program,
            DescriptorActions actions,
            List<String> additions,
            boolean waits,
            Runnable afterwards) {
        int pid = within(launch.place().umask(), () -> program.begin(actions, additions, waits));
        PendingSpawn begun = PendingSpawn.of(launch, program, pid, afterwards);
        crowded = begun.isDone() ? crowded : begun.number() >= CROWDED;
        return begun;
    }

    /** Makes it; if need be while this process has that umask, and the limit that its children are to have. */
    private int within(int mask, IntSupplier begin) {
        if (Manner.isWhole()) {
            return begin.getAsInt();
        }
        limits.lower();
        if (mask != umask) {
            Limits.umask(mask);
        }
        try {
            return begin.getAsInt();
        } finally {
            if (mask != umask) {
                Limits.umask(umask);
            }
            limits.work();
        }
    }

    @Override
    public void close() {
        nowhere.close();
        low.close();
    }
}

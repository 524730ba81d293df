package usher.activation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import usher.activation.posix.Descriptor;
import usher.activation.posix.Descriptors;
import usher.activation.posix.Errno;
import usher.activation.posix.Limits;
import usher.activation.posix.Manner;
import usher.activation.posix.PosixException;
import usher.activation.posix.Processes;
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
    private static final int SIGKILL = 9;
    /** The one that is being made, and the next. */
    private static final int AT_A_TIME = 2;

    private static final String NOWHERE = "/dev/null";

    private final OriginalLimits limits;
    private final int umask;
    private final Descriptor nowhere =
            Descriptor.own(Descriptors.open(NOWHERE, Descriptors.O_RDWR, 0), "open", NOWHERE);
    private final LowNumbers low = new LowNumbers(nowhere);
    /** Numbers kept back for pidfds, so that no process is started that could not be followed. */
    private final List<Descriptor> spares = new ArrayList<>();

    private final SpawnThreads threads = new SpawnThreads();
    /** Made when it is wanted first; empty before, and where there is no such thing. */
    private Optional<SmallTable> small = Optional.empty();

    private boolean asked;
    private boolean crowded;

    public Spawner(OriginalLimits limits) {
        this.limits = limits;
        this.umask = Limits.umask(022);
        Limits.umask(umask);
    }

    /** Starts one process. */
    public Spawning spawn(Launch launch) {
        return begin(launch).await();
    }

    /**
     * Starts one process; where many descriptors are open, another thread does, and the caller may go on meanwhile, and
     * begin the next one before it waits for this.
     */
    public PendingSpawn begin(Launch launch) {
        Optional<Spawning> fault = makeGroup(launch);
        if (fault.isPresent()) {
            return PendingSpawn.done(fault.get());
        }
        Program program;
        try {
            program = program(launch);
        } catch (Steps.Refused refused) {
            return PendingSpawn.done(refused.asFailure());
        }
        Order order = new Order(program, descriptors(launch));
        // Otherwise limit and umask of this process are the child's, and nobody may make a file meanwhile.
        if (Manner.isWhole() && smallTable().isPresent() && reserve(AT_A_TIME) == 0) {
            SmallTable.@Nullable Task task = smallTable().get().begin(order, order);
            if (task != null) {
                return PendingSpawn.underWay(() -> {
                    try (program) {
                        task.await();
                        return answer(launch, order);
                    }
                });
            }
        }
        try (program) {
            return PendingSpawn.done(carryOut(launch, List.of(order)).get(0));
        }
    }

    /** Makes all ready for one process; nothing if that cannot be, which a start will tell of. */
    public Optional<Standby> standBy(Launch launch) {
        return Manner.isWhole() && makeGroup(launch).isEmpty()
                ? Standby.make(this, launch, crowded ? Optional.of(low) : Optional.empty())
                : Optional.empty();
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

    /**
     * Spawns these processes of one launch, several at a time where there are processors for it, and answers in their
     * order.
     */
    List<Spawning> carryOut(Launch launch, List<Order> orders) {
        List<Spawning> answers = new ArrayList<>(orders.size());
        int failure = reserve(orders.size());
        if (failure < 0) {
            orders.forEach(order -> answers.add(notToBeFollowed(launch, failure)));
            return answers;
        }
        spawnAll(launch.place().umask(), orders);
        for (Order order : orders) {
            answers.add(answer(launch, order));
        }
        return answers;
    }

    /** Spawns one whose descriptors are prepared for this thread. */
    Spawning carryOutHere(Launch launch, Order order) {
        int failure = reserve(1);
        if (failure < 0) {
            return notToBeFollowed(launch, failure);
        }
        order.run();
        return answer(launch, order);
    }

    private static Spawning notToBeFollowed(Launch launch, int failure) {
        String why = PosixException.sentence("follow", launch.command().get(0), -failure);
        return new Spawning.SpawnFailure(-failure, why);
    }

    private Spawning answer(Launch launch, Order order) {
        int pid = order.result();
        return pid < 0 ? SpawnFaults.of(launch, -pid, order.failed()) : follow(pid);
    }

    /** Keeps so many numbers back. */
    private int reserve(int count) {
        while (spares.size() < count) {
            int number = Descriptors.duplicate(nowhere.number(), 3);
            if (number < 0) {
                // EINVAL: the limit is lower than the least number asked for.
                return number == -Errno.EINVAL ? -Errno.EMFILE : number;
            }
            spares.add(Descriptor.own(number));
        }
        return 0;
    }

    private void spawnAll(int mask, List<Order> orders) {
        List<Order> here = new ArrayList<>(orders);
        smallTable().ifPresent(table -> here.removeIf(order -> isMadeBy(table, mask, order)));
        for (Order order : here) {
            order.prepare();
        }
        if (!here.isEmpty()) {
            within(mask, here.size() == 1 ? here.get(0) : () -> threads.runAll(here));
        }
        for (Order order : here) {
            order.close();
        }
    }

    /** Where a copy of the launcher's own table is not worth its while; made when it is wanted first. */
    private Optional<SmallTable> smallTable() {
        if (crowded && !asked) {
            asked = true;
            small = SmallTable.make();
        }
        return crowded ? small : Optional.empty();
    }

    private boolean isMadeBy(SmallTable table, int mask, Order order) {
        SmallTable.@Nullable Task task = table.begin(order, () -> within(mask, order));
        if (task != null) {
            task.await();
        }
        return task != null;
    }

    /** Runs it; if need be while this process has that umask, and the limit that its children are to have. */
    private void within(int mask, Runnable spawns) {
        if (Manner.isWhole()) {
            spawns.run();
            return;
        }
        limits.lower();
        if (mask != umask) {
            Limits.umask(mask);
        }
        try {
            spawns.run();
        } finally {
            if (mask != umask) {
                Limits.umask(umask);
            }
            limits.work();
        }
    }

    /** Nobody but us reaps our children, so the number is still its own when the pidfd is opened. */
    private Spawning follow(int pid) {
        int pidfd = Processes.pidfdOpen(pid);
        if (pidfd < 0 && !spares.isEmpty()) {
            spares.remove(spares.size() - 1).close();
            pidfd = Processes.pidfdOpen(pid);
        }
        if (pidfd < 0) {
            Processes.kill(-pid, SIGKILL);
            Processes.kill(pid, SIGKILL);
            Processes.reap(pid);
            String why = PosixException.sentence("follow", "process " + pid, -pidfd);
            return new Spawning.SpawnFailure(-pidfd, why + "; it was ended");
        }
        // The kernel gives the least number that is free.
        crowded = pidfd > SmallTable.WORTHWHILE;
        return new Spawning.Spawned(new Child(pid, Descriptor.own(pidfd)));
    }

    @Override
    public void close() {
        nowhere.close();
        low.close();
        spares.forEach(Descriptor::close);
        threads.close();
        small.ifPresent(SmallTable::close);
    }
}

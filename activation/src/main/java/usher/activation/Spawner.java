package usher.activation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import usher.activation.posix.Descriptor;
import usher.activation.posix.DescriptorPlan;
import usher.activation.posix.Descriptors;
import usher.activation.posix.Errno;
import usher.activation.posix.Limits;
import usher.activation.posix.Nodes;
import usher.activation.posix.PosixException;
import usher.activation.posix.Processes;
import usher.activation.posix.Program;
import usher.activation.posix.SpawnActions;
import usher.bundles.Service;

/**
 * Starts processes: {@code posix_spawn(3)} with exactly the descriptors asked for, as a session of its own, no signal
 * blocked or ignored, the original descriptor limit, and the umask of its place.
 *
 * <p>A process for one connection leads a process group instead, which is quicker to make: unless this process has a
 * terminal, which nobody who serves the network is to be able to open.
 *
 * <p>Limit and umask are taken over at the moment of the clone, so they are set on this process just around it. That is
 * why one thread has all spawning done, and why no other should be making files meanwhile.
 */
public final class Spawner implements AutoCloseable {
    private static final int SIGKILL = 9;
    private static final String NOWHERE = "/dev/null";

    private final OriginalLimits limits;
    private final int umask;
    private final Descriptor nowhere =
            Descriptor.own(Descriptors.open(NOWHERE, Descriptors.O_RDWR, 0), "open", NOWHERE);
    /** Numbers kept back for pidfds, so that no process is started that could not be followed. */
    private final List<Descriptor> spares = new ArrayList<>();

    private final SpawnThreads threads = new SpawnThreads();
    private final Joining joining = new Joining();

    public Spawner(OriginalLimits limits) {
        this.limits = limits;
        this.umask = Limits.umask(022);
        Limits.umask(umask);
    }

    /** Starts one process. */
    public Spawning spawn(Launch launch) {
        try (Program program = program(launch);
                DescriptorPlan plan = new DescriptorPlan(descriptors(launch));
                SpawnActions actions = program.actions(plan)) {
            return spawn(launch, program, actions);
        } catch (Steps.Refused refused) {
            return refused.asFailure();
        } catch (PosixException full) {
            return new Spawning.SpawnFailure(full.errno(), full.getMessage());
        }
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

    static Program program(Launch launch) throws Steps.Refused {
        List<String> command = Steps.before(launch);
        Service.Place place = launch.place();
        // With another root, the step that changes it changes the directory too.
        String directory = place.root().isPresent() ? "/" : place.directory().toString();
        return new Program(command.get(0), command, launch.environment().strings(), Optional.of(directory));
    }

    Map<Integer, Descriptor> descriptors(Launch launch) {
        Map<Integer, Descriptor> all = new HashMap<>();
        for (int standard = 0; standard <= 2; standard++) {
            all.put(standard, nowhere);
        }
        all.putAll(launch.descriptors());
        return all;
    }

    private Spawning spawn(Launch launch, Program program, SpawnActions actions) {
        Order order = new Order(program, actions, List.of());
        return carryOut(launch, List.of(order)).get(0);
    }

    /**
     * Spawns these processes of one launch, several at a time where there are processors for it, and answers in their
     * order.
     */
    List<Spawning> carryOut(Launch launch, List<Order> orders) {
        List<Spawning> answers = new ArrayList<>(orders.size());
        int failure = reserve(orders.size());
        String fault = PosixException.sentence("follow", launch.command().get(0), -failure);
        if (failure >= 0 && launch.joinsItself()) {
            ControlGroup group = launch.membership().orElseThrow().group();
            failure = group.makeWithParent();
            fault = PosixException.sentence("make", group.path(), -failure);
        }
        if (failure < 0) {
            Spawning answer = new Spawning.SpawnFailure(-failure, fault);
            orders.forEach(order -> answers.add(answer));
            return answers;
        }
        spawnWithin(launch.place().umask(), orders);
        for (Order order : orders) {
            int pid = order.result();
            answers.add(pid < 0 ? failure(launch, -pid) : follow(launch, pid));
        }
        return answers;
    }

    /** Keeps so many numbers back. */
    private int reserve(int count) {
        while (spares.size() < count) {
            int number = Descriptors.duplicate(nowhere.number(), 3);
            if (number < 0) {
                return number;
            }
            spares.add(Descriptor.own(number));
        }
        return 0;
    }

    private void spawnWithin(int mask, List<Order> orders) {
        limits.lower();
        if (mask != umask) {
            Limits.umask(mask);
        }
        try {
            if (orders.size() == 1) {
                orders.get(0).run();
            } else {
                threads.runAll(orders);
            }
        } finally {
            if (mask != umask) {
                Limits.umask(umask);
            }
            limits.raise();
        }
    }

    /** Nobody but us reaps our children, so the number is still its own when the pidfd is opened. */
    private Spawning follow(Launch launch, int pid) {
        int pidfd = Processes.pidfdOpen(pid);
        if (pidfd < 0 && !spares.isEmpty()) {
            spares.remove(spares.size() - 1).close();
            pidfd = Processes.pidfdOpen(pid);
        }
        if (pidfd < 0) {
            return ended(pid, pidfd, PosixException.sentence("follow", "process " + pid, -pidfd));
        }
        if (launch.membership().isPresent() && !launch.joinsItself()) {
            ControlGroup group = launch.membership().get().group();
            int made = group.makeWithParent();
            int brought = made < 0 ? made : joining.bring(pid, group);
            if (brought < 0) {
                Descriptors.close(pidfd);
                return ended(pid, brought, PosixException.sentence("bring a process to", group.path(), -brought));
            }
        }
        return new Spawning.Spawned(new Child(pid, Descriptor.own(pidfd)));
    }

    private static Spawning ended(int pid, int error, String why) {
        Processes.kill(-pid, SIGKILL);
        Processes.kill(pid, SIGKILL);
        Processes.reap(pid);
        return new Spawning.SpawnFailure(-error, why + "; it was ended");
    }

    /** posix_spawn gives one error number for all that it does; what is there says which it was. */
    private static Spawning failure(Launch launch, int errno) {
        String directory = launch.place().directory().toString();
        boolean aboutFiles = errno == Errno.ENOENT || errno == Errno.ENOTDIR || errno == Errno.EACCES;
        if (aboutFiles && launch.place().root().isEmpty() && Nodes.checkExecutable(directory + "/.") < 0) {
            return new Spawning.SpawnFailure(errno, PosixException.sentence("change to directory", directory, errno));
        }
        return new Spawning.SpawnFailure(errno, cannotExecute(launch.command().get(0), errno));
    }

    static String cannotExecute(String path, int errno) {
        boolean exists = Nodes.stat(path).isPresent();
        String advice = switch (errno) {
            case Errno.ENOENT -> exists ? ": the interpreter that its first line names does not exist" : "";
            case Errno.EACCES -> exists ? ": it is not executable (chmod +x it)" : "";
            case Errno.ENOEXEC -> ": its first line must name an interpreter, such as #!/bin/sh";
            default -> "";
        };
        return PosixException.sentence("execute", path, errno) + advice;
    }

    @Override
    public void close() {
        nowhere.close();
        spares.forEach(Descriptor::close);
        threads.close();
        joining.close();
    }
}

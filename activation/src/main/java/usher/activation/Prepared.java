package usher.activation;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import usher.activation.posix.Descriptor;
import usher.activation.posix.DescriptorActions;
import usher.activation.posix.DescriptorPlan;
import usher.activation.posix.PosixException;
import usher.activation.posix.Program;

/** A launch for one connection after the other, whose C blocks are made; to be closed when it is not needed any more. */
public final class Prepared implements AutoCloseable {
    /** How many processes are worth spawning at a time. */
    public static final int AT_A_TIME = SpawnThreads.AT_A_TIME;

    /** Connections have the same few numbers again and again. */
    private static final int MOST_KNOWN = 256;

    private final Spawner spawner;
    private final Launch launch;
    private final Set<Integer> numbers;
    /** One for each process that is spawned at a time, since the variables of a connection are written into it. */
    private final List<Program> programs = new ArrayList<>();
    /** By the number of the connection. */
    private final Map<Integer, DescriptorActions> known = new HashMap<>();

    Prepared(Spawner spawner, Launch launch, Set<Integer> numbers) throws Steps.Refused {
        this.spawner = spawner;
        this.launch = launch;
        this.numbers = numbers;
        while (programs.size() < AT_A_TIME) {
            programs.add(spawner.program(launch));
        }
    }

    /**
     * A connection, which stays the caller's, and what its process learns of it.
     *
     * @param additions {@code NAME=value} each, names that the launch's environment does not have
     */
    public record Served(Descriptor connection, List<String> additions) {}

    /**
     * Spawns a process for each of at most {@link #AT_A_TIME} connections, and answers in their order.
     *
     * @param last done when all is ready, right before the first process is made
     */
    public List<Spawning> spawn(List<Served> connections, Runnable last) {
        Optional<Spawning> fault = Spawner.makeGroup(launch);
        if (fault.isPresent()) {
            return Collections.nCopies(connections.size(), fault.get());
        }
        List<Order> orders = new ArrayList<>(connections.size());
        List<AutoCloseable> once = new ArrayList<>();
        try {
            for (Served served : connections) {
                Descriptor connection = served.connection();
                DescriptorActions actions = actions(connection, once);
                orders.add(new Order(
                        programs.get(orders.size()), () -> descriptors(connection), actions, served.additions()));
            }
            last.run();
            return spawner.carryOut(launch, orders);
        } catch (PosixException full) {
            Spawning failure = new Spawning.SpawnFailure(full.errno(), String.valueOf(full.getMessage()));
            return connections.stream().map(served -> failure).toList();
        } finally {
            once.forEach(Prepared::close);
        }
    }

    /** What the process of that connection gets under which number. */
    private Map<Integer, Descriptor> descriptors(Descriptor connection) {
        Map<Integer, Descriptor> all = spawner.descriptors(launch);
        numbers.forEach(number -> all.put(number, connection));
        return all;
    }

    private DescriptorActions actions(Descriptor connection, List<AutoCloseable> once) {
        DescriptorActions actions = known.get(connection.number());
        if (actions != null) {
            return actions;
        }
        DescriptorPlan plan = new DescriptorPlan(descriptors(connection));
        once.add(plan);
        DescriptorActions made = programs.get(0).actions(plan);
        if (plan.holdsForNumbers() && known.size() < MOST_KNOWN) {
            known.put(connection.number(), made);
        } else {
            once.add(made);
        }
        return made;
    }

    private static void close(AutoCloseable resource) {
        try {
            resource.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        known.values().forEach(DescriptorActions::close);
        known.clear();
        programs.forEach(Program::close);
        programs.clear();
    }
}

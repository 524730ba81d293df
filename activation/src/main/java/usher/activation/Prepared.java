package usher.activation;

import java.util.ArrayDeque;
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

/**
 * A launch for one connection after the other, whose C blocks are made. To be closed when it is not needed any more; what the
 * processes under way need then goes with the last of them.
 */
public final class Prepared implements AutoCloseable {
    /** Connections have the same few numbers again and again. */
    private static final int MOST_KNOWN = 256;

    private final Spawner spawner;
    private final Launch launch;
    private final Set<Integer> numbers;
    /** One for each process that is under way at a time, since the variables of a connection are written into it. */
    private final ArrayDeque<Program> idle = new ArrayDeque<>();
    /** By the number of the connection. */
    private final Map<Integer, DescriptorActions> known = new HashMap<>();

    private int underWay;
    private boolean closed;

    Prepared(Spawner spawner, Launch launch, Set<Integer> numbers) throws Steps.Refused {
        this.spawner = spawner;
        this.launch = launch;
        this.numbers = numbers;
        idle.add(spawner.program(launch));
    }

    /**
     * Begins a process for the connection, which stays the caller's.
     *
     * @param additions {@code NAME=value} each, names that the launch's environment does not have
     * @param last done when all is ready, right before the process is made
     */
    public PendingSpawn begin(Descriptor connection, List<String> additions, Runnable last) {
        Optional<Spawning> fault = Spawner.makeGroup(launch);
        if (fault.isPresent()) {
            return PendingSpawn.done(fault.get());
        }
        try {
            Program program = idle.isEmpty() ? spawner.program(launch) : idle.pop();
            underWay++;
            return begin(program, connection, additions, last);
        } catch (Steps.Refused refused) {
            return PendingSpawn.done(refused.asFailure());
        }
    }

    private PendingSpawn begin(Program program, Descriptor connection, List<String> additions, Runnable last) {
        DescriptorActions actions = known.get(connection.number());
        if (actions != null) {
            last.run();
            return spawner.begin(launch, program, actions, additions, false, () -> isIdle(program));
        }
        try {
            DescriptorPlan plan = new DescriptorPlan(descriptors(connection));
            DescriptorActions made = program.actions(plan);
            boolean remembered = plan.holdsForNumbers() && known.size() < MOST_KNOWN;
            if (remembered) {
                known.put(connection.number(), made);
            }
            last.run();
            return spawner.begin(launch, program, made, additions, false, () -> {
                plan.close();
                if (!remembered) {
                    made.close();
                }
                isIdle(program);
            });
        } catch (PosixException full) {
            isIdle(program);
            return PendingSpawn.done(new Spawning.SpawnFailure(full.errno(), String.valueOf(full.getMessage())));
        }
    }

    private void isIdle(Program program) {
        idle.push(program);
        underWay--;
        if (closed) {
            close();
        }
    }

    /** What the process of that connection gets under which number. */
    private Map<Integer, Descriptor> descriptors(Descriptor connection) {
        Map<Integer, Descriptor> all = spawner.descriptors(launch);
        numbers.forEach(number -> all.put(number, connection));
        return all;
    }

    @Override
    public void close() {
        closed = true;
        if (underWay > 0) {
            return;
        }
        known.values().forEach(DescriptorActions::close);
        known.clear();
        idle.forEach(Program::close);
        idle.clear();
    }
}

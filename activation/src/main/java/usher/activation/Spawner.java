package usher.activation;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import usher.activation.posix.Descriptor;
import usher.activation.posix.DescriptorPlan;
import usher.activation.posix.Descriptors;
import usher.activation.posix.Errno;
import usher.activation.posix.Limits;
import usher.activation.posix.Nodes;
import usher.activation.posix.PosixException;
import usher.activation.posix.Processes;
import usher.activation.posix.Program;
import usher.bundles.Service;

/**
 * Starts processes: {@code posix_spawn(3)} with exactly the descriptors asked for, as a session of its own, no signal
 * blocked or ignored, the original descriptor limit, and the umask of its place.
 *
 * <p>Limit and umask are taken over at the moment of the clone, so they are set on this process just around it. That is
 * why one thread spawns, and why no other should be making files meanwhile.
 */
public final class Spawner implements AutoCloseable {
    private static final int SIGKILL = 9;

    private final OriginalLimits limits;
    private final int umask;
    private final Descriptor nowhere =
            Descriptor.own(Descriptors.open("/dev/null", Descriptors.O_RDWR, 0), "open", "/dev/null");

    public Spawner(OriginalLimits limits) {
        this.limits = limits;
        this.umask = Limits.umask(022);
        Limits.umask(umask);
    }

    /** Starts one process. */
    public Spawning spawn(Launch launch) {
        try (Prepared prepared = prepare(launch)) {
            return prepared.spawn(Map.of(), List.of());
        } catch (Steps.Refused refused) {
            return refused.asFailure();
        }
    }

    /** What of a launch stays the same over many spawns, or why there can be none. */
    public sealed interface Preparation {
        /** Ready to be spawned as often as wanted. */
        record Ready(Prepared prepared) implements Preparation {}

        record Failed(Spawning.SpawnFailure failure) implements Preparation {}
    }

    /** Does beforehand what need not be done for every connection. */
    public Preparation prepareFor(Launch launch) {
        try {
            return new Preparation.Ready(prepare(launch));
        } catch (Steps.Refused refused) {
            return new Preparation.Failed(refused.asFailure());
        }
    }

    private Prepared prepare(Launch launch) throws Steps.Refused {
        List<String> command = Steps.before(launch);
        Service.Place place = launch.place();
        Program program = new Program(
                command.get(0),
                command,
                launch.environment().strings(),
                // With another root, the step that changes it changes the directory too.
                place.root().isPresent()
                        ? Optional.of("/")
                        : Optional.of(place.directory().toString()));
        return new Prepared(launch, program);
    }

    /** A launch whose C blocks are made; to be closed when it is not needed any more. */
    public final class Prepared implements AutoCloseable {
        private final Launch launch;
        private final Program program;

        private Prepared(Launch launch, Program program) {
            this.launch = launch;
            this.program = program;
        }

        /**
         * Spawns it with these descriptors, besides and in place of those of the launch.
         *
         * @param additions {@code NAME=value} each, names that the launch's environment does not have
         */
        public Spawning spawn(Map<Integer, Descriptor> descriptors, List<String> additions) {
            Map<Integer, Descriptor> all = new HashMap<>();
            for (int standard = 0; standard <= 2; standard++) {
                all.put(standard, nowhere);
            }
            all.putAll(launch.descriptors());
            all.putAll(descriptors);
            try (DescriptorPlan plan = new DescriptorPlan(all)) {
                int pid = spawnWithin(launch.place().umask(), program, plan, additions);
                return pid < 0 ? failure(launch, -pid) : follow(pid);
            } catch (PosixException full) {
                return new Spawning.SpawnFailure(full.errno(), full.getMessage());
            }
        }

        @Override
        public void close() {
            program.close();
        }
    }

    private int spawnWithin(int mask, Program program, DescriptorPlan plan, List<String> additions) {
        limits.lower();
        if (mask != umask) {
            Limits.umask(mask);
        }
        try {
            return program.spawn(plan, additions);
        } finally {
            if (mask != umask) {
                Limits.umask(umask);
            }
            limits.raise();
        }
    }

    /** Nobody but us reaps our children, so the number is still its own when the pidfd is opened. */
    private static Spawning follow(int pid) {
        int pidfd = Processes.pidfdOpen(pid);
        if (pidfd < 0) {
            Processes.kill(-pid, SIGKILL);
            Processes.kill(pid, SIGKILL);
            Processes.reap(pid);
            return new Spawning.SpawnFailure(
                    -pidfd, PosixException.sentence("follow", "process " + pid, -pidfd) + "; it was ended");
        }
        return new Spawning.Spawned(new Child(pid, Descriptor.own(pidfd)));
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
    }
}

package usher.activation;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import usher.activation.posix.Descriptor;
import usher.activation.posix.DescriptorTable;
import usher.activation.posix.Processes;

/**
 * The process that has this launcher's descriptors open, too, and outlives it: what of those is in no mailbox can be
 * taken from it afterwards. It is wanted for connections between accept(2) and the process that serves them.
 */
public final class TableHolder implements AutoCloseable {
    private final int pid;
    private final Descriptor pidfd;

    private TableHolder(int pid, Descriptor pidfd) {
        this.pid = pid;
        this.pidfd = pidfd;
    }

    /** Starts one, and tries whether something could be taken from it; empty where the system does not let us. */
    public static Optional<TableHolder> start() {
        int pid = DescriptorTable.share();
        if (pid < 0) {
            return Optional.empty();
        }
        int pidfd = Processes.pidfdOpen(pid);
        if (pidfd < 0) {
            Processes.kill(pid, Processes.SIGKILL);
            Processes.reap(pid);
            return Optional.empty();
        }
        TableHolder holder = new TableHolder(pid, Descriptor.own(pidfd));
        int probe = Processes.pidfdGetDescriptor(pidfd, pidfd);
        if (probe < 0) {
            holder.close();
            return Optional.empty();
        }
        Descriptor.own(probe).close();
        return Optional.of(holder);
    }

    /** One that a launcher before this one has started, if that process is still there. */
    public static Optional<TableHolder> of(ProcessId process) {
        return process.open().map(pidfd -> new TableHolder(process.pid(), pidfd));
    }

    /**
     * Ends those that a launcher has started and was killed before it could write that down: children of this process's
     * parent that run the same program and lead no session.
     */
    public static void endStrays() {
        int parent = Processes.parent();
        Optional<Path> own = program(Processes.pid());
        if (parent <= 1 || own.isEmpty()) {
            return;
        }
        for (int process : Sessions.processes()) {
            Sessions.Standing standing = Sessions.standing(process);
            if (process != Processes.pid()
                    && standing != null
                    && standing.parent() == parent
                    && standing.session() != process
                    && own.equals(program(process))) {
                of(new ProcessId(process, standing.startedAt())).ifPresent(TableHolder::close);
            }
        }
    }

    private static Optional<Path> program(int process) {
        try {
            return Optional.of(Files.readSymbolicLink(Path.of("/proc", Integer.toString(process), "exe")));
        } catch (IOException gone) {
            return Optional.empty();
        }
    }

    public ProcessId id() {
        return ProcessId.of(pid);
    }

    /** Readable once it has ended. */
    public Descriptor pidfd() {
        return pidfd;
    }

    /** Copies of all connections from 3 up that it has open and lets us take; never of all else, which may be too much. */
    public List<Descriptor> connections() {
        List<Descriptor> all = new ArrayList<>();
        for (int number : numbers()) {
            Optional<Descriptor> taken = take(number);
            taken.filter(OpenSockets::isConnection).ifPresentOrElse(all::add, () -> taken.ifPresent(Descriptor::close));
        }
        return all;
    }

    /** A copy of one of its descriptors. */
    public Optional<Descriptor> take(int number) {
        int taken = Processes.pidfdGetDescriptor(pidfd.number(), number);
        return taken < 0 ? Optional.empty() : Optional.of(Descriptor.own(taken));
    }

    /** All at once, before any is taken: the table may be this process's own. */
    private List<Integer> numbers() {
        List<Integer> numbers = new ArrayList<>();
        try (DirectoryStream<Path> open = Files.newDirectoryStream(Path.of("/proc", Integer.toString(pid), "fd"))) {
            for (Path path : open) {
                int number = Integer.parseInt(path.getFileName().toString());
                if (number > 2) {
                    numbers.add(number);
                }
            }
        } catch (IOException | DirectoryIteratorException gone) {
            return numbers;
        }
        return numbers;
    }

    /** Ends it and waits for its end: only then is what it alone had open closed. */
    @Override
    public void close() {
        Processes.pidfdSendSignal(pidfd.number(), Processes.SIGKILL);
        Processes.awaitEnd(pidfd.number());
        pidfd.close();
        Processes.reap(pid);
    }
}

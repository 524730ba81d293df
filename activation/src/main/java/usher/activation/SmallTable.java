package usher.activation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import usher.activation.posix.Descriptor;
import usher.activation.posix.DescriptorTable;
import usher.activation.posix.Descriptors;
import usher.activation.posix.Messages;
import usher.activation.posix.PosixException;
import usher.activation.posix.Sockets;

/**
 * A thread that spawns with a table of descriptors of its own, in which there is next to nothing. A clone copies the
 * table of its thread, and the copy is closed one by one before the exec, while the thread waits: half a microsecond for
 * each, which is milliseconds where thousands of sockets and pipes are open. What a process is to get is sent over
 * ({@code unix(7)}, SCM_RIGHTS) instead.
 *
 * <p>Only what the Java machine reads classes from stays open there besides. Nothing else: a socket that is closed in the
 * launcher's table must not stay open here.
 */
final class SmallTable implements AutoCloseable {
    /**
     * From so many open descriptors on, sending the few that are needed costs less than closing copies of all. Tests set
     * {@code -Dusher.crowded=0}.
     */
    static final int WORTHWHILE = Integer.getInteger("usher.crowded", 256);

    private static final Path OPEN = Path.of("/proc/thread-self/fd");
    private static final byte[] LETTER = {1};
    private static final int FOR_EVER = -1;

    /** The launcher's end of a pair of sockets: orders and their descriptors go out here, and answers come in. */
    private final Descriptor out;
    /** The thread's end, a number in the small table. */
    private final int in;

    /** A letter tells of each, with the descriptors that it needs; another one comes back when it is done. */
    private final Queue<Task> tasks = new ConcurrentLinkedQueue<>();

    private SmallTable(Descriptor in, Descriptor out) {
        this.in = in.number();
        this.out = out;
    }

    /** Nothing where the kernel or the C library is too old for it, or no thread or descriptor is to be had. */
    static Optional<SmallTable> make() {
        Descriptor[] pair;
        try {
            pair = Mailbox.pair();
        } catch (PosixException full) {
            return Optional.empty();
        }
        SmallTable table = new SmallTable(pair[0], pair[1]);
        try {
            Task leaving = table.new Task(none -> table.leave());
            Thread thread = new Thread(() -> table.serve(leaving), "spawn-small");
            thread.setDaemon(true);
            thread.start();
            leaving.await();
            return Optional.of(table);
        } catch (IllegalStateException | OutOfMemoryError none) {
            pair[1].close();
            return Optional.empty();
        } finally {
            pair[0].close();
        }
    }

    /** Until the launcher closes its end. */
    private void serve(Task leaving) {
        boolean goesOn = leaving.run(List.of());
        while (goesOn) {
            Descriptors.poll(in, Descriptors.POLLIN, FOR_EVER);
            Messages.Received letter = Messages.peek(in, LETTER.length);
            if (letter != null) {
                Messages.drop(in);
                Task task = tasks.poll();
                goesOn = task != null;
                if (task != null) {
                    task.run(letter.descriptors());
                }
            }
        }
    }

    /** What the thread does; the launcher's thread waits for it. */
    final class Task {
        private final Consumer<List<Descriptor>> work;
        private volatile boolean done;
        private volatile @Nullable Throwable failure;

        private Task(Consumer<List<Descriptor>> work) {
            this.work = work;
        }

        /** Does it and says so; whether it could be done. */
        private boolean run(List<Descriptor> descriptors) {
            try {
                work.accept(descriptors);
            } catch (RuntimeException | Error fault) {
                failure = fault;
            }
            done = true;
            Messages.send(in, LETTER, List.of());
            return failure == null;
        }

        /** Waits until it is done. */
        void await() {
            while (!done) {
                Sockets.receive(out.number(), new byte[LETTER.length], 0);
            }
            if (failure != null) {
                throw new IllegalStateException("spawning out of a small table", failure);
            }
        }
    }

    /** Leaves the launcher's table for a copy, and closes in that what is not needed. */
    private void leave() {
        PosixException.check(DescriptorTable.copyForThisThread(), "copy", "the table of descriptors");
        List<Integer> unneeded = new ArrayList<>();
        try (DirectoryStream<Path> open = Files.newDirectoryStream(OPEN)) {
            for (Path descriptor : open) {
                int number = Integer.parseInt(descriptor.getFileName().toString());
                if (number != in && !isClassFile(descriptor)) {
                    unneeded.add(number);
                }
            }
        } catch (IOException noProc) {
            throw new UncheckedIOException(noProc);
        }
        unneeded.forEach(Descriptors::close);
    }

    private static boolean isClassFile(Path descriptor) throws IOException {
        String file = Files.readSymbolicLink(descriptor).toString();
        return file.endsWith(".jar") || file.endsWith("/modules") || file.endsWith(".jsa");
    }

    /**
     * Sends over what the order needs, and has the thread of this table prepare it for that, have {@code spawn} run it, and
     * close it. Null, and nothing done, if that many descriptors cannot be sent.
     */
    @Nullable
    Task begin(Order order, Runnable spawn) {
        Map<Integer, Descriptor> wanted = order.descriptors();
        Set<Descriptor> sources = new LinkedHashSet<>(wanted.values());
        Task task = new Task(copies -> {
            try (order) {
                order.prepare(inPlaceOf(sources, copies, wanted));
                spawn.run();
            } finally {
                copies.forEach(Descriptor::close);
            }
        });
        if (sources.size() > Messages.MOST_DESCRIPTORS) {
            return null;
        }
        tasks.add(task);
        if (Messages.send(out.number(), LETTER, List.copyOf(sources)) < 0) {
            tasks.remove(task);
            return null;
        }
        return task;
    }

    private static Map<Integer, Descriptor> inPlaceOf(
            Set<Descriptor> sources, List<Descriptor> copies, Map<Integer, Descriptor> wanted) {
        Map<Descriptor, Descriptor> bySource = new HashMap<>();
        for (Descriptor source : sources) {
            bySource.put(source, copies.get(bySource.size()));
        }
        Map<Integer, Descriptor> here = new HashMap<>();
        wanted.forEach((number, source) -> here.put(number, bySource.get(source)));
        return here;
    }

    @Override
    public void close() {
        out.close();
    }
}

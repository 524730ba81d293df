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
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import usher.activation.posix.Descriptor;
import usher.activation.posix.DescriptorTable;
import usher.activation.posix.Descriptors;
import usher.activation.posix.Messages;
import usher.activation.posix.PosixException;

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
    /** From so many open descriptors on, sending the few that are needed costs less than closing copies of all. */
    static final int WORTHWHILE = 256;

    private static final Path OPEN = Path.of("/proc/thread-self/fd");
    private static final byte[] LETTER = {0};

    private final ExecutorService thread = Executors.newSingleThreadExecutor(work -> {
        Thread made = new Thread(work, "spawn-small");
        made.setDaemon(true);
        return made;
    });
    private final Descriptor out;
    /** A number in the small table. */
    private final int in;

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
            table.await(table::leave);
            return Optional.of(table);
        } catch (CompletionException | OutOfMemoryError none) {
            table.thread.shutdown();
            pair[1].close();
            return Optional.empty();
        } finally {
            pair[0].close();
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
     * Sends over what the order needs, prepares it for that, has {@code spawn} run it, and closes it, all in the thread of
     * this table. False, and nothing done, if that many descriptors cannot be sent.
     */
    boolean carryOut(Order order, Runnable spawn) {
        Map<Integer, Descriptor> wanted = order.descriptors();
        Set<Descriptor> sources = new LinkedHashSet<>(wanted.values());
        if (sources.size() > Messages.MOST_DESCRIPTORS
                || Messages.send(out.number(), LETTER, List.copyOf(sources)) < 0) {
            return false;
        }
        await(() -> {
            Messages.Received received = Messages.peek(in, LETTER.length);
            Messages.drop(in);
            List<Descriptor> copies = received == null ? List.of() : received.descriptors();
            try (order) {
                order.prepare(inPlaceOf(sources, copies, wanted));
                spawn.run();
            } finally {
                copies.forEach(Descriptor::close);
            }
        });
        return true;
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

    private void await(Runnable work) {
        CompletableFuture.runAsync(work, thread).join();
    }

    @Override
    public void close() {
        thread.execute(() -> Descriptors.close(in));
        thread.shutdown();
        out.close();
    }
}

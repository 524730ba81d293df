package usher.launcher;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import usher.activation.EventLoop;
import usher.activation.Keeper;
import usher.activation.Pipe;
import usher.activation.posix.Descriptor;
import usher.activation.posix.Descriptors;
import usher.bundles.Bundle;
import usher.bundles.BundleName;
import usher.bundles.Link;
import usher.bundles.Service;

/**
 * Where the output of bundles goes: a pipe each, both ends held here, so that it outlives whoever writes or reads. At
 * the other end is the bundle's log, which a thread of its own keeps ({@link LogThread}, {@link LogStream}), or the
 * standard input of the bundle that {@code log} links to.
 */
final class Outputs implements AutoCloseable {
    static final String LOG = "log/";

    private final Keeper keeper;
    private final Path logDirectory;
    private final Path spareDirectory;
    private final Path spoolDirectory;
    private final LogThread logs;
    private final Map<BundleName, Kept> kept = new HashMap<>();
    private final LoggerPipes loggers;

    /** The stream belongs to the thread of the logs, the write end to this one. */
    private record Kept(Descriptor writeEnd, LogStream stream, Service.Log settings) {}

    /**
     * The keeper gets every pipe, as {@code log/BUNDLE} or {@code logger/BUNDLE}: read end, write end.
     *
     * @param loop hears of it if logs cannot be written any more
     * @param spareDirectory where the diaries are, too
     * @param spoolDirectory for output that is on its way; made if it is not there
     */
    Outputs(EventLoop loop, Keeper keeper, Path logDirectory, Path spareDirectory, Path spoolDirectory) {
        this.logs = new LogThread(loop);
        this.keeper = keeper;
        this.loggers = new LoggerPipes(keeper);
        this.logDirectory = logDirectory;
        this.spareDirectory = spareDirectory;
        this.spoolDirectory = spoolDirectory;
        try {
            Files.createDirectory(
                    spoolDirectory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (IOException e) {
            // It is there; or it cannot be had, and output on its way is held in memory.
        }
    }

    /**
     * Takes back a pipe that the launcher before this one gave to its keeper, before anything is asked of this. The
     * keeper has it still; what is none of ours is left alone and false returned.
     */
    boolean adopt(String name, List<Descriptor> ends, Function<BundleName, Service.Log> settings) {
        boolean log = name.startsWith(LOG);
        if (!log && !name.startsWith(LoggerPipes.NAME)) {
            return false;
        }
        BundleName bundle = new BundleName(name.substring(log ? LOG.length() : LoggerPipes.NAME.length()));
        if (log) {
            Pipe pipe = new Pipe(ends.get(0), ends.get(1));
            Service.Log own = settings.apply(bundle);
            LogStream stream = stream(bundle.value(), own);
            logs.submit(() -> stream.goOnFollowing(pipe.readEnd()));
            kept.put(bundle, new Kept(pipe.writeEnd(), stream, own));
        } else {
            loggers.adopt(bundle, ends);
        }
        return true;
    }

    /** Writes what a launcher before this one left of bundles whose pipes have not been adopted. */
    void clearUp() {
        try (DirectoryStream<Path> spools = Files.newDirectoryStream(spoolDirectory)) {
            for (Path spool : spools) {
                String name = spool.getFileName().toString();
                if (BundleName.isValid(name) && !kept.containsKey(new BundleName(name))) {
                    LogStream stream = stream(name, Service.Log.DEFAULT);
                    logs.submit(stream::clearUp);
                }
            }
        } catch (IOException e) {
            // There is none, so nothing was left.
        }
    }

    /** What a process of the bundle gets under which number; {@code reads}: some bundle's {@code log} links to it. */
    Map<Integer, Descriptor> streams(Bundle bundle, boolean reads) {
        Descriptor output = of(bundle);
        return reads || loggers.has(bundle.name())
                ? Map.of(0, loggers.inputOf(bundle.name()), 1, output, 2, output)
                : Map.of(1, output, 2, output);
    }

    /** Standard output and error. */
    private Descriptor of(Bundle bundle) {
        Optional<Link> logger = bundle.logLink();
        if (logger.isPresent()) {
            return loggers.outputTo(logger.get().to());
        }
        Service.Log settings =
                bundle.service().isPresent() ? bundle.service().get().log() : Service.Log.DEFAULT;
        Kept log = kept.get(bundle.name());
        if (log == null) {
            log = keep(bundle.name(), settings);
            kept.put(bundle.name(), log);
        } else if (!isSame(log.settings(), settings)) {
            LogStream stream = log.stream();
            logs.submit(() -> stream.settings(settings));
            kept.put(bundle.name(), new Kept(log.writeEnd(), stream, settings));
        }
        return log.writeEnd();
    }

    /** The comparison that the compiler makes for records takes milliseconds the first time, while a peer waits. */
    @SuppressWarnings("ReferenceEquality")
    private static boolean isSame(Service.Log one, Service.Log other) {
        return one == other || one.equals(other);
    }

    /**
     * Puts a line among the output of the bundle. It is lost if the bundle's logger does not read: the launcher waits
     * for nobody.
     */
    void say(Bundle bundle, String line) {
        Descriptor end = of(bundle);
        byte[] text = (line + "\n").getBytes(StandardCharsets.UTF_8);
        @Nullable Kept log = kept.get(bundle.name());
        if (!write(end, text) && log != null) {
            sayLater(log, text);
        }
    }

    /** The pipe is full: again when something has been taken from it. */
    private void sayLater(Kept log, byte[] text) {
        logs.submit(() -> {
            log.stream().turn();
            write(log.writeEnd(), text);
        });
    }

    private static boolean write(Descriptor pipe, byte[] text) {
        // Opened anew, because not to wait is a property that the writers of the pipe would share.
        int anew = Descriptors.open("/proc/self/fd/" + pipe.number(), Descriptors.O_WRONLY | Descriptors.O_NONBLOCK, 0);
        if (anew < 0) {
            return true;
        }
        int written = Descriptors.write(anew, text, 0, text.length);
        Descriptors.close(anew);
        return written >= 0;
    }

    /** Has a logger come to the end of its input. */
    void endInput(BundleName logger) {
        loggers.end(logger);
    }

    private Kept keep(BundleName bundle, Service.Log settings) {
        Pipe pipe = Pipe.open();
        keeper.keep(LOG + bundle.value(), List.of(pipe.readEnd(), pipe.writeEnd()));
        LogStream stream = stream(bundle.value(), settings);
        logs.submit(() -> stream.follow(pipe.readEnd()));
        return new Kept(pipe.writeEnd(), stream, settings);
    }

    private LogStream stream(String name, Service.Log settings) {
        LogStream.Places places = new LogStream.Places(
                spoolDirectory.resolve(name),
                Diary.logOf(name, logDirectory, spareDirectory),
                Diary.logOf(name, spareDirectory, spareDirectory));
        return new LogStream(Disk.SYSTEM, logs.desk(), places, settings);
    }

    /** Lets the pipe of a bundle go into which nobody has written or may write. */
    void release(BundleName silent) {
        Kept log = kept.remove(silent);
        if (log != null) {
            keeper.forget(LOG + silent.value());
            logs.submit(log.stream()::finish);
            log.writeEnd().close();
        }
    }

    /** Writes what is on its way, and closes everything. */
    @Override
    public void close() {
        for (Map.Entry<BundleName, Kept> log : kept.entrySet()) {
            logs.submit(log.getValue().stream()::finish);
        }
        logs.close();
        for (Map.Entry<BundleName, Kept> log : kept.entrySet()) {
            keeper.forget(LOG + log.getKey().value());
            log.getValue().writeEnd().close();
        }
        loggers.close();
    }
}

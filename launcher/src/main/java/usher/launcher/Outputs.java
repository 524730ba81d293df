package usher.launcher;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import usher.activation.EventLoop;
import usher.activation.Pipe;
import usher.activation.posix.Descriptor;
import usher.activation.posix.Descriptors;
import usher.bundles.Bundle;
import usher.bundles.BundleName;
import usher.bundles.Link;
import usher.bundles.Relation;
import usher.bundles.Service;

/**
 * Where the output of bundles goes: a pipe each, both ends held here, so that it outlives whoever writes or reads. At
 * the other end is the bundle's log, which the launcher keeps, or the standard input of the bundle that {@code log}
 * links to.
 */
final class Outputs implements AutoCloseable {
    private static final int MOST_AT_ONCE = 64 * 1024;

    private static final String LOG = "log/";
    private static final String LOGGER = "logger/";

    private final EventLoop loop;
    private final Keeper keeper;
    private final Path logDirectory;
    private final Path spareDirectory;
    private final Map<BundleName, Kept> kept = new HashMap<>();
    private final Map<BundleName, Pipe> loggers = new HashMap<>();
    private final byte[] buffer = new byte[MOST_AT_ONCE];

    private record Kept(Pipe pipe, LogFile file) {}

    /** The keeper gets every pipe, as {@code log/BUNDLE} or {@code logger/BUNDLE}: read end, write end. */
    Outputs(EventLoop loop, Keeper keeper, Path logDirectory, Path spareDirectory) {
        this.loop = loop;
        this.keeper = keeper;
        this.logDirectory = logDirectory;
        this.spareDirectory = spareDirectory;
    }

    /**
     * Takes back a pipe that the launcher before this one gave to its keeper, before anything is asked of this. The
     * keeper has it still; what is none of ours is left alone and false returned.
     */
    boolean adopt(String name, List<Descriptor> ends, Function<BundleName, Service.Log> settings) {
        boolean log = name.startsWith(LOG);
        if (!log && !name.startsWith(LOGGER) || ends.size() != 2) {
            return false;
        }
        BundleName bundle = new BundleName(name.substring(log ? LOG.length() : LOGGER.length()));
        Pipe pipe = new Pipe(ends.get(0), ends.get(1));
        if (log) {
            kept.put(bundle, follow(bundle, pipe, settings.apply(bundle)));
        } else {
            loggers.put(bundle, pipe);
        }
        return true;
    }

    /** What a process of the bundle gets as standard output and error. */
    Descriptor of(Bundle bundle) {
        for (Link link : bundle.links()) {
            if (link.relation() == Relation.LOG) {
                return pipeTo(link.to()).writeEnd();
            }
        }
        return kept.computeIfAbsent(bundle.name(), name -> keep(bundle)).pipe().writeEnd();
    }

    /**
     * Puts a line among the output of the bundle. It is lost if the bundle's logger does not read: the launcher waits
     * for nobody.
     */
    void say(Bundle bundle, String line) {
        // Opened anew, because not to wait is a property that the writers of the pipe would share.
        int anew = Descriptors.open(
                "/proc/self/fd/" + of(bundle).number(), Descriptors.O_WRONLY | Descriptors.O_NONBLOCK, 0);
        if (anew >= 0) {
            byte[] text = (line + "\n").getBytes(StandardCharsets.UTF_8);
            Kept log = kept.get(bundle.name());
            if (Descriptors.write(anew, text, 0, text.length) < 0 && log != null) {
                drain(log, 1);
                Descriptors.write(anew, text, 0, text.length);
            }
            Descriptors.close(anew);
        }
    }

    /** The pipe that a logger bundle reads as its standard input. */
    Pipe pipeTo(BundleName logger) {
        return loggers.computeIfAbsent(logger, name -> {
            Pipe pipe = Pipe.open();
            // A logger expects to wait in read(2).
            Descriptors.setNonBlocking(pipe.readEnd().number(), false);
            keeper.keep(LOGGER + name.value(), List.of(pipe.readEnd(), pipe.writeEnd()));
            return pipe;
        });
    }

    /** Whether some bundle has been given a pipe to this one. */
    boolean isLogger(BundleName bundle) {
        return loggers.containsKey(bundle);
    }

    private Kept keep(Bundle bundle) {
        Pipe pipe = Pipe.open();
        keeper.keep(LOG + bundle.name().value(), List.of(pipe.readEnd(), pipe.writeEnd()));
        return follow(bundle.name(), pipe, bundle.service().map(Service::log).orElse(Service.Log.DEFAULT));
    }

    private Kept follow(BundleName bundle, Pipe pipe, Service.Log settings) {
        String name = bundle.value();
        LogFile file = new LogFile(logDirectory.resolve(name), spareDirectory.resolve(name), settings);
        Kept log = new Kept(pipe, file);
        loop.watch(log.pipe().readEnd(), EventLoop.READABLE, events -> drain(log, 1));
        return log;
    }

    /** Takes at most so many buffers full out of the pipe, so that a flood leaves the loop time for others. */
    private void drain(Kept log, int rounds) {
        for (int i = 0; i < rounds; i++) {
            int got = log.pipe().read(buffer);
            if (got <= 0) {
                return;
            }
            log.file().append(buffer, got, Instant.now());
        }
    }

    @Override
    public void close() {
        for (Kept log : kept.values()) {
            drain(log, Integer.MAX_VALUE);
            log.pipe().close();
            log.file().close();
        }
        loggers.values().forEach(Pipe::close);
    }
}

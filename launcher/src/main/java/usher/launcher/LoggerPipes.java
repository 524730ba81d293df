package usher.launcher;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import usher.activation.Keeper;
import usher.activation.Pipe;
import usher.activation.posix.Descriptor;
import usher.activation.posix.Descriptors;
import usher.bundles.BundleName;

/**
 * The pipes that logger bundles read as their standard input. Both ends are held here, so that a pipe outlives whoever
 * writes or reads. When a logger is to be stopped and nobody writes to it any more, the write end is closed; it is
 * opened again, on the same pipe, for the next who writes or reads, so that what has not been read is not lost.
 */
final class LoggerPipes implements AutoCloseable {
    static final String NAME = "logger/";

    private final Keeper keeper;
    private final Map<BundleName, Descriptor> inputs = new HashMap<>();
    /** Those that are open. */
    private final Map<BundleName, Descriptor> outputs = new HashMap<>();

    /** The keeper gets every pipe as {@code logger/BUNDLE}: read end, and the write end as long as it is open. */
    LoggerPipes(Keeper keeper) {
        this.keeper = keeper;
    }

    /** Takes back one that the launcher before this one gave to its keeper. */
    void adopt(BundleName logger, List<Descriptor> ends) {
        inputs.put(logger, ends.get(0));
        if (ends.size() > 1) {
            outputs.put(logger, ends.get(1));
        }
    }

    boolean has(BundleName logger) {
        return inputs.containsKey(logger);
    }

    /** What is written to it reaches the logger, sooner or later. */
    Descriptor outputTo(BundleName logger) {
        return outputs.computeIfAbsent(logger, this::open);
    }

    /** What the logger reads; it does not end before {@link #end}. */
    Descriptor inputOf(BundleName logger) {
        outputTo(logger);
        return Objects.requireNonNull(inputs.get(logger));
    }

    private Descriptor open(BundleName logger) {
        Descriptor input = inputs.get(logger);
        Descriptor output;
        if (input == null) {
            Pipe pipe = Pipe.open();
            input = pipe.readEnd();
            output = pipe.writeEnd();
            // A logger expects to wait in read(2).
            Descriptors.setNonBlocking(input.number(), false);
            inputs.put(logger, input);
        } else {
            String path = "/proc/self/fd/" + input.number();
            output = Descriptor.own(Descriptors.open(path, Descriptors.O_WRONLY, 0), "open", path);
        }
        keeper.keep(NAME + logger, List.of(input, output));
        return output;
    }

    /**
     * The logger comes to the end of its input when it has read what is there, and the keeper has let go of what it had;
     * unless somebody else has the write end. Once more changes nothing.
     */
    void end(BundleName logger) {
        Descriptor input = inputs.get(logger);
        Descriptor output = outputs.remove(logger);
        if (input != null && output != null) {
            keeper.keep(NAME + logger, List.of(input));
            output.close();
        }
    }

    @Override
    public void close() {
        inputs.keySet().forEach(logger -> keeper.forget(NAME + logger));
        inputs.values().forEach(Descriptor::close);
        outputs.values().forEach(Descriptor::close);
    }
}

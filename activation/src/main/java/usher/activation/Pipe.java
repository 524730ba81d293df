package usher.activation;

import usher.activation.posix.Descriptor;
import usher.activation.posix.Descriptors;
import usher.activation.posix.Errno;
import usher.activation.posix.LogCalls;
import usher.activation.posix.PosixException;

/** A pipe for a child's output: the read end is non-blocking and for the loop, the write end blocking and for children. */
public record Pipe(Descriptor readEnd, Descriptor writeEnd) implements AutoCloseable {

    /** Opens one; throws if the process is out of descriptors. */
    public static Pipe open() {
        int[] ends = new int[2];
        PosixException.check(Descriptors.pipe(ends), "make", "a pipe");
        Pipe pipe = new Pipe(Descriptor.own(ends[0]), Descriptor.own(ends[1]));
        Descriptors.setNonBlocking(ends[0], true);
        return pipe;
    }

    /** What {@link #read} would return, and leaves it there: who is killed before it is noted has lost nothing. */
    public int peek(byte[] into) {
        int[] ends = new int[2];
        if (Descriptors.pipe(ends) < 0) {
            return read(into); // out of descriptors
        }
        try (Descriptor from = Descriptor.own(ends[0]);
                Descriptor to = Descriptor.own(ends[1])) {
            int there = LogCalls.tee(readEnd.number(), to.number(), into.length);
            if (there == -Errno.EAGAIN) {
                return -1;
            }
            PosixException.check(there, "look into", "a pipe");
            return there == 0 ? 0 : Descriptors.read(from.number(), into, 0, there);
        }
    }

    /** What is there: bytes read, 0 at the end of the output (every write end is closed), -1 if nothing is there yet. */
    public int read(byte[] into) {
        int got = Descriptors.read(readEnd.number(), into, 0, into.length);
        if (got == -Errno.EAGAIN) {
            return -1;
        }
        return PosixException.check(got, "read from", "a pipe");
    }

    @Override
    public void close() {
        readEnd.close();
        writeEnd.close();
    }
}

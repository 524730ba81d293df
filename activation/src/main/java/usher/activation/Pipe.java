package usher.activation;

import usher.activation.posix.Descriptor;
import usher.activation.posix.Descriptors;
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

    /** What is there: bytes read, 0 at the end of the output (every write end is closed), -1 if nothing is there yet. */
    public int read(byte[] into) {
        int got = Descriptors.read(readEnd.number(), into, 0, into.length);
        if (got == -usher.activation.posix.Errno.EAGAIN) {
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

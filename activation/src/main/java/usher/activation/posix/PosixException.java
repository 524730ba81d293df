package usher.activation.posix;

import java.io.Serial;

/**
 * A system call that failed unexpectedly: which one, on what, and why. Its message is the one shape of all such
 * sentences: {@code could not bind tcp:127.0.0.1:80: address already in use (EADDRINUSE)}.
 */
public final class PosixException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    private final String call;
    private final String object;
    private final int errno;

    public PosixException(String call, String object, int errno) {
        super(sentence(call, object, errno));
        this.call = call;
        this.object = object;
        this.errno = errno;
    }

    /** The result itself, if it is zero or more; otherwise it is an error number negated, and thrown. */
    public static int check(int result, String call, Object object) {
        if (result < 0) {
            throw new PosixException(call, String.valueOf(object), -result);
        }
        return result;
    }

    /** The sentence without the exception, for failures that are values. */
    public static String sentence(String call, String object, int errno) {
        return "could not " + call + (object.isEmpty() ? "" : " " + object) + ": " + Errno.text(errno) + " ("
                + Errno.name(errno) + ")";
    }

    @Override
    public String getMessage() {
        return sentence(call, object, errno);
    }

    public String call() {
        return call;
    }

    public String object() {
        return object;
    }

    /** The error number, positive ({@link Errno}). */
    public int errno() {
        return errno;
    }
}

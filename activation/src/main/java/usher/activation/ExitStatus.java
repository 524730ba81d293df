package usher.activation;

/**
 * How a process ended, as {@code waitid(2)} tells it: an exit code from 0 to 255, a signal's number, or unknown where
 * the kernel no longer tells.
 */
public record ExitStatus(Kind kind, int number) {
    public enum Kind {
        EXIT,
        SIGNAL,
        UNKNOWN
    }

    public static ExitStatus exit(int code) {
        return new ExitStatus(Kind.EXIT, code);
    }

    public static ExitStatus signal(int number) {
        return new ExitStatus(Kind.SIGNAL, number);
    }

    public static ExitStatus unknown() {
        return new ExitStatus(Kind.UNKNOWN, 0);
    }

    /** From a status as of {@code wait(2)}; unknown if that is negative. */
    static ExitStatus ofWait(int status) {
        if (status < 0) {
            return unknown();
        }
        int signal = status & 0x7f;
        return signal == 0 ? exit(status >> 8 & 0xff) : signal(signal);
    }

    /** Whether the process exited with code 0. */
    public boolean isSuccess() {
        return kind == Kind.EXIT && number == 0;
    }
}

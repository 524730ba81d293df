package usher.activation.posix;

import java.util.List;

/** Resource limits of this process ({@code getrlimit(2)}) and its umask; -1 is unlimited. */
public final class Limits {
    public static final int NOFILE = 7;

    /** By their numbers (x86-64 and aarch64), as {@code prlimit(1)} calls them. */
    private static final List<String> NAMES = List.of(
            "cpu",
            "fsize",
            "data",
            "stack",
            "core",
            "rss",
            "nproc",
            "nofile",
            "memlock",
            "as",
            "locks",
            "sigpending",
            "msgqueue",
            "nice",
            "rtprio",
            "rttime");

    private static final long GET = Native.function("getrlimit");
    private static final long SET = Native.function("setrlimit");
    private static final long UMASK = Native.function("umask");

    private Limits() {}

    /** A soft and a hard limit. */
    public record Limit(long soft, long hard) {}

    static int number(String name) {
        return NAMES.indexOf(name);
    }

    static String name(int number) {
        return NAMES.get(number);
    }

    public static Limit of(int resource) {
        try (Memory memory = new Memory()) {
            long pair = memory.allocate(16);
            PosixException.check(Native.call(GET, resource, pair), "read limit", resource);
            return new Limit(Memory.getLong(pair), Memory.getLong(pair + 8));
        }
    }

    public static int set(int resource, Limit limit) {
        try (Memory memory = new Memory()) {
            long pair = memory.allocate(16);
            Memory.putLong(pair, limit.soft());
            Memory.putLong(pair + 8, limit.hard());
            return Native.call(SET, resource, pair);
        }
    }

    /** Sets the umask of the whole process and returns the one before. */
    public static int umask(int mask) {
        return Native.call(UMASK, mask);
    }
}

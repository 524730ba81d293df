package usher.activation.posix;

/**
 * Calls on any descriptor: {@code open(2)}, {@code read(2)}, {@code fcntl(2)}, {@code pipe2(2)}, {@code poll(2)} and
 * their kin. Each returns zero or more, or the error number negated; what opens sets FD_CLOEXEC.
 */
public final class Descriptors {
    public static final int O_RDONLY = 0;
    public static final int O_WRONLY = 1;
    public static final int O_RDWR = 2;
    public static final int O_CREAT = 0x40;
    public static final int O_NONBLOCK = 0x800;
    public static final int O_CLOEXEC = 0x80000;
    public static final int O_DIRECTORY = Native.X86_64 ? 0x10000 : 0x4000;
    public static final int O_NOFOLLOW = Native.X86_64 ? 0x20000 : 0x8000;

    public static final int POLLIN = 1;
    public static final int POLLERR = 8;
    public static final int POLLHUP = 16;

    public static final int LOCK_EX = 2;
    public static final int LOCK_NB = 4;

    private static final int F_GETFD = 1;
    private static final int F_SETFD = 2;
    private static final int F_GETFL = 3;
    private static final int F_SETFL = 4;
    private static final int F_DUPFD_CLOEXEC = 1030;
    private static final int F_SETPIPE_SZ = 1031;

    private static final long OPEN = Native.function("open");
    private static final long CLOSE = Native.effect("close");
    private static final long READ = Native.effect("read");
    private static final long WRITE = Native.effect("write");
    private static final long PREAD = Native.function("pread");
    private static final long FTRUNCATE = Native.effect("ftruncate");
    private static final long FCNTL = Native.function("fcntl");
    private static final long DUP3 = Native.function("dup3");
    private static final long FLOCK = Native.function("flock");
    private static final long IOCTL = Native.function("ioctl");
    private static final long FIONREAD = 0x541B;
    private static final int SYS_KCMP = Native.X86_64 ? 312 : 272;
    private static final int KCMP_FILE = 0;

    private static final long PIPE2 = Native.effect("pipe2");
    private static final long EVENTFD = Native.function("eventfd");
    private static final long POLL = Native.function("poll");

    private Descriptors() {}

    public static int open(String path, int flags, int mode) {
        try (Memory memory = new Memory()) {
            long name = memory.string(path);
            return Native.untilDone(() -> Native.call(OPEN, name, flags | O_CLOEXEC, mode));
        }
    }

    public static int close(int fd) {
        return Native.call(CLOSE, fd);
    }

    /** Reads up to {@code length} bytes; 0 is end of file, -EAGAIN that a non-blocking descriptor has nothing yet. */
    public static int read(int fd, byte[] into, int offset, int length) {
        try (Memory memory = new Memory()) {
            long buffer = memory.buffer(length);
            int got = Native.untilDone(() -> Native.call(READ, fd, buffer, length));
            if (got > 0) {
                Memory.get(buffer, into, offset, got);
            }
            return got;
        }
    }

    /** Reads at that offset of the file, which leaves the descriptor's own position alone. */
    public static int pread(int fd, byte[] into, int offset, int length, long position) {
        try (Memory memory = new Memory()) {
            long buffer = memory.buffer(length);
            int got = Native.untilDone(() -> Native.call(PREAD, fd, buffer, length, position));
            if (got > 0) {
                Memory.get(buffer, into, offset, got);
            }
            return got;
        }
    }

    /** Writes what the descriptor takes, perhaps less than {@code length}. */
    public static int write(int fd, byte[] from, int offset, int length) {
        try (Memory memory = new Memory()) {
            long buffer = memory.buffer(length);
            Memory.put(buffer, from, offset, length);
            return Native.untilDone(() -> Native.call(WRITE, fd, buffer, length));
        }
    }

    public static int truncate(int fd, long length) {
        return Native.untilDone(() -> Native.call(FTRUNCATE, fd, length));
    }

    public static int setCloseOnExec(int fd, boolean on) {
        int flags = Native.call(FCNTL, fd, F_GETFD, 0);
        if (flags < 0 || ((flags & 1) != 0) == on) {
            return Math.min(flags, 0);
        }
        return Native.call(FCNTL, fd, F_SETFD, on ? flags | 1 : flags & ~1);
    }

    /** 1 if the descriptor is closed on exec, 0 if not. */
    public static int isCloseOnExec(int fd) {
        int flags = Native.call(FCNTL, fd, F_GETFD, 0);
        return flags < 0 ? flags : flags & 1;
    }

    /** Of the open file description, so for everybody who shares it. */
    public static int setNonBlocking(int fd, boolean on) {
        int flags = Native.call(FCNTL, fd, F_GETFL, 0);
        if (flags < 0 || ((flags & O_NONBLOCK) != 0) == on) {
            return Math.min(flags, 0);
        }
        return Native.call(FCNTL, fd, F_SETFL, on ? flags | O_NONBLOCK : flags & ~O_NONBLOCK);
    }

    /** A duplicate whose number is at least {@code least}. */
    public static int duplicate(int fd, int least) {
        return Native.call(FCNTL, fd, F_DUPFD_CLOEXEC, least);
    }

    /** Has that number, which is open, be a duplicate of {@code fd} instead. */
    public static int duplicateTo(int fd, int number) {
        return Native.call(DUP3, fd, number, O_CLOEXEC);
    }

    public static int setPipeSize(int fd, int bytes) {
        return Native.call(FCNTL, fd, F_SETPIPE_SZ, bytes);
    }

    /** Whether both are of one open file ({@code kcmp(2)}); false also where the kernel does not tell. */
    public static boolean isSame(int one, int other) {
        int self = Processes.pid();
        return Native.call(Native.SYSCALL, SYS_KCMP, self, self, KCMP_FILE, one, other) == 0;
    }

    /** How many bytes can be read at once; the error number negated where that is not known. */
    public static int unread(int fd) {
        try (Memory memory = new Memory()) {
            long count = memory.allocate(8);
            int result = Native.call(IOCTL, fd, FIONREAD, count);
            return result < 0 ? result : Memory.getInt(count);
        }
    }

    public static int lock(int fd, int operation) {
        return Native.untilDone(() -> Native.call(FLOCK, fd, operation));
    }

    /** Fills in the read end and the write end. */
    public static int pipe(int[] ends) {
        try (Memory memory = new Memory()) {
            long pair = memory.allocate(8);
            int result = Native.call(PIPE2, pair, O_CLOEXEC);
            ends[0] = Memory.getInt(pair);
            ends[1] = Memory.getInt(pair + 4);
            return result;
        }
    }

    /** A non-blocking counter for wake-ups ({@code eventfd(2)}). */
    public static int eventCounter() {
        return Native.call(EVENTFD, 0, O_CLOEXEC | O_NONBLOCK);
    }

    /** What of {@code events} (and POLLERR, POLLHUP) holds for the descriptor within so long; 0: nothing. */
    public static int poll(int fd, int events, int timeoutMillis) {
        try (Memory memory = new Memory()) {
            long pollfd = memory.allocate(8);
            Memory.putInt(pollfd, fd);
            Memory.putShort(pollfd + 4, events);
            int ready = Native.untilDone(() -> Native.call(POLL, pollfd, 1, timeoutMillis));
            return ready <= 0 ? ready : Memory.getInt(pollfd + 4) >>> 16;
        }
    }
}

package usher.activation.posix;

import java.util.Optional;

/**
 * Calls on pipes and the files of logs, which move many bytes often: through a block of memory that belongs to the calling thread
 * and is never freed. Each returns zero or more, or the error number negated; counts may be less than was asked for.
 */
public final class LogCalls {
    /** What one call moves at most. */
    public static final int MOST = 128 * 1024;

    private static final int SPLICE_NONBLOCK = 2;
    private static final int AT_EMPTY_PATH = 0x1000;
    private static final int STATX_BASIC_STATS = 0x7ff;
    private static final int STAT_SIZE = 256;

    private static final long SPLICE = Native.effect("splice");
    private static final long TEE = Native.function("tee");
    private static final long PREAD = Native.function("pread");
    private static final long PWRITE = Native.effect("pwrite");
    private static final long FSYNC = Native.function("fsync");
    private static final long FCHMOD = Native.effect("fchmod");
    private static final long STATX = Native.function("statx");

    private static final ThreadLocal<Long> BLOCK = Memory.ofThread(MOST);

    private LogCalls() {}

    /** What is to be known of a log's file. */
    public record Facts(boolean regular, long inode, long size) {}

    /**
     * Moves bytes from a pipe into a file at that offset, in one step: what a kill leaves is in the pipe or in the file,
     * whole and once ({@code splice(2)}). -EAGAIN: the pipe is empty.
     */
    public static int splice(int pipe, int file, long at, int most) {
        long offset = BLOCK.get();
        Memory.putLong(offset, at);
        return Native.untilDone(() -> Native.call(SPLICE, pipe, 0, file, offset, most, SPLICE_NONBLOCK));
    }

    /** Copies what is in a pipe into another one and leaves it where it is ({@code tee(2)}). -EAGAIN: it is empty. */
    public static int tee(int from, int to, int most) {
        return Native.untilDone(() -> Native.call(TEE, from, to, most, SPLICE_NONBLOCK));
    }

    public static int read(int fd, byte[] into, int offset, int length, long at) {
        long block = BLOCK.get();
        int most = Math.min(length, MOST);
        int got = Native.untilDone(() -> Native.call(PREAD, fd, block, most, at));
        if (got > 0) {
            Memory.get(block, into, offset, got);
        }
        return got;
    }

    public static int write(int fd, byte[] from, int offset, int length, long at) {
        long block = BLOCK.get();
        int most = Math.min(length, MOST);
        Memory.put(block, from, offset, most);
        return Native.untilDone(() -> Native.call(PWRITE, fd, block, most, at));
    }

    /** Returns when the file is on the disk. */
    public static int sync(int fd) {
        return Native.untilDone(() -> Native.call(FSYNC, fd));
    }

    public static int chmod(int fd, int mode) {
        return Native.call(FCHMOD, fd, mode);
    }

    public static Optional<Facts> facts(int fd) {
        try (Memory memory = new Memory()) {
            long stat = memory.allocate(STAT_SIZE);
            if (Native.call(STATX, fd, memory.string(""), AT_EMPTY_PATH, STATX_BASIC_STATS, stat) < 0) {
                return Optional.empty();
            }
            // statx(2): stx_mode at 28, stx_ino at 32, stx_size at 40.
            boolean regular = (Memory.getInt(stat + 28) & 0xf000) == 0x8000;
            return Optional.of(new Facts(regular, Memory.getLong(stat + 32), Memory.getLong(stat + 40)));
        }
    }
}

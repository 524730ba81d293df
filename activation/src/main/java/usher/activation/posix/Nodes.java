package usher.activation.posix;

import java.util.Optional;

/**
 * Calls on names in the file system, whose bytes are UTF-8 whatever the locale (java.nio.file follows the locale). Each
 * returns zero or more, or the error number negated.
 */
public final class Nodes {
    public static final int S_IFMT = 0xF000;
    public static final int S_IFIFO = 0x1000;
    public static final int S_IFSOCK = 0xC000;

    private static final int AT_FDCWD = -100;
    private static final int AT_SYMLINK_NOFOLLOW = 0x100;
    private static final int AT_EMPTY_PATH = 0x1000;
    private static final int STATX_BASIC_STATS = 0x7ff;

    private static final long MKFIFO = Native.effect("mkfifo");
    private static final long MKDIR = Native.effect("mkdir");
    private static final long UNLINK = Native.effect("unlink");
    private static final long RMDIR = Native.effect("rmdir");
    private static final long LINK = Native.effect("link");
    private static final long RENAME = Native.effect("rename");
    private static final long SYMLINK = Native.effect("symlink");
    private static final long READLINK = Native.function("readlink");
    private static final long LCHOWN = Native.effect("lchown");
    private static final long FCHOWN = Native.effect("fchown");
    private static final long CHMOD = Native.effect("chmod");
    private static final long ACCESS = Native.function("access");
    private static final long STATX = Native.function("statx");

    private Nodes() {}

    /** {@code mode} with its type bits; device and inode together are unique. */
    public record Stat(int mode, int uid, int gid, long inode, long device) {
        public boolean is(int type) {
            return (mode & S_IFMT) == type;
        }
    }

    public static int makeFifo(String path, int mode) {
        return withPath(MKFIFO, path, mode);
    }

    public static int makeDirectory(String path, int mode) {
        return withPath(MKDIR, path, mode);
    }

    public static int removeDirectory(String path) {
        return withPath(RMDIR, path, 0);
    }

    public static int chmod(String path, int mode) {
        return withPath(CHMOD, path, mode);
    }

    /** Whether it can be executed by the real user: 0 or the error. */
    public static int checkExecutable(String path) {
        return withPath(ACCESS, path, 1);
    }

    public static int unlink(String path) {
        return withPath(UNLINK, path, 0);
    }

    /** Another name for the same node. */
    public static int link(String existing, String path) {
        return withPaths(LINK, existing, path);
    }

    /** What had the new name before is gone, at the same instant. */
    public static int rename(String from, String to) {
        return withPaths(RENAME, from, to);
    }

    private static int withPaths(long function, String first, String second) {
        try (Memory memory = new Memory()) {
            return Native.call(function, memory.string(first), memory.string(second));
        }
    }

    private static int withPath(long function, String path, int argument) {
        try (Memory memory = new Memory()) {
            return Native.call(function, memory.string(path), argument);
        }
    }

    /** Of the node itself, even where that is a symbolic link; -1 leaves an id as it is. */
    public static int chown(String path, int uid, int gid) {
        try (Memory memory = new Memory()) {
            return Native.call(LCHOWN, memory.string(path), uid, gid);
        }
    }

    public static int chown(Descriptor descriptor, int uid, int gid) {
        return Native.call(FCHOWN, descriptor.number(), uid, gid);
    }

    public static int symlink(String target, String path) {
        return withPaths(SYMLINK, target, path);
    }

    /** The text of a symbolic link. */
    public static Optional<String> readLink(String path) {
        try (Memory memory = new Memory()) {
            long buffer = memory.allocate(4096);
            int length = Native.call(READLINK, memory.string(path), buffer, 4095);
            return length < 0 ? Optional.empty() : Optional.of(Memory.text(buffer));
        }
    }

    /** The node itself, even where that is a symbolic link; empty if there is none or it cannot be seen. */
    public static Optional<Stat> stat(String path) {
        return statx(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW);
    }

    public static Optional<Stat> stat(Descriptor descriptor) {
        return statx(descriptor.number(), "", AT_EMPTY_PATH);
    }

    /** statx(2), since its layout is the same everywhere and that of stat(2) is not. */
    private static Optional<Stat> statx(int directory, String path, int flags) {
        try (Memory memory = new Memory()) {
            long stat = memory.allocate(256);
            if (Native.call(STATX, directory, memory.string(path), flags, STATX_BASIC_STATS, stat) < 0) {
                return Optional.empty();
            }
            long device = (Integer.toUnsignedLong(Memory.getInt(stat + 136)) << 32)
                    | Integer.toUnsignedLong(Memory.getInt(stat + 140));
            return Optional.of(new Stat(
                    Memory.getInt(stat + 28) & 0xffff,
                    Memory.getInt(stat + 20),
                    Memory.getInt(stat + 24),
                    Memory.getLong(stat + 32),
                    device));
        }
    }
}

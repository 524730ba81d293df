package usher.activation.posix;

import java.nio.file.Path;

/**
 * Calls on directories and what lies in them, relative to a descriptor: {@code openat(2)}, {@code statx(2)},
 * {@code getdents64(2)}, {@code readlinkat(2)}. Memory is taken once and used for every call, so an object is for one
 * thread. Each call returns zero or more, or the error number negated.
 */
public final class DirectoryCalls implements AutoCloseable {
    /** {@code d_type} of a symbolic link, and of a file system that does not tell. */
    public static final int DT_LNK = 10;

    public static final int DT_UNKNOWN = 0;

    private static final int AT_SYMLINK_FOLLOW = 0;
    private static final int AT_EMPTY_PATH = 0x1000;

    /** STATX_TYPE, STATX_MODE, STATX_UID, STATX_GID. */
    private static final int WANTED = 0x1 | 0x2 | 0x8 | 0x10;

    private static final int PATH_MAX = 4096;
    private static final int ENTRIES = 32 * 1024;

    private static final long OPENAT = Native.function("openat");
    private static final long STATX = Native.function("statx");
    private static final long GETDENTS = Native.function("getdents64");
    private static final long READLINKAT = Native.function("readlinkat");

    private final Memory memory = new Memory();
    private final long path = memory.allocate(PATH_MAX + 1);
    private final long empty = memory.allocate(1);
    private final long stat = memory.allocate(256);
    private final long dirents = memory.buffer(ENTRIES);
    private final long target = memory.buffer(PATH_MAX);
    private final byte[] pathBytes = new byte[PATH_MAX + 1];
    private final byte[] entries = new byte[ENTRIES];
    private final byte[] text = new byte[PATH_MAX];

    /** A descriptor of the directory, wherever it is. */
    public static int open(Path directory) {
        return Descriptors.open(directory.toString(), Descriptors.O_RDONLY | Descriptors.O_DIRECTORY, 0);
    }

    /** A descriptor of the directory {@code path}, from its character {@code from} on, which are ASCII. */
    public int open(int at, String path, int from, boolean through) {
        int flags = Descriptors.O_RDONLY | Descriptors.O_DIRECTORY | Descriptors.O_CLOEXEC;
        return putPath(path, from)
                ? Native.call(OPENAT, at, this.path, through ? flags : flags | Descriptors.O_NOFOLLOW)
                : -Errno.ENAMETOOLONG;
    }

    /** Looks at the open file; {@link #mode}, {@link #uid} and {@link #gid} tell what was seen. */
    public int stat(int fd) {
        return Native.call(STATX, fd, empty, AT_EMPTY_PATH, WANTED, stat);
    }

    /** The same of what that path leads to. */
    public int stat(int at, String path, int from) {
        return putPath(path, from)
                ? Native.call(STATX, at, this.path, AT_SYMLINK_FOLLOW, WANTED, stat)
                : -Errno.ENAMETOOLONG;
    }

    public int mode() {
        return Memory.getInt(stat + 28) & 0xffff;
    }

    public int uid() {
        return Memory.getInt(stat + 20);
    }

    public int gid() {
        return Memory.getInt(stat + 24);
    }

    /** How many bytes of {@link #entries} the next entries of the directory take; 0: there are no more. */
    public int read(int fd) {
        int length = Native.call(GETDENTS, fd, dirents, ENTRIES);
        if (length > 0) {
            Memory.get(dirents, entries, 0, length);
        }
        return length;
    }

    /** Records of {@code getdents64(2)}: at 16 their length, two bytes, at 18 the type, at 19 the name and a zero. */
    public byte[] entries() {
        return entries;
    }

    /** How many bytes of {@link #text} the link takes whose name is in {@link #entries} at that index. */
    public int readLink(int fd, int name) {
        int length = Native.call(READLINKAT, fd, dirents + name, target, PATH_MAX);
        if (length > 0) {
            Memory.get(target, text, 0, length);
        }
        return length == PATH_MAX ? -Errno.ENAMETOOLONG : length;
    }

    public byte[] text() {
        return text;
    }

    private boolean putPath(String from, int start) {
        int length = from.length() - start;
        if (length > PATH_MAX) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            pathBytes[i] = (byte) from.charAt(start + i);
        }
        pathBytes[length] = 0;
        Memory.put(path, pathBytes, 0, length + 1);
        return true;
    }

    @Override
    public void close() {
        memory.close();
    }
}

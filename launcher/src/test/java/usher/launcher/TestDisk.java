package usher.launcher;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import usher.activation.posix.Errno;
import usher.activation.posix.LogCalls.Facts;

/** The kernel's disk, which dies before a certain effect, and can be full or not to be opened below a certain path. */
final class TestDisk implements Disk {
    /** What a SIGKILL is to the process. */
    static final class Killed extends RuntimeException {
        private static final long serialVersionUID = 1;

        Killed(String before) {
            super(before);
        }
    }

    private final Disk disk = Disk.SYSTEM;
    private final Set<Integer> open = new HashSet<>();
    private final Set<Integer> limited = new HashSet<>();
    private final long killBefore;
    private long effects;
    /** Files below this path take no more than {@link #left} bytes. */
    String limitedBelow = "/nowhere/";

    long left = Long.MAX_VALUE;
    String forbiddenBelow = "/nowhere/";
    boolean splices = true;

    /** Dies before that effect, counted from 1; 0: never. */
    TestDisk(long killBefore) {
        this.killBefore = killBefore;
    }

    private void effect(String name) {
        if (++effects == killBefore) {
            open.forEach(disk::close);
            throw new Killed(name);
        }
    }

    @Override
    public int open(String path, int flags, int mode) {
        effect("open");
        if (path.startsWith(forbiddenBelow)) {
            return -Errno.EACCES;
        }
        int fd = disk.open(path, flags, mode);
        if (fd >= 0) {
            open.add(fd);
            if (path.startsWith(limitedBelow)) {
                limited.add(fd);
            }
        }
        return fd;
    }

    @Override
    public int close(int fd) {
        effect("close");
        open.remove(fd);
        limited.remove(fd);
        return disk.close(fd);
    }

    @Override
    public int splice(int pipe, int file, long at, int most) {
        effect("splice");
        return splices ? disk.splice(pipe, file, at, most) : -Errno.ENOSPC;
    }

    @Override
    public int take(int pipe, byte[] into, int most) {
        effect("take");
        return disk.take(pipe, into, most);
    }

    @Override
    public int read(int fd, byte[] into, int offset, int length, long at) {
        return disk.read(fd, into, offset, length, at);
    }

    @Override
    public int write(int fd, byte[] from, int offset, int length, long at) {
        effect("write");
        if (!limited.contains(fd)) {
            return disk.write(fd, from, offset, length, at);
        }
        if (left == 0) {
            return -Errno.ENOSPC;
        }
        int written = disk.write(fd, from, offset, (int) Math.min(left, length), at);
        left -= Math.max(0, written);
        return written;
    }

    @Override
    public int truncate(int fd, long length) {
        effect("truncate");
        return disk.truncate(fd, length);
    }

    @Override
    public int sync(int fd) {
        effect("sync");
        return 0;
    }

    @Override
    public int chmod(int fd, int mode) {
        effect("chmod");
        return disk.chmod(fd, mode);
    }

    @Override
    public int rename(String from, String to) {
        effect("rename");
        return disk.rename(from, to);
    }

    @Override
    public int unlink(String path) {
        effect("unlink");
        return disk.unlink(path);
    }

    @Override
    public Optional<Facts> facts(int fd) {
        return disk.facts(fd);
    }
}

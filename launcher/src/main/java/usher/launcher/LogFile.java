package usher.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import usher.activation.posix.Descriptors;
import usher.activation.posix.Errno;
import usher.activation.posix.LogCalls.Facts;
import usher.activation.posix.Nodes;

/**
 * A log directory in multilog's layout, for one writer: whole lines are appended to {@code current}; on rotation that
 * becomes {@code @TAI64N.s}, and only so many of those are kept. A {@code current} with the owner's execute bit was
 * closed in order.
 *
 * <p>A kill between any two calls leaves what {@link #open} accepts: {@code current} as it was, or renamed and none
 * there yet, or a new one that is empty.
 */
final class LogFile implements AutoCloseable {
    private static final int CLOSED = -1;
    private static final int BEING_WRITTEN = 0644;
    private static final int CLOSED_IN_ORDER = 0744;

    private final Disk disk;
    private final LogDirectory directory;
    private int current = CLOSED;
    private long inode;
    private long size;
    private int error;

    LogFile(Disk disk, Path directory) {
        this.disk = disk;
        this.directory = new LogDirectory(directory);
    }

    boolean isOpen() {
        return current != CLOSED;
    }

    /** Whether it is still where it was opened: somebody may have moved or removed it, or its directory. */
    boolean isInPlace() {
        return Nodes.stat(directory.current().toString())
                .filter(there -> there.inode() == inode)
                .isPresent();
    }

    long size() {
        return size;
    }

    /** Why the last call was not done, or not wholly: an error number; 0: it was. */
    int error() {
        return error;
    }

    /** Whether the last call failed for want of room, so that another directory would only fill up, too. */
    boolean isOnFullDisk() {
        return error == Errno.ENOSPC || error == Errno.EDQUOT || error == Errno.EFBIG;
    }

    Ledger.Mark mark() {
        return new Ledger.Mark(inode, size);
    }

    /** Opens it, makes it if it is not there, and takes back what is in it beyond the mark, if the mark is its. */
    boolean open(Ledger.Mark mark) {
        try {
            Files.createDirectories(directory.path());
        } catch (IOException e) {
            // What it lacks shows when the file is opened.
        }
        int flags = Descriptors.O_WRONLY | Descriptors.O_CREAT | Descriptors.O_NOFOLLOW | Descriptors.O_NONBLOCK;
        int file = disk.open(directory.current().toString(), flags, BEING_WRITTEN);
        if (file < 0) {
            return failed(file);
        }
        Optional<Facts> facts = disk.facts(file);
        if (facts.isEmpty() || !facts.get().regular()) {
            disk.close(file);
            return failed(-Errno.EINVAL);
        }
        inode = facts.get().inode();
        size = facts.get().size();
        int cut = inode == mark.inode() && size > mark.size() ? disk.truncate(file, mark.size()) : 0;
        if (cut < 0) {
            disk.close(file);
            return failed(cut);
        }
        size = inode == mark.inode() ? Math.min(size, mark.size()) : size;
        disk.chmod(file, BEING_WRITTEN);
        current = file;
        error = 0;
        return true;
    }

    private boolean failed(int result) {
        error = -result;
        return false;
    }

    /** Appends lines; of those that it does not take whole, nothing stays. Returns the bytes that stand. */
    int append(byte[] text, int length) {
        int written = 0;
        error = 0;
        while (written < length) {
            int put = disk.write(current, text, written, length - written, size + written);
            if (put <= 0) {
                error = put == 0 ? Errno.EINVAL : -put;
                written = cutBack(text, written);
                break;
            }
            written += put;
        }
        size += written;
        return written;
    }

    private int cutBack(byte[] text, int written) {
        int whole = written;
        while (whole > 0 && text[whole - 1] != '\n') {
            whole--;
        }
        if (whole < written && disk.truncate(current, size + whole) < 0) {
            // It stays beyond the mark, and is taken back when the file is opened again.
            close();
        }
        return whole;
    }

    /** Finishes {@code current} and begins another; false: the old one goes on. */
    boolean rotate(Instant now, int count) {
        error = 0;
        try {
            List<Path> finished = directory.finished();
            disk.sync(current);
            disk.chmod(current, CLOSED_IN_ORDER);
            String name = name(finished, now);
            int renamed = disk.rename(directory.current().toString(), name);
            if (renamed < 0) {
                return failed(renamed);
            }
            close();
            boolean opened = open(Ledger.Mark.NONE);
            for (int i = 0; i <= finished.size() - count; i++) {
                String oldest = i < finished.size() ? finished.get(i).toString() : name;
                disk.unlink(oldest);
            }
            return opened;
        } catch (IOException e) {
            return failed(-Errno.EINVAL);
        }
    }

    /** Later than all that are there, even if the clock has been set back. */
    private String name(List<Path> finished, Instant now) {
        Instant stamp = now;
        if (!finished.isEmpty()) {
            String last = finished.get(finished.size() - 1).getFileName().toString();
            if (last.compareTo(Stamp.tai64n(now)) > 0 && Stamp.isTai64n(last.substring(0, last.length() - 2))) {
                stamp = Stamp.parseTai64n(last.substring(0, last.length() - 2)).plusNanos(1);
            }
        }
        return directory.path().resolve(Stamp.tai64n(stamp) + ".s").toString();
    }

    /** Marks {@code current} as closed in order, and closes it. */
    void finish() {
        if (isOpen()) {
            disk.sync(current);
            disk.chmod(current, CLOSED_IN_ORDER);
            close();
        }
    }

    /** Closes it as it is; it can be opened again. */
    @Override
    public void close() {
        if (isOpen()) {
            disk.close(current);
            current = CLOSED;
        }
    }
}

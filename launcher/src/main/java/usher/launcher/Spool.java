package usher.launcher;

import java.util.Optional;
import usher.activation.posix.Descriptors;
import usher.activation.posix.LogCalls.Facts;

/**
 * RUN-DIR/spool/BUNDLE: output on its way from the pipe to the log. {@code splice(2)} moves it in in one step, so a kill
 * leaves each byte in the pipe or here. In front are two records of the {@link Ledger}, written in turn; the one with
 * the higher number says how far the log is right and how much of this file is in it.
 *
 * <p>INVARIANT: {@code done} only grows, or falls to 0 in {@link #shorten}, which goes: copy what is not done to the
 * front, where all is done; record {@code done} 0 and the new length; cut the file; record that it is cut. Whoever finds
 * a length on record cuts the file to it: nothing can have been added meanwhile.
 */
final class Spool implements Backlog {
    private static final int FRONT = 4096;
    private static final int OTHER_SLOT = 512;

    private final Disk disk;
    private final String path;
    private final int file;
    private final int room;
    private long sequence;
    private long end;
    private Ledger ledger;

    private Spool(Disk disk, String path, int file, int room, long sequence, Ledger ledger) {
        this.disk = disk;
        this.path = path;
        this.file = file;
        this.room = room;
        this.sequence = sequence;
        this.ledger = ledger;
    }

    /** Opens it as it was left, or makes it with this ledger, to be shortened when so much is done; empty where that is not possible. */
    static Optional<Spool> open(Disk disk, String path, Ledger fresh, int room) {
        int flags = Descriptors.O_RDWR | Descriptors.O_CREAT | Descriptors.O_NOFOLLOW | Descriptors.O_NONBLOCK;
        int file = disk.open(path, flags, 0600);
        if (file < 0) {
            return Optional.empty();
        }
        Spool spool = recall(disk, path, file, fresh, room);
        if (spool.recover()) {
            return Optional.of(spool);
        }
        disk.close(file);
        return Optional.empty();
    }

    private static Spool recall(Disk disk, String path, int file, Ledger fresh, int room) {
        Spool newest = new Spool(disk, path, file, room, 0, fresh);
        for (int slot = 0; slot < 2; slot++) {
            byte[] record = new byte[Ledger.BYTES];
            if (disk.read(file, record, 0, record.length, (long) slot * OTHER_SLOT) == record.length) {
                long number = Ledger.sequence(record);
                Optional<Ledger> ledger = Ledger.decode(record);
                if (ledger.isPresent() && number > newest.sequence) {
                    newest = new Spool(disk, path, file, room, number, ledger.get());
                }
            }
        }
        return newest;
    }

    private boolean recover() {
        Optional<Facts> facts = disk.facts(file);
        if (facts.isEmpty() || !facts.get().regular()) {
            return false;
        }
        if (sequence == 0) {
            // New, or its maker was killed before anything came in. Room for records is taken now, for good.
            byte[] front = new byte[FRONT];
            end = 0;
            return disk.truncate(file, 0) >= 0 && disk.write(file, front, 0, FRONT, 0) == FRONT && record(ledger);
        }
        if (ledger.cut() != Ledger.WHOLE) {
            end = ledger.cut();
            return disk.truncate(file, FRONT + end) >= 0 && record(ledger.at(0, Ledger.WHOLE));
        }
        end = Math.max(facts.get().size() - FRONT, ledger.done());
        return true;
    }

    private boolean record(Ledger next) {
        ledger = next;
        sequence++;
        byte[] bytes = next.encode(sequence);
        return disk.write(file, bytes, 0, bytes.length, sequence % 2 * OTHER_SLOT) == bytes.length;
    }

    @Override
    public int fill(int pipe, int most) {
        int got = disk.splice(pipe, file, FRONT + end, most);
        end += Math.max(0, got);
        return got;
    }

    @Override
    public long waiting() {
        return end - ledger.done();
    }

    @Override
    public int peek(long skip, byte[] into) {
        int most = (int) Math.min(into.length, waiting() - skip);
        return most <= 0 ? 0 : disk.read(file, into, 0, most, FRONT + ledger.done() + skip);
    }

    @Override
    public void done(long bytes, Ledger next) {
        record(next.at(ledger.done() + bytes, Ledger.WHOLE));
    }

    @Override
    public Ledger ledger() {
        return ledger;
    }

    @Override
    public void shorten() {
        long rest = waiting();
        if (ledger.done() < room || rest > room / 2) {
            return;
        }
        byte[] text = new byte[(int) rest];
        for (int copied = 0; copied < rest; ) {
            int got = disk.read(file, text, copied, text.length - copied, FRONT + ledger.done() + copied);
            int put = got <= 0 ? got : disk.write(file, text, copied, got, FRONT + (long) copied);
            if (put <= 0) {
                return;
            }
            copied += put;
        }
        record(ledger.at(0, rest));
        disk.truncate(file, FRONT + rest);
        end = rest;
        record(ledger.at(0, Ledger.WHOLE));
    }

    @Override
    public void remove() {
        disk.unlink(path);
        disk.close(file);
    }

    @Override
    public void close() {
        disk.close(file);
    }
}

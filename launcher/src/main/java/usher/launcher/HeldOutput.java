package usher.launcher;

import java.util.Arrays;

/**
 * Output on its way to the log where the run directory has no room for a {@link Spool}: in memory, so that a kill of the
 * launcher at that moment loses it.
 */
final class HeldOutput implements Backlog {
    private final Disk disk;
    private Ledger ledger;
    private byte[] bytes = new byte[8192];
    private int begin;
    private int end;

    /** Goes on where a spool ended, with what it still holds. */
    HeldOutput(Disk disk, Ledger ledger) {
        this.disk = disk;
        this.ledger = ledger.at(0, Ledger.WHOLE);
    }

    void add(byte[] more, int length) {
        room(length);
        System.arraycopy(more, 0, bytes, end, length);
        end += length;
    }

    private void room(int length) {
        if (bytes.length - end >= length) {
            return;
        }
        int size = end - begin;
        byte[] roomier = size + length > bytes.length ? new byte[2 * (size + length)] : bytes;
        System.arraycopy(bytes, begin, roomier, 0, size);
        bytes = roomier;
        begin = 0;
        end = size;
    }

    @Override
    public int fill(int pipe, int most) {
        byte[] more = new byte[most];
        int got = disk.take(pipe, more, most);
        if (got > 0) {
            add(more, got);
        }
        return got;
    }

    @Override
    public long waiting() {
        return (long) end - begin;
    }

    @Override
    public int peek(long skip, byte[] into) {
        int count = (int) Math.min(into.length, Math.max(0, waiting() - skip));
        System.arraycopy(bytes, begin + (int) skip, into, 0, count);
        return count;
    }

    @Override
    public void done(long count, Ledger next) {
        begin += (int) count;
        ledger = next;
    }

    @Override
    public Ledger ledger() {
        return ledger;
    }

    @Override
    public void shorten() {
        if (begin == end && bytes.length > 8192) {
            bytes = Arrays.copyOf(bytes, 8192);
            begin = 0;
            end = 0;
        }
    }

    @Override
    public void remove() {}

    @Override
    public void close() {}
}

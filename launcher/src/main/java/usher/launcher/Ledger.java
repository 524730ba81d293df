package usher.launcher;

import static usher.bundles.Service.Log.Stamp.RFC3339;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.zip.CRC32;
import usher.bundles.Service;

/**
 * What is on record of a spool: written in one piece after each step of the work, so that whoever is killed leaves this
 * record or the one before.
 *
 * @param done bytes of the spool that stand in the log, or are counted as lost
 * @param cut the spool is being shortened to this length; {@link #WHOLE}: it is not
 * @param lostLines not written, and not yet said in the log
 * @param wanted how far the log in the log directory is known to be right
 * @param spare the same of the log in the run directory
 */
record Ledger(long done, long cut, long lostLines, long lostBytes, Mark wanted, Mark spare, Service.Log settings) {
    static final long WHOLE = -1;
    /** Of a record in the file: eleven words and a check sum. */
    static final int BYTES = 12 * Long.BYTES;

    private static final int CHECKED = 11 * Long.BYTES;

    /** A file {@code current} by its inode, and how many of its bytes are known to be right; what follows is not. */
    record Mark(long inode, long size) {
        static final Mark NONE = new Mark(0, 0);
    }

    static Ledger of(Service.Log settings) {
        return new Ledger(0, WHOLE, 0, 0, Mark.NONE, Mark.NONE, settings);
    }

    Mark mark(boolean ofSpare) {
        return ofSpare ? spare : wanted;
    }

    Ledger at(long nowDone, long nowCut) {
        return new Ledger(nowDone, nowCut, lostLines, lostBytes, wanted, spare, settings);
    }

    Ledger losing(long lines, long bytes) {
        return new Ledger(done, cut, lostLines + lines, lostBytes + bytes, wanted, spare, settings);
    }

    Ledger toldOfLoss() {
        return new Ledger(done, cut, 0, 0, wanted, spare, settings);
    }

    Ledger with(boolean ofSpare, Mark mark) {
        return new Ledger(done, cut, lostLines, lostBytes, ofSpare ? wanted : mark, ofSpare ? mark : spare, settings);
    }

    Ledger with(Service.Log fresh) {
        return new Ledger(done, cut, lostLines, lostBytes, wanted, spare, fresh);
    }

    /** {@link #BYTES} bytes; of two records the one with the higher sequence number is the newer. */
    byte[] encode(long sequence) {
        ByteBuffer bytes = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(sequence).putLong(done).putLong(cut).putLong(lostLines).putLong(lostBytes);
        bytes.putLong(wanted.inode).putLong(wanted.size).putLong(spare.inode).putLong(spare.size);
        bytes.putLong(settings.size());
        bytes.putInt(settings.count()).putInt(settings.stamp() == RFC3339 ? 1 : 0);
        return bytes.putLong(checkSum(bytes.array())).array();
    }

    private static long checkSum(byte[] bytes) {
        CRC32 sum = new CRC32();
        sum.update(bytes, 0, CHECKED);
        return sum.getValue();
    }

    /** Which record it is, or 0 if it is none. */
    static long sequence(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        return buffer.getLong(CHECKED) == checkSum(bytes) ? buffer.getLong(0) : 0;
    }

    static Optional<Ledger> decode(byte[] bytes) {
        if (sequence(bytes) <= 0) {
            return Optional.empty();
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        buffer.getLong();
        long done = buffer.getLong();
        long cut = buffer.getLong();
        long lines = buffer.getLong();
        long lost = buffer.getLong();
        Mark wanted = new Mark(buffer.getLong(), buffer.getLong());
        Mark spare = new Mark(buffer.getLong(), buffer.getLong());
        long size = buffer.getLong();
        int count = buffer.getInt();
        Service.Log.Stamp stamp = buffer.getInt() == 1 ? RFC3339 : Service.Log.Stamp.TAI64N;
        return Optional.of(new Ledger(done, cut, lines, lost, wanted, spare, new Service.Log(stamp, size, count)));
    }
}

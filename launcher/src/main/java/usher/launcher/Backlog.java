package usher.launcher;

/**
 * Raw output that has left its pipe and is not in the log yet, first in, first out. In files it survives a kill
 * ({@link Spool}); where there is no room for files, in memory ({@link HeldOutput}).
 */
interface Backlog extends AutoCloseable {
    /** Takes up to so much out of the pipe: how much, or the error number negated. */
    int fill(int pipe, int most);

    /** Bytes that are to be written. */
    long waiting();

    /** Copies what comes {@code skip} bytes after the first that is to be written: how many, or the error negated. */
    int peek(long skip, byte[] into);

    /** Puts on record that these bytes are dealt with, together with the rest of the ledger. */
    void done(long bytes, Ledger ledger);

    /** What is on record. */
    Ledger ledger();

    /** Whether nothing is to be written, neither output nor how much of it was lost. */
    default boolean isDone() {
        return waiting() == 0 && ledger().lostBytes() == 0;
    }

    /** Makes room, so that what has been dealt with takes none for ever. */
    void shorten();

    /** Removes it, if it is empty or has been read out. */
    void remove();

    /** Leaves it as it is, for the next launcher. */
    @Override
    void close();
}

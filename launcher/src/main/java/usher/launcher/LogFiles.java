package usher.launcher;

import java.nio.file.Path;

/**
 * The two places of one bundle's log: the log directory's, and the run directory's as long as that one cannot be opened.
 * A full disk is no reason to change: then nothing else is to be filled up, and lines are given up.
 */
final class LogFiles {
    /** What was refused is tried again after so long, and what is open is looked for where it was opened. */
    static final long RETRY_NANOS = 200_000_000L;

    private final LogFile wanted;
    private final LogFile spare;
    private final boolean hasSpare;
    private boolean onSpare;
    private long lookAgainAt;

    /** The same directory twice: there is no other. */
    LogFiles(Disk disk, Path wanted, Path spare) {
        this.wanted = new LogFile(disk, wanted);
        this.spare = new LogFile(disk, spare);
        this.hasSpare = !spare.equals(wanted);
    }

    /** The one that is written to. */
    LogFile file() {
        return onSpare ? spare : wanted;
    }

    boolean onSpare() {
        return onSpare;
    }

    /** The ledger with how long the file is now. */
    Ledger marked(Ledger ledger) {
        return ledger.with(onSpare, file().mark());
    }

    /** The wanted one may be tried again at once. */
    void lookAgain() {
        lookAgainAt = System.nanoTime();
    }

    /** Opens the log directory's, or the run directory's as long as that fails; how long it is goes on record. */
    boolean open(Backlog in) {
        long now = System.nanoTime();
        if (now - lookAgainAt >= 0) {
            lookAgainAt = now + RETRY_NANOS;
            if (onSpare && open(in, false)) {
                spare.finish();
                onSpare = false;
            } else if (file().isOpen() && !file().isInPlace()) {
                file().close();
            }
        }
        if (file().isOpen() || open(in, onSpare)) {
            return true;
        }
        if (onSpare || wanted.isOnFullDisk() || !hasSpare) {
            return false;
        }
        onSpare = true;
        lookAgainAt = now + RETRY_NANOS;
        return open(in, true);
    }

    /** How long the file is, is on record before anything is added. */
    private boolean open(Backlog in, boolean ofSpare) {
        LogFile file = ofSpare ? spare : wanted;
        boolean opened = file.open(in.ledger().mark(ofSpare));
        if (opened) {
            in.done(0, in.ledger().with(ofSpare, file.mark()));
        }
        return opened;
    }

    /** Both are closed in order. */
    void finish() {
        wanted.finish();
        spare.finish();
    }

    /** Nothing has been written for a while: the wanted one is closed until something is. */
    void rest() {
        wanted.close();
    }
}

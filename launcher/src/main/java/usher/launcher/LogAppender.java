package usher.launcher;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import usher.bundles.Service;

/**
 * Appends what waits of one bundle's output to its log: whole lines, stamped, in files of a bounded size. What stands
 * in the log is taken off the {@link Backlog} together with the mark of how long the file is, so that nobody who goes
 * on after a kill writes it again or leaves it out.
 */
final class LogAppender {
    private final LogFiles files;
    private final LogDesk desk;

    /** What was done with the raw text at hand. */
    private enum Step {
        WROTE,
        UNFINISHED,
        REFUSED
    }

    LogAppender(LogFiles files, LogDesk desk) {
        this.files = files;
        this.desk = desk;
    }

    /**
     * Appends all whole lines; with {@code all}, the unfinished one too. If lines were lost, their count comes first.
     * Whether the log has taken them.
     */
    boolean append(Backlog in, Service.Log settings, boolean all) {
        Step step = Step.WROTE;
        while (step == Step.WROTE && !in.isDone()) {
            int count = Math.max(0, in.peek(0, desk.raw()));
            int from = 0;
            do {
                long before = in.waiting();
                step = step(in, settings, from, count, all);
                from += (int) (before - in.waiting());
            } while (step == Step.WROTE && (from < count || in.ledger().lostBytes() > 0));
            if (step == Step.UNFINISHED && from > 0) {
                step = Step.WROTE; // there may be more of that line now that it comes first
            }
        }
        return step != Step.REFUSED;
    }

    private Step step(Backlog in, Service.Log settings, int from, int to, boolean all) {
        Instant now = Instant.now();
        if (!files.open(in)) {
            return Step.REFUSED;
        }
        LogFile file = files.file();
        Ledger ledger = in.ledger();
        boolean tells = ledger.lostBytes() > 0;
        Stamper stamper = desk.stamper();
        byte[] stamp = (Stamp.of(settings.stamp(), now) + " ").getBytes(StandardCharsets.US_ASCII);
        stamp(stamper, ledger, stamp, room(file, settings), from, to, all);
        if (stamper.length == 0 && stamper.isFull() && file.size() > 0) {
            boolean rotated = file.rotate(now, settings.count());
            if (!file.isOpen()) {
                return Step.REFUSED;
            }
            if (rotated) {
                ledger = files.marked(ledger);
                in.done(0, ledger);
            }
            // What cannot be rotated grows beyond its size: better than losing lines.
            stamp(stamper, ledger, stamp, rotated ? room(file, settings) : Long.MAX_VALUE, from, to, all);
        }
        if (stamper.length == 0 && stamper.isFull()) {
            // A line that is longer than a whole file is alone in one.
            stamp(stamper, ledger, stamp, stamp.length + after(1, from, to), from, to, all);
        }
        if (stamper.length == 0) {
            return Step.UNFINISHED;
        }
        int stood = file.append(stamper.out, stamper.length);
        if (stood > 0) {
            int lines = Stamper.lines(stamper.out, 0, stood) - (tells ? 1 : 0);
            int taken = stood == stamper.length ? stamper.taken : after(lines, from, to);
            in.done(taken, files.marked(tells ? ledger.toldOfLoss() : ledger));
        }
        if (stood == stamper.length) {
            return Step.WROTE;
        }
        if (file.isOnFullDisk()) {
            return Step.REFUSED;
        }
        file.close();
        return files.open(in) ? Step.WROTE : Step.REFUSED;
    }

    private void stamp(Stamper stamper, Ledger ledger, byte[] stamp, long room, int from, int to, boolean all) {
        stamper.begin();
        if (ledger.lostBytes() == 0 || stamper.add(stamp, loss(ledger), room)) {
            stamper.take(desk.raw(), from, to, stamp, room);
            boolean tooLong = from == 0 && to == Stamper.LONGEST;
            if (stamper.taken == 0 && !stamper.isFull() && from < to && (all || tooLong)) {
                stamper.breakOff(desk.raw(), from, to, stamp, room);
            }
        }
    }

    private static long room(LogFile file, Service.Log settings) {
        return Math.max(0, settings.size() - file.size());
    }

    /** How long so many lines are in the raw text from there, or what is left of it with an end. */
    private int after(int lines, int from, int to) {
        int at = from;
        int left = lines;
        while (left > 0 && at < to) {
            if (desk.raw()[at++] == '\n') {
                left--;
            }
        }
        return at - from + (left > 0 ? 1 : 0);
    }

    private static byte[] loss(Ledger ledger) {
        String text = "usher: " + ledger.lostLines() + " lines (" + ledger.lostBytes()
                + " bytes) could not be written here and are lost\n";
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}

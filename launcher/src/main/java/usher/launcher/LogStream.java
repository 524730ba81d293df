package usher.launcher;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import usher.activation.EventLoop;
import usher.activation.Timer;
import usher.activation.posix.Descriptor;
import usher.activation.posix.Descriptors;
import usher.activation.posix.Errno;
import usher.bundles.Service;

/**
 * One bundle's output on its way from its pipe through the {@link Backlog} to the log; on the thread of the logs.
 *
 * <p>Files are made at the first output and put away when there has been none for a while. What the log does not take
 * waits; when too much waits, all whole lines of it are given up and counted, and the count is the next line that is
 * written. Which file they are written to, {@link LogFiles} decides.
 */
final class LogStream {
    private static final int USUAL_PIPE = 64 * 1024;
    private static final int ROOMY_PIPE = 1 << 20;
    private static final long REST_NANOS = 10_000_000_000L;

    /**
     * Where things are.
     *
     * @param spool a file
     * @param wanted a directory
     * @param spare a directory; the same as wanted: there is no other
     */
    record Places(Path spool, Path wanted, Path spare) {}

    private final Disk disk;
    private final Places places;
    private final LogDesk desk;
    private final LogFiles files;
    private final LogAppender appender;
    private Service.Log settings;
    private @Nullable Descriptor pipe;
    private @Nullable Backlog backlog;
    private long refusedUntil = System.nanoTime();
    private long lastOutput;
    private boolean roomy;
    private @Nullable Timer timer;
    private long wakeAt;

    LogStream(Disk disk, LogDesk desk, Places places, Service.Log settings) {
        this.disk = disk;
        this.desk = desk;
        this.places = places;
        this.settings = settings;
        this.files = new LogFiles(disk, places.wanted(), places.spare());
        this.appender = new LogAppender(files, desk);
    }

    /** Follows this pipe from now on. */
    void follow(Descriptor readEnd) {
        pipe = readEnd;
        desk.loop().watch(readEnd, EventLoop.READABLE, events -> turn());
    }

    /** Follows a pipe that a launcher before this one did. What that one took from it and did not write comes now. */
    void goOnFollowing(Descriptor readEnd) {
        follow(readEnd);
        if (Files.exists(places.spool())) {
            turn();
        }
    }

    void settings(Service.Log fresh) {
        if (!fresh.equals(settings)) {
            settings = fresh;
            if (backlog != null) {
                backlog.done(0, backlog.ledger().with(fresh));
            }
        }
    }

    /** Takes what the pipe has, a bounded amount, and writes what is whole. Whether there was anything. */
    boolean turn() {
        Descriptor from = pipe;
        if (from == null) {
            return false;
        }
        Backlog in = backlog();
        int got = in.fill(from.number(), Stamper.LONGEST);
        if (got < 0 && got != -Errno.EAGAIN) {
            got = hold(in).fill(from.number(), Stamper.LONGEST);
        }
        if (got >= USUAL_PIPE && !roomy) {
            roomy = true;
            Descriptors.setPipeSize(from.number(), ROOMY_PIPE);
        }
        write(false);
        lastOutput = System.nanoTime();
        wakeAt(lastOutput + REST_NANOS);
        return got > 0;
    }

    /** Writes what a launcher before this one has left, by its settings, the last line even if it has no end. */
    void clearUp() {
        Spool.open(disk, places.spool().toString(), Ledger.of(settings), desk.room())
                .ifPresent(left -> {
                    settings = left.ledger().settings();
                    takeUp(left);
                });
        stop();
    }

    /** Takes and writes all that is there, closes in order, and lets the pipe go. */
    void finish() {
        stop();
        if (pipe != null) {
            pipe.close();
            pipe = null;
        }
    }

    /** Takes and writes all that is there, and closes in order; what the log refuses stays in the spool. */
    void stop() {
        boolean silent =
                backlog == null && (pipe == null || Descriptors.poll(pipe.number(), Descriptors.POLLIN, 0) == 0);
        if (!silent) {
            while (turn()) {
                // until the pipe is empty
            }
            retry();
            write(true);
            putAway();
        }
        if (backlog != null) {
            backlog.close();
        }
        files.finish();
    }

    /** What was refused may be tried again at once. */
    void retry() {
        refusedUntil = System.nanoTime();
        files.lookAgain();
    }

    private Backlog backlog() {
        Backlog in = backlog;
        if (in instanceof HeldOutput && in.isDone()) {
            in = null;
        }
        if (in == null) {
            Optional<Spool> spool = Spool.open(disk, places.spool().toString(), Ledger.of(settings), desk.room());
            in = spool.isPresent() ? spool.get() : new HeldOutput(disk, Ledger.of(settings));
            if (!in.ledger().settings().equals(settings)) {
                in.done(0, in.ledger().with(settings));
            }
            takeUp(in);
        }
        return in;
    }

    private void takeUp(Backlog in) {
        backlog = in;
        if (files.file().isOpen()) {
            in.done(0, files.marked(in.ledger()));
        } else if (!in.ledger().wanted().equals(Ledger.Mark.NONE)) {
            // Somebody was killed: what is in the log beyond the mark is taken back now, not when it is forgotten.
            files.open(in);
        }
    }

    /** The run directory takes no more: what comes next is held in memory, after what is in the spool. */
    private Backlog hold(Backlog full) {
        HeldOutput held = new HeldOutput(disk, full.ledger());
        for (long skip = 0; skip < full.waiting(); ) {
            int got = full.peek(skip, desk.raw());
            if (got <= 0) {
                break;
            }
            held.add(desk.raw(), got);
            skip += got;
        }
        full.remove();
        backlog = held;
        return held;
    }

    /** Writes whole lines as long as there are any and the log takes them; with {@code all}, the unfinished one too. */
    private void write(boolean all) {
        Backlog in = backlog();
        if (refusedUntil - System.nanoTime() > 0) {
            giveUp(in);
            return;
        }
        if (!appender.append(in, settings, all)) {
            refusedUntil = System.nanoTime() + LogFiles.RETRY_NANOS;
            wakeAt(refusedUntil);
            giveUp(in);
        }
        in.shorten();
    }

    /** If too much waits, all its whole lines are lost, and counted. */
    private void giveUp(Backlog in) {
        if (in.waiting() < desk.room()) {
            return;
        }
        long lines = 0;
        long whole = 0;
        long skip = 0;
        byte[] raw = desk.raw();
        for (int got = in.peek(skip, raw); got > 0; got = in.peek(skip, raw)) {
            for (int at = 0; at < got; at++) {
                if (raw[at] == '\n') {
                    lines++;
                    whole = skip + at + 1;
                }
            }
            skip += got;
        }
        in.done(whole == 0 ? skip : whole, in.ledger().losing(Math.max(1, lines), whole == 0 ? skip : whole));
        in.shorten();
    }

    private void wakeAt(long nanoTime) {
        if (timer != null && wakeAt - nanoTime <= 0) {
            return;
        }
        if (timer != null) {
            timer.cancel();
        }
        wakeAt = nanoTime;
        timer = desk.loop().at(nanoTime, this::wake);
    }

    private void wake() {
        timer = null;
        Backlog in = backlog;
        if (in == null) {
            return;
        }
        if (!in.isDone()) {
            write(false);
        }
        long restAt = lastOutput + REST_NANOS;
        if (restAt - System.nanoTime() > 0) {
            wakeAt(restAt);
        } else {
            putAway();
            if (backlog == null) {
                files.rest();
            }
        }
    }

    /** Whoever has been silent needs no files open. */
    private void putAway() {
        Backlog in = backlog;
        if (in != null && in.isDone() && !files.onSpare()) {
            in.remove();
            backlog = null;
        }
    }
}

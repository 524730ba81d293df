package usher.launcher;

import java.io.PrintStream;
import org.jspecify.annotations.Nullable;

/**
 * One line on a terminal that says what a job waits for and since when; drawn anew when that changes and every second,
 * erased before anything else is written and at the end.
 */
final class JobDisplay implements AutoCloseable {
    private static final String ERASE = "\r\033[K";
    /** What does not fit is cut off (DECAWM), so that one line stays one. */
    private static final String NO_WRAP = "\033[?7l";

    private static final String WRAP = "\033[?7h";
    private static final long SECOND = 1_000;

    private final PrintStream out;
    private final Paint paint;
    private @Nullable Progress shown;
    private long shownAt;
    private boolean drawn;
    private boolean closed;

    /** {@code out} leads to a terminal. */
    JobDisplay(PrintStream out, Paint paint) {
        this.out = out;
        this.paint = paint;
        Thread clock = new Thread(this::tick, "display");
        clock.setDaemon(true);
        clock.start();
    }

    synchronized void show(Progress progress) {
        shown = progress;
        shownAt = System.nanoTime();
        draw();
    }

    /** Somebody else is about to write, and what was waited for is so no longer. */
    synchronized void erase() {
        shown = null;
        if (drawn) {
            out.print(ERASE);
            out.flush();
            drawn = false;
        }
    }

    private synchronized void draw() {
        if (shown != null && !closed) {
            long later = (System.nanoTime() - shownAt) / 1_000_000;
            out.print("\r" + NO_WRAP + shown.text(later, paint) + WRAP + "\033[K");
            out.flush();
            drawn = true;
        }
    }

    private synchronized void tick() {
        try {
            while (!closed) {
                wait(SECOND);
                draw();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public synchronized void close() {
        erase();
        closed = true;
        notifyAll();
    }
}

package usher.launcher;

/** The growing pauses between tries: 100 ms, doubled with each failure in a row, 30 s at most. */
final class Pause {
    static final long NONE_AFTER_UP = 30_000;
    private static final long FIRST = 100;
    private static final long LONGEST = 30_000;

    private Pause() {}

    /** Milliseconds to wait after so many failures in a row, from 1. */
    static long after(int failures) {
        return Math.min(LONGEST, FIRST << Math.min(failures - 1, 20));
    }
}

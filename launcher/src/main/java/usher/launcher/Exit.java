package usher.launcher;

/** The exit statuses of the command line. */
final class Exit {
    static final int DONE = 0;
    /** The thing asked for failed. */
    static final int FAILED = 1;

    static final int USAGE = 2;
    /** A named bundle is not up (listening counts as up), or not enabled. */
    static final int NOT_UP = 3;

    static final int NO_SUCH_BUNDLE = 4;
    static final int NO_LAUNCHER = 5;

    /** What a launcher adds for its guard, so that an end in order is told from a death whatever Java exits with. */
    static final int GUARDED = 100;

    private Exit() {}
}

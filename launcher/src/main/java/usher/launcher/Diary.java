package usher.launcher;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Set;
import usher.bundles.Service;

/**
 * What the launcher has to say of itself: lines in RUN-DIR/log/launcher, and on standard error where it is run. A line is
 * one write, so a kill leaves it whole or not there.
 */
final class Diary implements AutoCloseable {
    private static final int SIZE = 100_000;
    private static final int COUNT = 3;

    private static final String LAUNCHER = "launcher";
    /** This one, and the guard's, which it writes itself. */
    private static final Set<String> NAMES = Set.of(LAUNCHER, "guard");

    private final PrintStream err;
    private final LogFile file;

    Diary(PrintStream err, Path directory) {
        this.err = err;
        this.file = new LogFile(Disk.SYSTEM, directory.resolve(LAUNCHER));
    }

    /** Whether a diary in RUN-DIR/log has that name. */
    static boolean isCalled(String name) {
        return NAMES.contains(name);
    }

    /**
     * Where a log directory has the log of a bundle. Beside the diaries, a bundle of their name has its log in a directory
     * whose name no bundle can have.
     *
     * @param diaries the directory of the diaries, which may be the same
     */
    static Path logOf(String bundle, Path directory, Path diaries) {
        boolean taken = isCalled(bundle) && directory.equals(diaries);
        return directory.resolve(taken ? bundle + ":" : bundle);
    }

    /** Something to be read later. */
    void note(String line) {
        Instant now = Instant.now();
        byte[] text = (Stamp.of(Service.Log.Stamp.TAI64N, now) + " " + line + "\n").getBytes(StandardCharsets.UTF_8);
        if (!file.isOpen() && !file.open(Ledger.Mark.NONE)) {
            return;
        }
        if (file.size() > 0 && file.size() + text.length > SIZE) {
            file.rotate(now, COUNT);
        }
        if (file.isOpen()) {
            file.append(text, text.length);
        }
    }

    /** Something to be read now: {@code where: what is wrong}. */
    void complain(String line) {
        err.println("usher: " + line);
        note(line);
    }

    @Override
    public void close() {
        file.finish();
    }
}

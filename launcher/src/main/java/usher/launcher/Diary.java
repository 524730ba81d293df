package usher.launcher;

import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Instant;
import usher.bundles.Service;

/** What the launcher has to say of itself: lines in RUN-DIR/log/launcher, and on standard error where it is run. */
final class Diary implements AutoCloseable {
    private static final Service.Log SMALL = new Service.Log(Service.Log.Stamp.TAI64N, 100_000, 3);

    private final PrintStream err;
    private final LogFile file;

    Diary(PrintStream err, Path directory) {
        this.err = err;
        this.file = new LogFile(directory.resolve("launcher"), directory.resolve("launcher"), SMALL);
    }

    /** Something to be read later. */
    void note(String line) {
        file.line(line, Instant.now());
    }

    /** Something to be read now: {@code where: what is wrong}. */
    void complain(String line) {
        err.println("usher: " + line);
        note(line);
    }

    @Override
    public void close() {
        file.close();
    }
}

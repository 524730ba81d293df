package usher.activation.posix;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Collectors;

/**
 * For tests: places at which the launcher can be killed, as by SIGKILL. It passes one after every call of the C library
 * that others could notice, and between the steps of writing its record.
 *
 * <p>The file that the system property {@code usher.crashes} names holds a number a line; each launcher takes the first
 * line out when it starts and kills itself when it passes such a place for that time. A launcher that runs does so with
 * the number in the file {@code NAME.now}, counted from then on; 0 calls that off. Before it dies, it says in
 * {@code NAME.died} where. Without the property, or in another process than the launcher, nothing of this is there.
 */
public final class CrashPoint {
    private static final String FILE = System.getProperty("usher.crashes", "");

    /** Never, but in such a test. */
    static final boolean ON = !FILE.isEmpty() && Boolean.getBoolean("usher.guarded");

    private static final int FRAMES = 4;

    private static long left = ON ? first() : 0;

    private CrashPoint() {}

    public static boolean isOn() {
        return ON;
    }

    public static void pass() {
        if (ON) {
            count();
        }
    }

    private static synchronized void count() {
        try {
            Path now = Path.of(FILE + ".now");
            if (Files.exists(now)) {
                left = Long.parseLong(Files.readString(now).strip());
                Files.deleteIfExists(now);
            }
            if (left > 0 && --left == 0) {
                Files.writeString(
                        Path.of(FILE + ".died"), place() + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
                Processes.kill(Processes.pid(), Processes.SIGKILL);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long first() {
        try {
            List<String> lines = Files.readAllLines(Path.of(FILE));
            if (lines.isEmpty()) {
                return 0;
            }
            Files.write(Path.of(FILE), lines.subList(1, lines.size()));
            return Long.parseLong(lines.get(0));
        } catch (NoSuchFileException none) {
            return 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The methods that led here, innermost first. */
    private static String place() {
        return StackWalker.getInstance()
                .walk(frames -> frames.filter(frame -> !frame.getClassName().startsWith(CrashPoint.class.getName()))
                        .filter(frame -> !frame.getClassName().startsWith(Native.class.getName()))
                        .limit(FRAMES)
                        .map(frame -> frame.getClassName()
                                        .substring(frame.getClassName().lastIndexOf('.') + 1) + "."
                                + frame.getMethodName())
                        .collect(Collectors.joining(" < ")));
    }
}

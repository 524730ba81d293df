package usher.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import usher.activation.posix.Processes;

/**
 * For tests: a place at which the launcher can be killed, as by SIGKILL. The file that the system property
 * {@code usher.crashes} names holds a number a line; each launcher takes the first line out and kills itself when it
 * passes such a place for that time. An empty file or none: nothing happens.
 */
final class CrashPoint {
    private static final int SIGKILL = 9;
    private static long left = take();

    private CrashPoint() {}

    private static long take() {
        String file = System.getProperty("usher.crashes", "");
        if (file.isEmpty()) {
            return -1;
        }
        try {
            List<String> lines = Files.readAllLines(Path.of(file));
            if (lines.isEmpty()) {
                return -1;
            }
            Files.write(Path.of(file), lines.subList(1, lines.size()));
            return Long.parseLong(lines.get(0));
        } catch (IOException e) {
            return -1;
        }
    }

    static void pass() {
        if (left > 0 && --left == 0) {
            Processes.kill(Processes.pid(), SIGKILL);
        }
    }
}

package usher.launcher;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whether anybody is there to answer: the control socket outlives guard and launcher, as all sockets do. */
final class Presence {
    private static final Path PROCESSES = Path.of("/proc");
    private static final String FIRST = "1";

    private Presence() {}

    /**
     * Whether the launcher is gone, and its guard, who would start another one. False where that cannot be seen, as from
     * another namespace ({@code pid_namespaces(7)}) or by {@code hidepid} ({@code proc(5)}).
     *
     * @param listener the process that listens on the control socket, as the kernel says; 0: not one of ours
     */
    static boolean isOver(Path runDirectory, int listener) {
        if (listener <= 0 || !isAlive(FIRST) || isAlive(Integer.toString(listener))) {
            return false;
        }
        try {
            String guard = Files.readString(runDirectory.resolve("guard.pid")).strip();
            return guard.matches("[0-9]+") && !isAlive(guard);
        } catch (IOException nobodyKnows) {
            return false;
        }
    }

    /** A process that has ended and was not waited for has a state, too ({@code proc_pid_stat(5)}). */
    private static boolean isAlive(String process) {
        try {
            String stat = Files.readString(PROCESSES.resolve(process).resolve("stat"), StandardCharsets.ISO_8859_1);
            return !stat.substring(stat.lastIndexOf(')') + 1).stripLeading().matches("[ZX](?s:.*)");
        } catch (IOException gone) {
            return false;
        }
    }
}

package usher.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import usher.activation.ProcessId;

/** Whether anybody is there to answer: the control socket outlives guard and launcher, as all sockets do. */
final class Presence {
    private static final int FIRST = 1;

    private Presence() {}

    /**
     * Whether the launcher is gone, and its guard, who would start another one. False where that cannot be seen, as from
     * another namespace ({@code pid_namespaces(7)}) or by {@code hidepid} ({@code proc(5)}).
     *
     * @param listener the process that listens on the control socket, as the kernel says; 0: not one of ours
     */
    static boolean isOver(Path runDirectory, int listener) {
        if (listener <= 0 || !isAlive(FIRST) || isAlive(listener)) {
            return false;
        }
        try {
            String guard = Files.readString(runDirectory.resolve("guard.pid")).strip();
            return guard.matches("[0-9]{1,9}") && !isAlive(Integer.parseInt(guard));
        } catch (IOException nobodyKnows) {
            return false;
        }
    }

    private static boolean isAlive(int process) {
        return ProcessId.of(process).isAlive();
    }
}

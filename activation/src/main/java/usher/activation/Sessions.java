package usher.activation;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import usher.activation.posix.Descriptor;
import usher.activation.posix.Processes;

/** Finds the members of a session in /proc. */
final class Sessions {
    private static final int SIGKILL = 9;
    /** Members that start others while we look are found in the next round; no more rounds than this. */
    private static final int MOST_ROUNDS = 20;
    /** Fields of /proc/PID/stat after the command's closing parenthesis: state, parent, group, session. */
    private static final int STATE = 0;

    private static final int SESSION = 3;

    private Sessions() {}

    /** Kills every process of the session that still runs, until none is found. */
    static void kill(int session) {
        for (int round = 0; round < MOST_ROUNDS && killOnce(session); round++) {
            // again: a process may have forked between being read and being killed
        }
    }

    private static boolean killOnce(int session) {
        boolean found = false;
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                if (belongsTo(process, session)) {
                    found |= kill(process, session);
                }
            }
        } catch (IOException | java.nio.file.DirectoryIteratorException noProc) {
            return found;
        }
        return found;
    }

    /** Through a pidfd, and looked at again once that is open, so that a reused number is left alone. */
    private static boolean kill(Path process, int session) {
        int opened = Processes.pidfdOpen(Integer.parseInt(process.getFileName().toString()));
        if (opened < 0) {
            return false;
        }
        try (Descriptor pidfd = Descriptor.own(opened)) {
            return belongsTo(process, session) && Processes.pidfdSendSignal(pidfd.number(), SIGKILL) == 0;
        }
    }

    private static boolean belongsTo(Path process, int session) {
        try {
            String stat = Files.readString(process.resolve("stat"), StandardCharsets.ISO_8859_1);
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            boolean ended = fields[STATE].equals("Z") || fields[STATE].equals("X");
            return !ended && fields[SESSION].equals(Integer.toString(session));
        } catch (IOException gone) {
            return false;
        }
    }
}

package usher.activation;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import usher.activation.posix.Descriptor;
import usher.activation.posix.Processes;

/** Finds the members of a session in /proc. */
final class Sessions {
    private static final int SIGKILL = 9;
    /** Members that start others while we look are found in the next round; no more rounds than this. */
    private static final int MOST_ROUNDS = 20;
    /** Fields of /proc/PID/stat after the command's closing parenthesis: state, parent, group, session. */
    private static final int STATE = 0;

    private static final int PARENT = 1;

    private static final int SESSION = 3;

    private static final int MOST_GENERATIONS = 64;

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
        String[] fields = fields(process);
        if (fields.length <= SESSION) {
            return false;
        }
        boolean ended = fields[STATE].equals("Z") || fields[STATE].equals("X");
        return !ended && fields[SESSION].equals(Integer.toString(session));
    }

    /** The process, its session's leader, its parent, that one's session's leader, and so on, as far as they are there. */
    static List<Integer> lineage(int process) {
        List<Integer> lineage = new ArrayList<>();
        int next = process;
        for (int generation = 0; generation < MOST_GENERATIONS && next > 1; generation++) {
            lineage.add(next);
            String[] fields = fields(Path.of("/proc", Integer.toString(next)));
            if (fields.length <= SESSION) {
                break;
            }
            lineage.add(Integer.parseInt(fields[SESSION]));
            next = Integer.parseInt(fields[PARENT]);
        }
        return lineage;
    }

    /** Of a process that is gone: none. */
    private static String[] fields(Path process) {
        try {
            String stat = Files.readString(process.resolve("stat"), StandardCharsets.ISO_8859_1);
            return stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        } catch (IOException gone) {
            return new String[0];
        }
    }
}

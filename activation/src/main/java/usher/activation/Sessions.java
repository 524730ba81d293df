package usher.activation;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What /proc tells of processes: whose children they are, of which session, and since when ({@code proc_pid_stat(5)}). */
final class Sessions {
    /** Fields of /proc/PID/stat after the command's closing parenthesis. */
    private static final int STATE = 0;

    private static final int PARENT = 1;
    private static final int SESSION = 3;
    private static final int STARTED_AT = 19;
    private static final int EXIT_CODE = 49;

    /** Of /proc/PID/stat: some fifty numbers and a command of sixteen bytes. */
    private static final int LONGEST = 2048;

    private static final int MOST_GENERATIONS = 64;

    private Sessions() {}

    /**
     * Where a process stands among the others.
     *
     * @param ended all that is left of it is its exit status
     * @param startedAt in clock ticks since the machine's start
     */
    record Standing(boolean ended, int parent, int session, long startedAt) {}

    /** The numbers of all processes that are there. */
    static int[] processes() {
        List<Integer> all = new ArrayList<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                all.add(Integer.valueOf(process.getFileName().toString()));
            }
        } catch (IOException | DirectoryIteratorException noProc) {
            return new int[0];
        }
        return all.stream().mapToInt(Integer::intValue).toArray();
    }

    /** Of a process that is gone: null. */
    static @Nullable Standing standing(int process) {
        String[] fields = fields(process, STARTED_AT + 2);
        if (fields.length == 0) {
            return null;
        }
        boolean ended = fields[STATE].equals("Z") || fields[STATE].equals("X");
        return new Standing(
                ended,
                Integer.parseInt(fields[PARENT]),
                Integer.parseInt(fields[SESSION]),
                Long.parseLong(fields[STARTED_AT]));
    }

    /** The status, as of {@code wait(2)}, of a process that has ended and that nobody has waited for; negative: of none such. */
    static int exitOf(int process) {
        String[] fields = fields(process, -1);
        return fields.length > EXIT_CODE && fields[STATE].equals("Z") ? Integer.parseInt(fields[EXIT_CODE]) : -1;
    }

    /** Of /proc/PID/stat, after the command; {@code limit} as of {@link String#split(String, int)}. None: it is gone. */
    private static String[] fields(int process, int limit) {
        String stat = read("/proc/" + process + "/stat").stripTrailing();
        return stat.isEmpty()
                ? new String[0]
                : stat.substring(stat.lastIndexOf(')') + 2).split(" ", limit);
    }

    /** In one piece, as the kernel makes it, without what a channel costs: it is read for every process started. */
    private static String read(String path) {
        byte[] text = new byte[LONGEST];
        try (FileInputStream file = new FileInputStream(path)) {
            return new String(text, 0, Math.max(0, file.read(text)), StandardCharsets.ISO_8859_1);
        } catch (IOException gone) {
            return "";
        }
    }

    /** The process, its session's leader, its parent, that one's session's leader, and so on, as far as they are there. */
    static List<Integer> lineage(int process) {
        List<Integer> lineage = new ArrayList<>();
        int next = process;
        for (int generation = 0; generation < MOST_GENERATIONS && next > 1; generation++) {
            lineage.add(next);
            Standing standing = standing(next);
            if (standing == null) {
                break;
            }
            lineage.add(standing.session());
            next = standing.parent();
        }
        return lineage;
    }
}

package usher.activation.posix;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.LongStream;

/**
 * The parts of files that this process has mapped: programs, libraries, archives of classes ({@code proc_pid_smaps(5)}).
 *
 * <pre>
 *   7f21c8a00000-7f21c9800000 r-xp 00215000 fe:00 131   /usr/lib/jvm/.../libjvm.so
 *   Anonymous:             0 kB                          none of its pages has been written to
 * </pre>
 */
public final class FileMappings {
    private static final Path MAPS = Path.of("/proc/self/smaps");
    private static final String WRITTEN_TO = "Anonymous:";
    private static final String NOTHING = " 0 kB";

    private static final long MADVISE = Native.function("madvise");
    private static final int MADV_DONTNEED = 4;

    /** Beginning and end of each, in the order of the addresses. */
    private final long[] ranges;

    private FileMappings(long[] ranges) {
        this.ranges = ranges;
    }

    /** Those that nobody can write to and nobody has written to. */
    public static FileMappings unchanged() {
        LongStream.Builder all = LongStream.builder();
        try (BufferedReader lines = Files.newBufferedReader(MAPS, StandardCharsets.ISO_8859_1)) {
            String mapping = "";
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (isHead(line)) {
                    mapping = line;
                } else if (line.startsWith(WRITTEN_TO) && line.endsWith(NOTHING) && isReadOnlyFile(mapping)) {
                    int dash = mapping.indexOf('-');
                    all.add(Long.parseUnsignedLong(mapping, 0, dash, 16));
                    all.add(Long.parseUnsignedLong(mapping, dash + 1, mapping.indexOf(' '), 16));
                }
            }
        } catch (IOException noProc) {
            return new FileMappings(new long[0]);
        }
        return new FileMappings(all.build().toArray());
    }

    /**
     * Gives their pages back ({@code madvise(2)}): this process holds no more what it has needed once, to start. Those that
     * are touched again are mapped again, out of the system's memory as a rule.
     */
    public void giveBack() {
        // Last the archive of classes, which lies lowest: that this goes on touches it all over the place.
        for (int i = ranges.length - 2; i >= 0; i -= 2) {
            Native.call(MADVISE, ranges[i], ranges[i + 1] - ranges[i], MADV_DONTNEED);
        }
    }

    /** Lines of its values begin with a capital letter. */
    private static boolean isHead(String line) {
        char first = line.charAt(0);
        return first >= '0' && first <= '9' || first >= 'a' && first <= 'f';
    }

    private static boolean isReadOnlyFile(String mapping) {
        int permissions = mapping.indexOf(' ') + 1;
        return permissions > 0 && mapping.charAt(permissions + 1) == '-' && mapping.indexOf('/') > 0;
    }
}

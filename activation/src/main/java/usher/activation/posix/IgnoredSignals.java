package usher.activation.posix;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Signals that this process ignores, most of the time because it was started so ({@code proc_pid_status(5)}, {@code signal(7)}). */
public final class IgnoredSignals {
    /** All, as a mask: bit n - 1 stands for signal n. */
    static final long ALL = -1;

    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String IGNORED = "SigIgn:";
    private static final long SIG_DFL = 0;

    private static final long SIGNAL = Native.function("signal");

    private IgnoredSignals() {}

    /** As a mask; {@link #ALL} if that is not told. */
    static long own() {
        try (Stream<String> lines = Files.lines(STATUS, StandardCharsets.ISO_8859_1)) {
            return lines.filter(line -> line.startsWith(IGNORED))
                    .mapToLong(line -> Long.parseUnsignedLong(
                            line.substring(IGNORED.length()).strip(), 16))
                    .findFirst()
                    .orElse(ALL);
        } catch (IOException noProc) {
            return ALL;
        }
    }

    /**
     * This process ignores the signal no more, though it was started so: as shells start what runs beside them, and
     * nohup(1) everything.
     */
    public static void heed(int signal) {
        Native.call(SIGNAL, signal, SIG_DFL);
    }
}

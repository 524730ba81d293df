package usher.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import usher.activation.posix.Nodes;

/** A process that writes a log is killed at any moment while it is given lines as fast as it takes them. */
final class LogKillTest {
    /** {@code -Dusher.log.kills=300}: more of them. */
    private static final int KILLS = Integer.getInteger("usher.log.kills", 8);

    private static final long SEED = Long.getLong("usher.seed", System.nanoTime());
    private static final int MOST_LINES = 40_000 * Math.max(50, KILLS);

    @TempDir
    Path directory = Path.of("/");

    private final AtomicBoolean enough = new AtomicBoolean();
    private volatile long written;

    @Test
    @SuppressWarnings("SystemOut") // the seed
    void losesDoublesAndTearsNothingHoweverOftenItIsKilled() throws Exception {
        System.out.println("LogKillTest: -Dusher.seed=" + SEED + " -Dusher.log.kills=" + KILLS);
        Random random = new Random(SEED);
        Path fifo = directory.resolve("fifo");
        assertThat(Nodes.makeFifo(fifo.toString(), 0600)).isZero();
        // Both ends stay open here, as somebody keeps them while no launcher runs.
        try (RandomAccessFile pipe = new RandomAccessFile(fifo.toFile(), "rw")) {
            Thread writer = new Thread(() -> write(pipe), "writer");
            writer.start();
            for (int i = 0; i < KILLS; i++) {
                kill(fifo, random, i % 2 == 0);
            }
            enough.set(true);
            // The last one reads while the writer ends; what is then left in the pipe is read by another.
            Process last = victim(fifo);
            writer.join();
            last.destroyForcibly().waitFor();
            Process finish = victim(fifo, "last");
            assertThat(finish.waitFor(60, TimeUnit.SECONDS)).isTrue();
        }
        long read = verify();
        System.out.println("LogKillTest: " + KILLS + " kills, " + read + " lines, none lost, doubled or torn");
        assertThat(read).isEqualTo(written).isPositive();
    }

    private void kill(Path fifo, Random random, boolean ready) throws Exception {
        Process victim = victim(fifo);
        if (ready) {
            try (BufferedReader out = victim.inputReader()) {
                assertThat(out.readLine()).isEqualTo("ready");
                long goal = Math.min(MOST_LINES, written + random.nextInt(30_000));
                for (long until = System.nanoTime() + 10_000_000_000L; written < goal && System.nanoTime() < until; ) {
                    LockSupport.parkNanos(50_000);
                }
                victim.destroyForcibly().waitFor();
            }
        } else {
            LockSupport.parkNanos(random.nextInt(600_000_000));
            victim.destroyForcibly().waitFor();
        }
    }

    private Process victim(Path fifo, String... more) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx64m",
                "-cp",
                System.getProperty("java.class.path"),
                LogVictim.class.getName(),
                fifo.toString(),
                directory.toString());
        builder.command().addAll(List.of(more));
        return builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
    }

    private void write(RandomAccessFile pipe) {
        try {
            long next = 0;
            StringBuilder text = new StringBuilder();
            while (!enough.get() && next < MOST_LINES) {
                text.setLength(0);
                for (int i = 0; i < 500; i++) {
                    text.append(line(next++)).append('\n');
                }
                pipe.write(text.toString().getBytes(StandardCharsets.US_ASCII));
                written = next;
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static String line(long number) {
        return "line " + number + " " + "abcdefghijklmnopqrstuvwxyz".substring((int) (number % 26)) + " " + number;
    }

    private long verify() throws IOException {
        long next = 0;
        for (Path file : new LogDirectory(directory.resolve("log")).files()) {
            try (BufferedReader lines = Files.newBufferedReader(file)) {
                for (String text = lines.readLine(); text != null; text = lines.readLine()) {
                    if (!text.startsWith("@4")
                            || !text.endsWith(line(next))
                            || text.length() != 26 + line(next).length()) {
                        assertThat(text)
                                .as("line %d, in %s", next, file.getFileName())
                                .endsWith(" " + line(next));
                    }
                    next++;
                }
            }
        }
        return next;
    }
}

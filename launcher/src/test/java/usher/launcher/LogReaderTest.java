package usher.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import usher.bundles.Service;
import usher.launcher.LogPrinter.Form;

final class LogReaderTest {
    private static final String OLDEST = "@400000006000000000000000.s";
    private static final String OLDER = "@400000006000000100000000.s";

    @TempDir
    Path directory = Path.of("/");

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    @ParameterizedTest
    @CsvSource({"0,''", "1,e", "2,d e", "3,c d e", "4,b c d e", "5,a b c d e", "99,a b c d e"})
    void printsTheLastLinesAcrossFiles(int lines, String expected) throws IOException {
        write(OLDEST, "a\nb\n");
        write(OLDER, "c\n");
        write("current", "d\ne\n");
        try (LogReader reader = reader(lines)) {
            reader.readOn();
        }
        assertThat(text()).isEqualTo(expected.isEmpty() ? "" : expected.replace(' ', '\n') + "\n");
    }

    @Test
    void findsTheLastLinesOfAFileLargerThanItsBuffer() throws IOException {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 100_000; i++) {
            text.append("line ").append(i).append('\n');
        }
        write("current", text.toString());
        try (LogReader reader = reader(50_000)) {
            reader.readOn();
        }
        assertThat(text()).isEqualTo(text.substring(text.indexOf("line 50000\n")));
    }

    @Test
    void readsOnAcrossRotationsWithoutLosingOrRepeatingALine() throws IOException {
        write("current", "a\n");
        try (LogReader reader = reader(Integer.MAX_VALUE)) {
            reader.readOn();
            append("b\n");
            Files.move(directory.resolve("current"), directory.resolve(OLDEST));
            write("current", "c\n");
            Files.move(directory.resolve("current"), directory.resolve(OLDER));
            write("current", "d\n");
            reader.readOn();
            append("e\n");
            reader.readOn();
            reader.readOn();
        }
        assertThat(text()).isEqualTo("a\nb\nc\nd\ne\n");
    }

    /** A writer rotates as fast as it can: whatever the reader looks at is renamed while it looks. */
    @Test
    void keepsTheOrderWhileFilesAreRenamed() throws Exception {
        int files = 1000;
        write("current", "");
        ExecutorService writer = Executors.newSingleThreadExecutor();
        try (LogReader reader = reader(Integer.MAX_VALUE)) {
            Future<?> written = writer.submit(() -> {
                for (int i = 0; i < files; i++) {
                    append(i + "\n");
                    Files.move(directory.resolve("current"), directory.resolve("@%024d.s".formatted(i)));
                    write("current", "");
                }
                return null;
            });
            while (!written.isDone()) {
                reader.readOn();
            }
            written.get();
            reader.readOn();
        } finally {
            writer.shutdownNow();
        }
        assertThat(text().lines())
                .containsExactlyElementsOf(
                        IntStream.range(0, files).mapToObj(Integer::toString).toList());
    }

    @Test
    void readsOnAlthoughTheFileWasForgotten() throws IOException {
        write("current", "a\n");
        try (LogReader reader = reader(Integer.MAX_VALUE)) {
            reader.readOn();
            append("b\n");
            Files.delete(directory.resolve("current"));
            write("current", "c\n");
            reader.readOn();
        }
        assertThat(text()).isEqualTo("a\nb\nc\n");
    }

    @Test
    void waitsForALogThatIsNotThereYet() throws IOException {
        LogDirectory log = new LogDirectory(directory.resolve("later"));
        try (LogReader reader = new LogReader(log, printer(Form.TEXT, ZoneOffset.UTC), 5)) {
            reader.readOn();
            Files.createDirectory(log.path());
            Files.writeString(log.current(), "a\n");
            reader.readOn();
        }
        assertThat(text()).isEqualTo("a\n");
    }

    @Test
    @Timeout(30)
    void followsNoLongerThanWhatItPrintsIsTaken() throws Exception {
        OutputStream closed = new OutputStream() {
            @Override
            public void write(int octet) throws IOException {
                throw new IOException("Broken pipe");
            }
        };
        write("current", "a\n");
        LogPrinter printer = new LogPrinter(
                new PrintStream(new BufferedOutputStream(closed), false, StandardCharsets.UTF_8),
                Form.TEXT,
                ZoneOffset.UTC,
                Long.MAX_VALUE);
        try (LogReader reader = new LogReader(new LogDirectory(directory), printer, Integer.MAX_VALUE)) {
            reader.follow(() -> false);
        }
        assertThat(printer.isDone()).isTrue();
    }

    @Test
    @Timeout(30)
    void followsNoLongerThanThereIsAReader() throws Exception {
        write("current", "a\n");
        AtomicBoolean gone = new AtomicBoolean();
        try (LogReader reader = reader(Integer.MAX_VALUE)) {
            reader.follow(() -> gone.getAndSet(true));
        }
        assertThat(text()).isEqualTo("a\n");
    }

    @ParameterizedTest
    @EnumSource
    void showsStampsAsLocalTime(Service.Log.Stamp kind) {
        Instant time = Instant.parse("2026-03-04T05:06:07.008009Z");
        String line = Stamp.of(kind, time) + " hello\n" + Stamp.of(kind, time) + "\n";
        print(Form.TEXT, line);
        assertThat(text()).isEqualTo("2026-03-04T06:06:07.008009+01:00 hello\n2026-03-04T06:06:07.008009+01:00\n");
        printed.reset();
        print(Form.RAW, line);
        assertThat(text()).isEqualTo(line);
    }

    @ParameterizedTest
    @EnumSource
    void printsAnObjectForEachLine(Service.Log.Stamp kind) {
        print(
                Form.JSON,
                Stamp.of(kind, Instant.parse("2026-03-04T05:06:07.008009Z")) + " say \"hé\"\t\nno stamp\n\nend");
        assertThat(text()).isEqualTo("""
                        {"time":"2026-03-04T06:06:07.008009+01:00","line":"say \\"hé\\"\\t"}
                        {"time":null,"line":"no stamp"}
                        {"time":null,"line":""}
                        {"time":null,"line":"end"}
                        """);
    }

    /** As when more is written after it was looked where the last two lines begin. */
    @Test
    void printsNoMoreLinesThanAreAskedFor() throws IOException {
        write(OLDER, "a\nb\nc\n");
        write("current", "d\n");
        LogPrinter two =
                new LogPrinter(new PrintStream(printed, true, StandardCharsets.UTF_8), Form.TEXT, ZoneOffset.UTC, 2);
        try (LogReader reader = new LogReader(new LogDirectory(directory), two, 4)) {
            reader.readOn();
            two.end();
        }
        assertThat(two.isDone()).isTrue();
        assertThat(text()).isEqualTo("a\nb\n");
    }

    @ParameterizedTest
    @CsvSource({
        "@4 hello",
        "@4000000069a7b12f0000000 x",
        "@4000000069a7b12f40000000 x",
        "2026-03-04T05:06:07Z x",
        "2026-03-04T05:06:07.008009Zx",
        "2026-02-30T05:06:07.008009Z x",
        "''"
    })
    void leavesLinesWithoutSuchAStampAlone(String line) {
        print(Form.TEXT, line + "\n");
        assertThat(text()).isEqualTo(line + "\n");
    }

    private void print(Form form, String text) {
        LogPrinter printer = printer(form, ZoneId.of("Europe/Berlin"));
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        printer.add(bytes, bytes.length);
        printer.end();
    }

    private LogReader reader(int lines) {
        return new LogReader(new LogDirectory(directory), printer(Form.TEXT, ZoneOffset.UTC), lines);
    }

    private LogPrinter printer(Form form, ZoneId zone) {
        return new LogPrinter(new PrintStream(printed, true, StandardCharsets.UTF_8), form, zone, Long.MAX_VALUE);
    }

    private void write(String file, String text) throws IOException {
        Files.writeString(directory.resolve(file), text);
    }

    private void append(String text) throws IOException {
        Files.writeString(directory.resolve("current"), text, StandardOpenOption.APPEND);
    }

    private String text() {
        return printed.toString(StandardCharsets.UTF_8);
    }
}

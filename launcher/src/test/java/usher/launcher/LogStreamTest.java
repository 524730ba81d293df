package usher.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import usher.activation.EventLoop;
import usher.activation.Pipe;
import usher.activation.posix.Descriptors;
import usher.bundles.Service;

/** One bundle's log, written call by call on this thread. */
final class LogStreamTest {
    private static final Pattern LOSS = Pattern.compile("usher: (\\d+) lines \\((\\d+) bytes\\) could not be .*");
    private static final Service.Log SMALL = new Service.Log(Service.Log.Stamp.TAI64N, 2_000, 1_000);

    @TempDir
    Path directory = Path.of("/");

    private final Pipe pipe = Pipe.open();
    private final EventLoop loop = new EventLoop();
    private int written;

    @AfterEach
    void close() {
        loop.close();
        pipe.close();
    }

    @Test
    void aKillBeforeAnySingleEffectLosesDoublesAndTearsNothing() throws IOException {
        int kills = 0;
        for (boolean killed = true; killed; kills++) {
            killed = survives(kills + 1, 0);
        }
        // So many effects there are at least: a dozen rotations, half as many spools shortened.
        assertThat(kills).isGreaterThan(150);
    }

    @Test
    void aKillDuringRecoveryLosesDoublesAndTearsNothing() throws IOException {
        for (int first = 1; first < 160; first += 5) {
            for (int second = first % 2 + 1; second <= 12; second += 2) {
                survives(first, second);
            }
        }
    }

    @Test
    void whatWasTakenAndNotWrittenIsWrittenAfterAKillThoughNothingMoreIsSaid() throws IOException {
        int written = 0;
        boolean killed = true;
        for (int effect = 1; killed; effect++) {
            Path home = Files.createDirectories(directory.resolve(Integer.toString(effect)));
            say(line(effect));
            killed = false;
            try {
                stream(new TestDisk(effect), home, SMALL, 1_500).turn();
            } catch (TestDisk.Killed death) {
                killed = true;
            }
            loop.unwatch(pipe.readEnd());
            boolean taken = Descriptors.poll(pipe.readEnd().number(), Descriptors.POLLIN, 0) == 0;
            LogStream next = unborn(new TestDisk(0), home, SMALL, 1_500);
            next.goOnFollowing(pipe.readEnd());
            if (taken) {
                assertThat(text(home.resolve("log")))
                        .containsExactly(line(effect).strip());
                written++;
            }
            next.stop();
            loop.unwatch(pipe.readEnd());
        }
        assertThat(written).isGreaterThan(3);
    }

    /** Whether there was such an effect. */
    private boolean survives(int first, int second) throws IOException {
        Path home = directory.resolve(first + "-" + second);
        Files.createDirectories(home);
        written = 0;
        boolean killed = lives(new TestDisk(first), home, 40);
        if (killed && second > 0) {
            lives(new TestDisk(second), home, 5);
        }
        lives(new TestDisk(0), home, 5);
        assertThat(text(home.resolve("log")))
                .as("killed before effect %d, then %d", first, second)
                .isEqualTo(lines(0, written));
        delete(home);
        return killed;
    }

    /** A launcher's life, in which a daemon writes; whether it was killed. */
    private boolean lives(TestDisk disk, Path home, int turns) throws IOException {
        LogStream stream = stream(disk, home, SMALL, 1_500);
        try {
            for (int turn = 0; turn < turns; turn++) {
                // Half a line, so that there is always an unfinished one.
                say(line(written).substring(0, 5));
                stream.turn();
                say(line(written++).substring(5) + line(written++) + line(written++));
                stream.turn();
            }
            stream.turn();
            stream.stop();
            return false;
        } catch (TestDisk.Killed death) {
            // The daemon does not notice, and finishes its line.
            Descriptors.setNonBlocking(pipe.readEnd().number(), true);
            repairLine();
            return true;
        } finally {
            loop.unwatch(pipe.readEnd());
        }
    }

    private boolean half;

    private void repairLine() {
        if (half) {
            say(line(written++).substring(5));
        }
    }

    @Test
    void aFullDiskLosesWholeLinesAndSaysHowMany() throws IOException {
        TestDisk disk = new TestDisk(0);
        disk.limitedBelow = directory.resolve("log").toString();
        disk.left = 3_333;
        LogStream stream = stream(disk, directory, Service.Log.DEFAULT, 10_000);
        for (int i = 0; i < 1_000; i++) {
            say(line(written++));
            stream.turn();
        }
        disk.left = Long.MAX_VALUE;
        stream.stop();
        account(text(directory.resolve("log")));
    }

    @Test
    void aDiskThatIsFullAgainAndAgainIsAccountedForExactly() throws IOException {
        TestDisk disk = new TestDisk(0);
        disk.limitedBelow = directory.resolve("log").toString();
        LogStream stream = stream(disk, directory, SMALL, 3_000);
        for (int i = 0; i < 3_000; i++) {
            disk.left = i % 400 == 0 ? 0 : i % 400 == 200 ? 5_555 : disk.left;
            say(line(written++));
            stream.retry();
            stream.turn();
        }
        disk.left = Long.MAX_VALUE;
        stream.retry();
        stream.stop();
        account(text(directory.resolve("log")));
    }

    /** Every line stands there once, in order, or is counted as lost just where it is missing. */
    private void account(List<String> log) {
        int next = 0;
        int lost = 0;
        for (String line : log) {
            Matcher loss = LOSS.matcher(line);
            if (loss.matches()) {
                int until = next + Integer.parseInt(loss.group(1));
                int bytes =
                        IntStream.range(next, until).map(i -> line(i).length()).sum();
                assertThat(Integer.parseInt(loss.group(2))).isEqualTo(bytes);
                lost += until - next;
                next = until;
            } else {
                assertThat(line + "\n").isEqualTo(line(next++));
            }
        }
        assertThat(next).isEqualTo(written);
        assertThat(lost).isPositive();
    }

    @Test
    void theRunDirectoryServesWhileTheLogDirectoryCannotBeWritten() throws IOException, InterruptedException {
        TestDisk disk = new TestDisk(0);
        disk.forbiddenBelow = directory.resolve("log").toString();
        LogStream stream = stream(disk, directory, Service.Log.DEFAULT, 10_000);
        say("a\n");
        stream.turn();
        disk.forbiddenBelow = "/nowhere/";
        stream.retry();
        say("b\n");
        stream.turn();
        stream.stop();
        assertThat(text(directory.resolve("spare"))).containsExactly("a\n".strip());
        assertThat(text(directory.resolve("log"))).containsExactly("b\n".strip());
    }

    @Test
    void aLogThatIsMovedOrRemovedIsBegunAnewInItsPlace() throws IOException {
        Path log = directory.resolve("log");
        Path moved = directory.resolve("moved");
        LogStream stream = stream(new TestDisk(0), directory, SMALL, 10_000);
        say("a\n");
        stream.turn();
        Files.move(log, moved);
        stream.retry();
        say("b\n");
        stream.turn();
        assertThat(text(moved)).containsExactly("a");
        assertThat(text(log)).containsExactly("b");

        Files.delete(log.resolve("current"));
        stream.retry();
        say("c\n");
        stream.turn();
        stream.stop();
        assertThat(text(log)).containsExactly("c");
    }

    @Test
    void whereThereIsNoRoomForASpoolOutputGoesThroughMemory() throws IOException {
        TestDisk disk = new TestDisk(0);
        LogStream stream = stream(disk, directory, SMALL, 3_000);
        say(line(written++) + "unfin");
        stream.turn();
        disk.splices = false;
        say("ished\n" + line(2));
        stream.turn();
        disk.splices = true;
        say(line(3));
        stream.turn();
        stream.stop();
        assertThat(text(directory.resolve("log")))
                .containsExactly(line(0).strip(), "unfinished", line(2).strip(), line(3).strip());
    }

    @Test
    void filesAreNoLargerThanLogSizeAndNoMoreThanLogCount() throws IOException {
        LogStream stream =
                stream(new TestDisk(0), directory, new Service.Log(Service.Log.Stamp.RFC3339, 500, 3), 9_999);
        for (int i = 0; i < 100; i++) {
            say(line(i));
            stream.turn();
        }
        stream.stop();
        List<Path> files = new LogDirectory(directory.resolve("log")).files();
        assertThat(files).hasSize(4);
        for (Path file : files) {
            assertThat(Files.size(file)).isBetween(1L, 500L);
            assertThat(Files.readAllLines(file))
                    .allMatch(line -> line.matches("\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z line .*"));
        }
        assertThat(text(directory.resolve("log"))).last().isEqualTo(line(99).strip());
    }

    @Test
    void linesThatComeAllAtOnceGoToAsManyFilesAsTheyNeed() throws IOException {
        LogStream stream =
                stream(new TestDisk(0), directory, new Service.Log(Service.Log.Stamp.RFC3339, 500, 99), 9_999);
        List<String> all = new ArrayList<>(lines(0, 40));
        all.add("x".repeat(700));
        all.add("y".repeat(900));
        all.addAll(lines(40, 60));
        say(String.join("\n", all) + "\nunfinished " + "z".repeat(600));
        stream.turn();
        stream.stop();
        all.add("unfinished " + "z".repeat(600));
        assertThat(text(directory.resolve("log"))).isEqualTo(all);
        for (Path file : new LogDirectory(directory.resolve("log")).files()) {
            assertThat(Files.size(file) <= 500 || Files.readAllLines(file).size() == 1)
                    .as("%s holds %s", file, Files.readAllLines(file))
                    .isTrue();
        }
    }

    @Test
    void aLineTooLongToBeHeldIsBrokenAndNothingOfItIsLost() throws IOException {
        Descriptors.setPipeSize(pipe.writeEnd().number(), 1 << 20);
        LogStream stream = stream(new TestDisk(0), directory, Service.Log.DEFAULT, 1 << 20);
        String text = "x".repeat(300_000);
        for (int i = 0; i < 6; i++) {
            say(text.substring(i * 50_000, (i + 1) * 50_000));
            stream.turn();
        }
        say("\n");
        stream.turn();
        stream.stop();
        assertThat(String.join("", text(directory.resolve("log")))).isEqualTo(text);
    }

    @Test
    void anUnfinishedLineWaitsForItsEndOrForThatOfTheLauncher() throws IOException {
        LogStream stream = stream(new TestDisk(0), directory, SMALL, 3_000);
        say("a\nb");
        stream.turn();
        assertThat(text(directory.resolve("log"))).containsExactly("a");
        stream.stop();
        assertThat(text(directory.resolve("log"))).containsExactly("a", "b");
        assertThat(directory.resolve("spool")).doesNotExist();
    }

    @Test
    void theClockMaySetBackWithoutMixingUpTheOrderOfFiles() throws IOException {
        Path log = directory.resolve("log");
        Files.createDirectories(log);
        String future = "@4000000090000000000000ff.s";
        Files.writeString(log.resolve(future), "@4000000090000000000000ff old\n");
        LogStream stream = stream(new TestDisk(0), directory, SMALL, 3_000);
        for (int i = 0; i < 50; i++) {
            say(line(i));
            stream.turn();
        }
        stream.stop();
        List<Path> files = new LogDirectory(log).files();
        assertThat(files.get(0)).isEqualTo(log.resolve(future));
        List<String> expected = new ArrayList<>(lines(0, 50));
        expected.add(0, "old");
        assertThat(text(log)).isEqualTo(expected);
    }

    private LogStream stream(TestDisk disk, Path home, Service.Log settings, int room) {
        LogStream stream = unborn(disk, home, settings, room);
        stream.follow(pipe.readEnd());
        return stream;
    }

    private LogStream unborn(TestDisk disk, Path home, Service.Log settings, int room) {
        LogStream.Places places =
                new LogStream.Places(home.resolve("spool"), home.resolve("log"), home.resolve("spare"));
        return new LogStream(disk, new LogDesk(loop, room), places, settings);
    }

    private void say(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        assertThat(Descriptors.write(pipe.writeEnd().number(), bytes, 0, bytes.length))
                .isEqualTo(bytes.length);
        half = !text.endsWith("\n");
    }

    private static String line(int number) {
        return "line " + number + " " + "abcdefghij".repeat(1 + number % 7) + "\n";
    }

    private static List<String> lines(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> line(i).strip()).toList();
    }

    /** Without the stamps. */
    private static List<String> text(Path log) throws IOException {
        List<String> lines = new ArrayList<>();
        for (Path file : new LogDirectory(log).files()) {
            String text = Files.readString(file);
            assertThat(text.isEmpty() || text.endsWith("\n")).isTrue();
            text.lines()
                    .forEach(line ->
                            lines.add(line.substring(line.indexOf(' ') + 1).strip()));
        }
        return lines;
    }

    private static void delete(Path tree) throws IOException {
        try (Stream<Path> all = Files.walk(tree)) {
            for (Path path : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}

package usher.activation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import usher.activation.posix.Descriptor;
import usher.activation.posix.Descriptors;
import usher.activation.posix.Errno;
import usher.activation.posix.Processes;

@SuppressWarnings("try") // closing early is what some tests are about
class ChildTest {
    private final Spawner spawner = new Spawner(OriginalLimits.capture());

    @AfterEach
    void close() {
        spawner.close();
    }

    @Test
    void tellsExitCodeAndSignal() {
        assertThat(Running.await(start("exit 7"))).isEqualTo(ExitStatus.exit(7));
        assertThat(Running.await(start("kill -TERM $$"))).isEqualTo(ExitStatus.signal(15));
        Child sleeper = start("exec sleep 60");
        assertThat(sleeper.reap()).isEmpty();
        assertThat(sleeper.signal(9)).isTrue();
        assertThat(Running.await(sleeper)).isEqualTo(ExitStatus.signal(9));
        assertThat(sleeper.signal(9)).isFalse();
        assertThat(sleeper.pidfd().isOpen()).isFalse();
    }

    @Test
    void killsWhatIsLeftOfTheProcessGroupBeforeReaping() {
        // The grandchild holds the pipe: its end of file is the grandchild's death.
        try (Pipe pipe = Pipe.open()) {
            Child child = Running.start(
                    spawner, Running.launch(List.of("/bin/sh", "-c", "sleep 60 & exit 0"), Map.of(1, pipe.writeEnd())));
            pipe.writeEnd().close();
            assertThat(Running.await(child)).isEqualTo(ExitStatus.exit(0));
            assertThat(Running.drain(pipe)).isEmpty();
        }
    }

    @Test
    void waitsAMomentForWhoeverIsToReapAnAdoptedOne() throws InterruptedException {
        try (Pipe pipe = Pipe.open();
                Pipe go = Pipe.open()) {
            Descriptors.setNonBlocking(go.readEnd().number(), false); // the parent is to wait in read(2)
            Child parent = Running.start(
                    spawner,
                    Running.launch(
                            List.of("/bin/sh", "-c", "sh -c 'exit 7' & echo $!; read x <&3; wait $!; exec sleep 60"),
                            Map.of(1, pipe.writeEnd(), 3, go.readEnd())));
            byte[] number = new byte[20];
            Descriptors.poll(pipe.readEnd().number(), Descriptors.POLLIN, 20_000);
            int pid = Integer.parseInt(new String(number, 0, pipe.read(number), UTF_8).strip());
            Descriptor pidfd = Descriptor.own(Processes.pidfdOpen(pid));
            Processes.awaitEnd(pidfd.number());
            // Kernels before 6.15 do not tell, not even that it is not reaped, which a shell may do before it is to
            // wait.
            int told = Processes.exitOf(pidfd.number());
            boolean tells = told == -Errno.EAGAIN || told >= 0;
            Child adopted = Child.adopt(pid, pidfd);
            Thread reaping = new Thread(go::close);
            reaping.start();
            assertThat(adopted.reap()).contains(tells ? ExitStatus.exit(7) : ExitStatus.unknown());
            reaping.join();
            parent.signal(9);
            Running.await(parent);
        }
    }

    @Test
    void tellsHowAProcessOfSomebodyElseEnded() {
        try (Pipe pipe = Pipe.open();
                Pipe end = Pipe.open()) {
            Descriptors.setNonBlocking(end.readEnd().number(), false); // the child is to wait in read(2)
            Child parent = Running.start(
                    spawner,
                    Running.launch(
                            List.of("/bin/sh", "-c", "sh -c 'read x; exit 7' <&3 & echo $!; wait $!; exec sleep 60"),
                            Map.of(1, pipe.writeEnd(), 3, end.readEnd())));
            byte[] number = new byte[20];
            Descriptors.poll(pipe.readEnd().number(), Descriptors.POLLIN, 20_000);
            int length = pipe.read(number);
            Child followed = Child.follow(Integer.parseInt(new String(number, 0, length, UTF_8).strip()))
                    .orElseThrow();
            assertThat(followed.reap()).isEmpty();
            end.close();
            // Kernels before 6.15 do not tell.
            assertThat(Running.await(followed)).isIn(ExitStatus.exit(7), ExitStatus.unknown());
            parent.signal(9);
            assertThat(Running.await(parent)).isEqualTo(ExitStatus.signal(9));
        }
    }

    @Test
    void leavesStrangersOfTheSameNumberAlone() {
        Child child = start("exit 0");
        Running.await(child);
        child.signalGroup(9);
        assertThat(child.reap()).isEqualTo(Optional.of(ExitStatus.unknown()));
    }

    @Test
    void thousandsOfSpawnsLeakNothing() throws Exception {
        List<Long> memory = new ArrayList<>();
        long descriptors = 0;
        for (int round = 0; round < 4; round++) {
            for (int i = 0; i < 300; i++) {
                assertThat(Running.await(Running.start(spawner, Running.launch(List.of("/bin/true"), Map.of()))))
                        .isEqualTo(ExitStatus.exit(0));
            }
            memory.add(nativeHeapKib());
            long now = openedForSpawns();
            assertThat(now).as("descriptors").isLessThanOrEqualTo(round == 0 ? now : descriptors);
            descriptors = now;
        }
        // A leak of one block of 100 bytes a spawn would be 90 KiB over the last three rounds; the JVM itself moves.
        assertThat(memory.get(3) - memory.get(0)).as("resident KiB %s", memory).isLessThan(30_000);
        assertThat(Processes.reap(-1)).as("no child is left").isNegative();
    }

    /** Open descriptors of the kinds that a spawn makes use of; the JVM opens and closes others as it likes. */
    private static long openedForSpawns() throws Exception {
        long count = 0;
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path descriptor : descriptors) {
                String what = target(descriptor);
                count += what.contains("pidfd") || what.startsWith("pipe:") || what.equals("/dev/null") ? 1 : 0;
            }
        }
        return count;
    }

    private static String target(Path descriptor) throws IOException {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (NoSuchFileException closed) {
            return "";
        }
    }

    private static long nativeHeapKib() throws Exception {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("RssAnon:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
    }

    private Child start(String script) {
        return Running.start(spawner, Running.launch(List.of("/bin/sh", "-c", script), Map.of()));
    }
}

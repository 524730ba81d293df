package usher.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Many clients and a daemon that is not there yet, or not any more: nobody is refused, nothing is started twice. */
final class LazyStartIT {
    private static final int CLIENTS = 200;
    private static final int KILLS = 50;
    private static final int BUSY_CLIENTS = 8;

    @RegisterExtension
    final Launcher launcher = new Launcher();

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private int port;

    @BeforeEach
    void listen() {
        port = launcher.freePort();
        launcher.bundle("daemon").run(Daemons.ANSWERING).socket("tcp", "127.0.0.1:" + port);
        launcher.run();
    }

    @AfterEach
    void stopClients() throws InterruptedException {
        threads.shutdownNow();
        assertThat(threads.awaitTermination(Await.GENEROUS.toSeconds(), TimeUnit.SECONDS))
                .isTrue();
    }

    @Test
    void listensWithoutAProcessUntilSomebodyConnects() throws IOException {
        BundleStatus before = launcher.status("daemon");
        assertThat(before.state()).isEqualTo("listening");
        assertThat(before.pid()).isEqualTo(-1);
        assertThat(before.starts()).isZero();

        String answer = Client.ask(port, "who");

        BundleStatus after = launcher.status("daemon");
        assertThat(after.state()).isEqualTo("up");
        assertThat(after.starts()).isOne();
        assertThat(answer).isEqualTo(after.pid() + "\n");
    }

    /** Soon after its start the launcher rehearses that of the daemon, which goes on over some of these. */
    @Test
    void mayBeStoppedAndStartedAtAnyMoment() throws IOException {
        long before = launcher.launcherPid();
        Control control = launcher.control();
        for (int i = 0; i < 20; i++) {
            control.ask("stop", List.of(), "daemon");
            control.ask("start", List.of(), "daemon");
        }
        assertThat(Client.ask(port, "who")).matches("[0-9]+\n");
        assertThat(launcher.launcherPid()).isEqualTo(before);
    }

    /** What it requires cannot be started at first; somebody tries in vain to have the daemon started at once. */
    @Test
    void servesWhoHasWaitedForARequirementThatWasMissing() throws Exception {
        int other = launcher.freePort();
        launcher.bundle("needed")
                .executable("service/start", "#!/bin/sh\n[ -e ../there ]")
                .flag("service/down");
        launcher.bundle("needy")
                .run(Daemons.ANSWERING)
                .socket("tcp", "127.0.0.1:" + other)
                .link("requires", "needed");
        launcher.usher("start", "needy");
        Future<String> early = threads.submit(() -> Client.ask(other, "who"));
        launcher.awaitState("needy", "backoff");
        assertThat(launcher.usher("start", "--now", "needy").exit()).isOne();

        launcher.bundle("needed").flag("there");
        assertThat(launcher.usher("start", "needed").exit()).isZero();

        assertThat(early.get(Await.GENEROUS.toSeconds(), TimeUnit.SECONDS)).isEqualTo(Client.ask(other, "who"));
    }

    /** Of bytes nobody can tell whether they are the same; that they have not become fewer is told. */
    @Test
    void pausesWithADaemonThatReadsNothingOfItsFifo() throws Exception {
        Path fifo = launcher.directory().resolve("fifo");
        launcher.bundle("reader").run("#!/bin/sh\nexit 0").socket("s", "fifo:" + fifo);
        launcher.usher("start", "reader");
        Files.writeString(fifo, "hello", StandardOpenOption.WRITE);
        launcher.awaitState("reader", "backoff");
        assertThat(launcher.status("reader").starts()).isLessThan(10);
    }

    /** A daemon that may be another program tomorrow expects a socket that blocks. */
    @Test
    void theNextDaemonGetsABlockingSocketHoweverTheLastOneLeftIt() throws Exception {
        int other = launcher.freePort();
        launcher.bundle("fickle").run("""
                        #!/usr/bin/perl
                        use Fcntl; open(my $s, '+<&=', 3) or die; my $flags = fcntl($s, F_GETFL, 0);
                        fcntl($s, F_SETFL, $flags | O_NONBLOCK);
                        accept(my $c, $s) or die; sysread($c, my $line, 100); syswrite($c, $flags & O_NONBLOCK ? "does not\\n" : "blocks\\n");
                        """).socket("tcp", "127.0.0.1:" + other);
        launcher.usher("start", "fickle");
        for (int i = 0; i < 3; i++) {
            assertThat(Client.ask(other, "")).isEqualTo("blocks\n");
            launcher.awaitState("fickle", "listening");
        }
    }

    @Test
    void answersTwoHundredClientsOfTheSameInstantWithOneStart() throws Exception {
        CyclicBarrier together = new CyclicBarrier(CLIENTS);
        List<Callable<String>> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(() -> {
                together.await();
                return Client.ask(port, "who");
            });
        }

        Set<String> answers = new HashSet<>();
        for (Future<String> answer : threads.invokeAll(clients)) {
            answers.add(answer.get());
        }

        BundleStatus status = launcher.status("daemon");
        assertThat(answers).containsExactly(status.pid() + "\n");
        assertThat(status.starts()).isOne();
    }

    @Test
    void answersEveryClientAlthoughTheDaemonIsKilledFiftyTimes() throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        List<Future<Integer>> busy = new ArrayList<>();
        for (int i = 0; i < BUSY_CLIENTS; i++) {
            busy.add(threads.submit(() -> {
                int answers = 0;
                while (!over.get()) {
                    assertThat(Client.ask(port, "who")).matches("[0-9]+\n");
                    answers++;
                }
                return answers;
            }));
        }

        Set<String> killed = new HashSet<>();
        for (int kill = 0; kill < KILLS; kill++) {
            killed.add(Client.ask(port, "die"));
        }
        over.set(true);
        int answers = 0;
        for (Future<Integer> client : busy) {
            answers += client.get();
        }
        String last = Client.ask(port, "who");

        BundleStatus status = launcher.status("daemon");
        assertThat(killed).as("processes that were killed").hasSize(KILLS).doesNotContain(last);
        assertThat(answers).as("answers of the busy clients").isGreaterThanOrEqualTo(BUSY_CLIENTS);
        assertThat(last).isEqualTo(status.pid() + "\n");
        assertThat(status.starts()).as("%s; %d other answers", status, answers).isEqualTo(KILLS + 1);
    }

    @Test
    void servesAPeerThatWasQueuedWhenTheDaemonWasKilled() throws IOException {
        long first = Long.parseLong(Client.ask(port, "who").trim());
        // Stopped, the daemon takes nothing off the queue: the next peer is in it when the kill comes.
        new Kernel(first).signal("STOP");
        Await.until(
                "the daemon is stopped",
                Await.GENEROUS,
                () -> new Kernel(first).status("State").startsWith("T"));
        try (Socket queued = Client.connect(port)) {
            queued.getOutputStream().write("who\n".getBytes(StandardCharsets.US_ASCII));
            new Kernel(first).signal("KILL");
            String answer = new String(queued.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            assertThat(answer).isEqualTo(launcher.status("daemon").pid() + "\n").isNotEqualTo(first + "\n");
        }
        assertThat(launcher.status("daemon").starts()).isEqualTo(2);
    }

    /** {@code shutdown(2)} is for the socket, whoever has it. */
    @ParameterizedTest
    @ValueSource(strings = {"tcp", "unix"})
    void listensAgainWhenADaemonThatRunsHasShutItsSocketDown(String kind) throws Exception {
        int other = launcher.freePort();
        Path path = launcher.directory().resolve("socket");
        boolean tcp = kind.equals("tcp");
        SocketAddress where =
                tcp ? new InetSocketAddress(InetAddress.getLoopbackAddress(), other) : UnixDomainSocketAddress.of(path);
        launcher.bundle("shutting").run("""
                        #!/usr/bin/perl
                        use Socket;
                        open(my $listening, '+<&=', 3) or die;
                        accept(my $peer, $listening) or die;
                        my $line = <$peer>;
                        shutdown($listening, 2);
                        syswrite($peer, "$$\\n");
                        close($peer);
                        sleep 600;
                        """).socket("s", tcp ? "127.0.0.1:" + other : path.toString());
        assertThat(launcher.usher("start", "shutting").exit()).isZero();
        String pid = tcp ? Client.ask(other, "who") : Client.ask(path, "who");

        Await.until("the socket listens", Await.GENEROUS, () -> {
            try {
                SocketChannel.open(where).close();
                return true;
            } catch (IOException refused) {
                return false;
            }
        });
        assertThat(launcher.status("shutting"))
                .returns("up", BundleStatus::state)
                .returns(Long.parseLong(pid.trim()), BundleStatus::pid);
    }

    /** A Unix socket cannot be made to listen again: it is opened anew, here when no file is in its directory's place. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void opensLaterWhatADaemonHasShutDown(boolean eager) throws Exception {
        Path directory = Files.createDirectory(launcher.directory().resolve("here"));
        Path path = directory.resolve("socket");
        Bundle shutting = launcher.bundle("shutting");
        if (eager) {
            shutting.flag("service/eager");
        }
        shutting.run("""
                        #!/usr/bin/perl
                        use Socket;
                        open(my $listening, '+<&=', 3) or die;
                        accept(my $peer, $listening) or die;
                        my $line = <$peer>;
                        unlink('%2$s'); rmdir('%1$s') or die;
                        open(my $file, '>', '%1$s') or die;
                        shutdown($listening, 2);
                        syswrite($peer, "$$\n");
                        close($peer);
                        """.formatted(directory, path)).socket("s", path.toString());
        assertThat(launcher.usher("start", "shutting").exit()).isZero();
        long before = launcher.launcherPid();
        Client.ask(path, "who");
        assertThat(launcher.awaitState("shutting", "waiting").starts()).isOne();
        assertThat(launcher.usher("status", "shutting").out()).contains("not a directory");

        Files.delete(directory);

        launcher.awaitState("shutting", eager ? "up" : "listening");
        Client.ask(path, "who");
        assertThat(launcher.status("shutting").starts()).isEqualTo(2);
        assertThat(launcher.launcherPid()).isEqualTo(before);
    }

    @Test
    void listensAgainWhenTheDaemonIsGoneAndNobodyWaits() throws IOException {
        Client.ask(port, "die");

        BundleStatus status = launcher.awaitState("daemon", "listening");

        assertThat(status.pid()).isEqualTo(-1);
        assertThat(status.starts()).isOne();
        assertThat(status.lastExit()).hasToString("{signal=KILL}");
    }
}

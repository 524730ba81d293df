package usher.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Starting, stopping and restarting a bundle that has a socket, and the end of it all. */
final class JobsIT {
    @RegisterExtension
    final Launcher launcher = new Launcher();

    private final int port = launcher.freePort();

    @BeforeEach
    void run() {
        launcher.bundle("daemon").run(Daemons.ANSWERING).socket("tcp", "127.0.0.1:" + port);
        launcher.bundle("talker").run("#!/bin/sh\necho first line\necho last line >&2\nexec sleep 600");
        // As a shell starts what runs beside it, or nohup(1).
        launcher.startThrough("env", "--ignore-signal=HUP,INT,TERM");
        launcher.run();
    }

    private void succeeds(String... arguments) {
        Result result = launcher.usher(arguments);
        assertThat(result.exit()).as("%s", result).isZero();
    }

    @Test
    void stopClosesTheSocketAndStartOpensItAgain() throws IOException {
        String first = Client.ask(port, "who");

        succeeds("stop", "daemon");

        assertThat(launcher.status("daemon").state()).isEqualTo("down");
        assertThat(ProcessHandle.of(Long.parseLong(first.trim()))).isEmpty();
        assertThatThrownBy(() -> Client.ask(port, "who")).isInstanceOf(ConnectException.class);

        succeeds("start", "daemon");

        assertThat(launcher.status("daemon").state()).isEqualTo("listening");
        assertThat(Client.ask(port, "who")).matches("[0-9]+\n").isNotEqualTo(first);
    }

    @Test
    void startNowDoesNotWaitForTraffic() {
        succeeds("start", "--now", "daemon");

        assertThat(launcher.status("daemon").state()).isEqualTo("up");
        assertThat(launcher.status("daemon").starts()).isOne();
    }

    @Test
    void restartLeavesADaemonAloneThatIsOnlyListening() {
        succeeds("restart", "daemon");

        assertThat(launcher.status("daemon"))
                .returns("listening", BundleStatus::state)
                .returns(0, BundleStatus::starts);
    }

    @Test
    void restartPutsAnotherProcessBehindTheSameSocket() throws IOException {
        String first = Client.ask(port, "who");
        String socket = Ports.listener(port).orElseThrow();

        succeeds("restart", "daemon");

        assertThat(Client.ask(port, "who")).matches("[0-9]+\n").isNotEqualTo(first);
        assertThat(Ports.listener(port)).as("the same socket all the time").hasValue(socket);
    }

    @Test
    void restartLeavesADaemonAloneThatCouldNotBeStartedAgain() throws IOException {
        String pid = Client.ask(port, "who");
        launcher.bundle("daemon").file("service/timeout-up", "banana");

        Result told = launcher.usher("restart", "daemon");
        Result json = launcher.usher("restart", "--format", "json", "daemon");

        assertThat(told.exit()).isEqualTo(1);
        assertThat(told.err()).contains("daemon/service/timeout-up: holds \"banana\"");
        assertThat(json.exit()).isEqualTo(1);
        assertThat(json.out()).contains("\"outcome\":\"failed\"").contains("timeout-up");
        assertThat(Client.ask(port, "who")).isEqualTo(pid);
    }

    @Test
    void restartLeavesADaemonAloneWhoseBundleIsGone() throws IOException {
        String pid = Client.ask(port, "who");
        Files.move(launcher.bundle("daemon").directory(), launcher.directory().resolve("gone"));

        Result told = launcher.usher("restart", "daemon");

        assertThat(told.exit()).isEqualTo(1);
        assertThat(told.err()).contains("daemon: failed: it is no longer there");
        assertThat(Client.ask(port, "who")).isEqualTo(pid);
    }

    /** What is told of a bundle last is that its stop went well. */
    @Test
    void restartTellsOfOneThatHadToBeStoppedForItAndCannotBeStartedAgain() {
        launcher.bundle("front")
                .run("#!/bin/sh\nexec sleep 600")
                .link("requires", "talker")
                .file("service/timeout-up", "1s");
        succeeds("start", "front");
        launcher.bundle("front").file("service/timeout-up", "banana");

        Result told = launcher.usher("restart", "--format", "json", "talker");

        assertThat(told.out()).contains("{\"bundle\":\"front\",\"outcome\":\"failed\"");
        assertThat(launcher.status("talker").state()).isEqualTo("up");
    }

    private Bundle rivalWithTheSameAddress() {
        return launcher.bundle("rival")
                .run(Daemons.ANSWERING)
                .socket("tcp", "127.0.0.1:" + port)
                .flag("service/down")
                .link("conflicts", "daemon");
    }

    /** The one that is to start gets the address as soon as the other one has been stopped. */
    @ParameterizedTest
    @ValueSource(strings = {"--now", "--later"})
    void twoInConflictMayHaveTheSameAddress(String when) throws IOException {
        Bundle rival = rivalWithTheSameAddress();
        String first = Client.ask(port, "who");
        if (when.equals("--now")) {
            succeeds("start", "--now", "rival");
        } else {
            rival.flag("service/eager");
            succeeds("start", "rival");
        }

        assertThat(launcher.status("daemon").state()).isEqualTo("down");
        assertThat(Client.ask(port, "who")).matches("[0-9]+\n").isNotEqualTo(first);
    }

    @Test
    void oneThatWaitsForAnAddressGetsItWhenItsRivalIsStopped() throws IOException {
        rivalWithTheSameAddress();
        assertThat(launcher.usher("start", "rival").exit()).isEqualTo(1);
        assertThat(launcher.status("rival").state()).isEqualTo("waiting");

        succeeds("stop", "daemon");

        Await.until(
                "it listens",
                Await.GENEROUS,
                () -> launcher.status("rival").state().equals("listening"));
        assertThat(Client.ask(port, "who")).matches("[0-9]+\n");
    }

    @Test
    void aJobThatTakesInBothOfAConflictShowsBothChains() {
        launcher.bundle("rival")
                .run("#!/bin/sh\nexec sleep 600")
                .flag("service/down")
                .link("conflicts", "talker");
        launcher.bundle("both").link("wants", "rival");

        Result told = launcher.usher("start", "both", "talker");

        assertThat(told.exit()).isEqualTo(1);
        assertThat(told.err())
                .contains(
                        "rival: refused: the job takes in both rival (both/wants/rival) and talker (asked for by name)"
                                + ", which are in conflict (rival/conflicts/talker)");
    }

    @Test
    void signalGoesToTheMainProcess() {
        BundleStatus before = launcher.status("talker");

        succeeds("signal", "USR1", "talker");

        Await.until(
                "another process runs",
                Await.GENEROUS,
                () -> launcher.status("talker").starts() == 2);
        assertThat(launcher.status("talker").lastExit()).hasToString("{signal=USR1}");
        assertThat(before.starts()).isOne();
        assertThat(launcher.usher("signal", "TERM", "daemon").exit())
                .as("it is only listening")
                .isEqualTo(1);
        assertThat(launcher.usher("signal", "NOSUCH", "daemon").exit()).isEqualTo(2);
    }

    @Test
    void anEagerDaemonThatIsKilledIsStartedAgain() {
        BundleStatus before = launcher.status("talker");

        ProcessHandle.of(before.pid()).orElseThrow().destroyForcibly();

        BundleStatus after = Await.value(
                "the talker is another process",
                Await.GENEROUS,
                () -> launcher.status("talker"),
                status -> status.state().equals("up") && status.pid() != before.pid());
        assertThat(after.starts()).isEqualTo(2);
        assertThat(after.lastExit()).hasToString("{signal=KILL}");
    }

    @Test
    void keepsWhatADaemonWrites() throws IOException {
        Result all = Await.value(
                "the talker's lines are in its log",
                Await.GENEROUS,
                () -> launcher.usher("logs", "talker"),
                logs -> logs.out().contains("last line"));
        assertThat(all.out()).containsSubsequence("first line", "last line");

        Result last = launcher.usher("logs", "talker", "-n", "1");

        assertThat(last.out().lines()).hasSize(1).first().asString().endsWith("last line");
        assertThat(Files.readString(launcher.logs().resolve("talker/current")).lines())
                .as("a stamp before every line")
                .allMatch(line -> line.matches("@[0-9a-f]{24} .*"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"launcher", "guard"})
    void aBundleOfTheNameOfADiaryHasItsOwnLogWhereverThatIs(String name) throws IOException {
        Files.createDirectories(launcher.logs());
        Files.createFile(launcher.logs().resolve(name));
        launcher.bundle(name).run("#!/bin/sh\necho said\nexec sleep 600");
        launcher.killOutright(); // so that the guard has something to say

        succeeds("start", name);

        Await.until(
                "it is shown",
                Await.GENEROUS,
                () -> launcher.usher("logs", name).out().matches("\\S+ said\n"));
        assertThat(launcher.runDirectory().resolve("log").resolve(name).resolve("current"))
                .content()
                .isNotEmpty()
                .doesNotContain(" said\n");
    }

    /** The talker says nothing more: that {@code head} has gone cannot show when something is written. */
    @Test
    void followsALogNoLongerThanSomebodyReads() {
        String follow = Launcher.builtCommand() + " logs -f talker --run-dir " + launcher.runDirectory();
        Result first = Result.of(launcher.marked(List.of("sh", "-c", follow + " | head -n 1")), Await.GENEROUS);

        assertThat(first.out()).endsWith("first line\n");
        assertThat(first.err()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"TERM, guard", "INT, guard", "TERM, launcher", "INT, launcher"})
    void aSignalEndsItAllInOrder(String signal, String to) throws Exception {
        Client.ask(port, "who");
        List<ProcessHandle> all = launcher.process().descendants().toList();

        new Kernel(to.equals("guard") ? launcher.guardPid() : launcher.launcherPid()).signal(signal);

        assertThat(launcher.process().waitFor(Await.GENEROUS.toSeconds(), TimeUnit.SECONDS))
                .isTrue();
        launcher.awaitEnd(all);
    }
}

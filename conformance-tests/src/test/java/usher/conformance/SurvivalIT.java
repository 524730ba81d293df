package usher.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The launcher is killed outright, and neither client nor daemon notices. */
final class SurvivalIT {
    /** {@code -Dusher.kills=1000} for more. */
    private static final int KILLS = Integer.getInteger("usher.kills", 10);

    /** After how many steps of its work one launcher after the other is killed. */
    private static final String DEATHS = "1\n5\n";

    private static final Duration BACK = Duration.ofSeconds(30);

    private static final String ALONE = Storm.alone(Path.of("lock"));

    @RegisterExtension
    final Launcher launcher = new Launcher();

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A running launcher with one answering daemon; its process's answer, to whom all later answers are compared. */
    private String startWeb(int port) throws IOException {
        launcher.bundle("web").run(ALONE).socket("s", "127.0.0.1:" + port);
        launcher.run();
        return Client.ask(port, "hello");
    }

    private static void kill(long pid) {
        ProcessHandle.of(pid).orElseThrow().destroyForcibly();
    }

    private void declareAll(int running, int lazy, int accepting) {
        launcher.bundle("running").run(ALONE).socket("s", "127.0.0.1:" + running);
        launcher.bundle("running").flag("service/eager");
        launcher.bundle("lazy").run(ALONE).socket("s", "127.0.0.1:" + lazy);
        declareAccepting(accepting);
        launcher.bundle("other").runsIdle();
        launcher.bundle("other").flag("service/down");
    }

    private void declareAccepting(int port) {
        launcher.bundle("accepting")
                .run(Daemons.ONE_LINE)
                .file("sockets/s/listen", "127.0.0.1:" + port)
                .flag("sockets/s/accept");
    }

    @Test
    void nobodyNoticesThatTheLauncherIsKilledAgainAndAgain() throws Exception {
        new Storm(launcher).rage(KILLS);
    }

    @Test
    void nobodyNoticesThatTheLauncherOfAnOrdinaryUserIsKilledAgainAndAgain() throws Exception {
        OrdinaryUser.is(launcher);
        new Storm(launcher).rage(KILLS);
    }

    private interface Asking {
        void run() throws Exception;
    }

    @Test
    void daemonAndStateAreTheSameAfterwards() throws Exception {
        int port = launcher.freePort();
        int accepting = launcher.freePort();
        launcher.bundle("steady").runsIdle();
        declareAccepting(accepting);
        String pid = startWeb(port);
        for (int i = 0; i < 3; i++) {
            Client.ask(accepting, "hello");
        }
        BundleStatus steady = launcher.status("steady");
        Await.until("all are served", BACK, () -> launcher.status("accepting").instances() == 0);
        launcher.killOutright();
        assertThat(Client.ask(port, "hello")).isEqualTo(pid);
        assertThat(launcher.status("steady")).isEqualTo(steady);
        assertThat(launcher.status("accepting").starts()).isEqualTo(3);
        assertThat(launcher.status("web").starts()).isEqualTo(1);
        Client.ask(port, "die");
        launcher.awaitState("web", "listening");
        assertThat(launcher.status("web").lastExit()).isNotNull();
        assertThat(Client.ask(port, "hello")).isNotEqualTo(pid);
    }

    @Test
    void theEndOfAConnectionThatLivedThroughAKillIsLogged() throws Exception {
        int port = launcher.freePort();
        declareAccepting(port);
        launcher.bundle("accepting").flag("sockets/s/log-connections");
        launcher.run();
        try (Socket peer = new Socket(InetAddress.getLoopbackAddress(), port)) {
            awaitLogged("accepting", " connected, process ");
            launcher.killOutright();
            peer.shutdownOutput();
            awaitLogged("accepting", "usher: s: one whom a launcher before this one let in left, process ");
        }
    }

    private void awaitLogged(String bundle, String words) {
        Await.until(
                "the log says: " + words,
                BACK,
                () -> launcher.usher("logs", bundle).out().contains(words));
    }

    @Test
    void whoWaitsForAJobIsToldByTheNextLauncher() throws Exception {
        launcher.bundle("slow").executable("service/start", "#!/bin/sh\nwhile [ ! -e ../go ]; do sleep 0.05; done");
        launcher.bundle("slow").flag("service/down");
        launcher.bundle("steady").runsIdle();
        launcher.run("steady");
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
            Future<Result> start = thread.submit(() -> launcher.usher("start", "slow"));
            launcher.awaitState("slow", "starting");
            launcher.killOutright();
            launcher.bundle("slow").flag("go");
            Result result = start.get(60, TimeUnit.SECONDS);
            assertThat(result.exit()).as("%s", result).isZero();
            assertThat(result.out()).contains("slow");
        } finally {
            thread.shutdownNow();
        }
    }

    @Test
    void whoFollowsALogMissesNothingAndSeesNothingTwice() throws Exception {
        launcher.bundle("counter")
                .run(
                        "#!/bin/sh\nwhile [ ! -e stop ]; do i=$((i+1)); echo line $i; sleep 0.002; done\necho over; exec sleep 600")
                .file("service/log-size", "4096")
                .file("service/log-count", "1000");
        launcher.run();
        Path seen = launcher.directory().resolve("followed.out");
        Process follower = launcher.marked(List.of(
                        Launcher.builtCommand().toString(),
                        "--run-dir",
                        launcher.runDirectory().toString(),
                        "logs",
                        "-f",
                        "counter"))
                .redirectOutput(seen.toFile())
                .start();
        for (int i = 0; i < 5; i++) {
            long before = lines(seen).size();
            Await.until("more is shown", BACK, () -> lines(seen).size() > before);
            launcher.killOutright();
        }
        launcher.bundle("counter").flag("service/stop");
        Await.until("the end is shown", BACK, () -> lines(seen).stream().anyMatch(line -> line.endsWith(" over")));
        follower.destroy();
        List<String> numbers = lines(seen).stream()
                .filter(line -> line.contains(" line "))
                .map(line -> line.substring(line.lastIndexOf(' ') + 1))
                .toList();
        assertThat(numbers)
                .isEqualTo(IntStream.rangeClosed(1, numbers.size())
                        .mapToObj(Integer::toString)
                        .toList());
    }

    @Test
    void whatEndedMeanwhileIsHandled() throws Exception {
        launcher.bundle("steady").run("#!/bin/sh\necho $$ >> pids\nexec sleep 600");
        launcher.run();
        Path pids = launcher.bundles().resolve("steady/service/pids");
        Kernel guard = new Kernel(launcher.guardPid());
        guard.signal("STOP");
        long before = launcher.launcherPid();
        kill(before);
        kill(Long.parseLong(lines(pids).get(0)));
        guard.signal("CONT");
        Await.until(
                "it is started again",
                BACK,
                () -> launcher.launcherPid() != before && lines(pids).size() == 2);
    }

    @Test
    void aKilledGuardIsReplaced() throws Exception {
        int port = launcher.freePort();
        String pid = startWeb(port);
        long guard = launcher.guardPid();
        kill(guard);
        Await.until("another guard is there", BACK, () -> launcher.guardPid() != guard);
        assertThat(Client.ask(port, "hello")).isEqualTo(pid);
        launcher.killOutright();
        assertThat(Client.ask(port, "hello")).isEqualTo(pid);
        assertThat(launcher.usher("shutdown").exit()).isZero();
    }

    /** The control socket stays, as all sockets do, and nobody will answer there; nor is the next launcher to stop. */
    @Test
    void nothingIsAskedOfALauncherThatIsGoneWithItsGuard() throws Exception {
        String pid = startWeb(launcher.freePort());
        launcher.killOutright();
        assertThat(launcher.usher("status").exit()).as("another launcher").isZero();
        kill(launcher.guardPid());
        kill(launcher.launcherPid());
        Await.until("both are gone", BACK, () -> launcher.usher("status").exit() == 5);
        assertThat(launcher.usher("shutdown").exit()).isEqualTo(5);
        launcher.start();
        launcher.awaitState("web", "up");
        assertThat(Long.toString(launcher.status("web").pid())).isEqualTo(pid.strip());
    }

    @Test
    void anUpgradeIsNoticedByNobody() throws Exception {
        int port = launcher.freePort();
        String pid = startWeb(port);
        long before = launcher.launcherPid();
        Result upgrade = launcher.usher("upgrade");
        assertThat(upgrade.exit()).as("%s", upgrade).isZero();
        assertThat(upgrade.out()).contains("upgraded");
        assertThat(launcher.usher("upgrade", "--format", "json").out())
                .matches("\\{\"upgraded\":\".*/usher\",\\s*\"pid\":[0-9]+}\\s*");
        assertThat(launcher.launcherPid()).isEqualTo(before);
        assertThat(Client.ask(port, "hello")).isEqualTo(pid);
        Client.ask(port, "die");
        assertThat(Client.ask(port, "hello")).isNotEqualTo(pid);
    }

    @Test
    void guardAndLauncherKilledAtOnceLoseNoSocketAndNoDaemon() throws Exception {
        int port = launcher.freePort();
        int idle = launcher.freePort();
        launcher.bundle("idle").run(ALONE).socket("s", "127.0.0.1:" + idle);
        String pid = startWeb(port);
        long before = launcher.launcherPid();
        kill(launcher.guardPid());
        kill(before);
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
            Await.until("both are gone", BACK, () -> ProcessHandle.of(before).isEmpty());
            Future<String> waiting = thread.submit(() -> Client.ask(idle, "hello"));
            assertThat(Client.ask(port, "hello")).isEqualTo(pid);
            launcher.run();
            assertThat(waiting.get(30, TimeUnit.SECONDS)).matches("[0-9]+\n");
            assertThat(Client.ask(port, "hello")).isEqualTo(pid);
            assertThat(launcher.status("web").starts()).isEqualTo(1);
        } finally {
            thread.shutdownNow();
        }
    }

    @Test
    void aKillAfterAnySingleEffectChangesNothingOfWhatComesOut() throws Exception {
        Path crashes = launcher.directory().resolve("crashes");
        Files.writeString(crashes, "");
        launcher.environment(Map.of("USHER_JAVA_OPTIONS", "-Dusher.crashes=" + crashes));
        int lazy = launcher.freePort();
        int accepting = launcher.freePort();
        declareAll(launcher.freePort(), lazy, accepting);
        launcher.bundle("rival").runsIdle().flag("service/down").link("conflicts", "other");
        launcher.bundle("graceful")
                .run(Daemons.GRACEFUL)
                .file("service/notification-fd", "4")
                .executable("service/finish", "#!/bin/sh\necho $4 >> groups")
                .socket("s", "127.0.0.1:" + launcher.freePort());
        launcher.run();
        dying(crashes, () -> assertThat(Client.ask(lazy, "die")).matches("[0-9]+\n"));
        launcher.awaitState("lazy", "listening");
        assertThat(launcher.status("lazy").instances()).isZero();
        assertThat(Client.ask(lazy, "hello")).matches("[0-9]+\n");
        assertThat(launcher.status("lazy").instances()).isEqualTo(1);
        dying(crashes, () -> assertThat(Client.ask(accepting, "hello")).matches("[0-9]+ hello\n"));
        dying(crashes, () -> succeeds("start", "--now", "graceful"));
        dying(crashes, () -> succeeds("restart", "graceful"));
        dying(crashes, () -> succeeds("replace", "graceful"));
        dying(crashes, () -> succeeds("start", "other"));
        dying(crashes, () -> succeeds("start", "rival"));
        assertThat(launcher.status("other").state()).isEqualTo("down");
        assertThat(launcher.status("rival").state()).isEqualTo("up");
        dying(crashes, () -> succeeds("stop", "rival", "graceful", "lazy"));
        assertThat(launcher.processes("sleep")).isEmpty();
        // One that was restarted, one that was replaced, one that was stopped.
        assertThat(lines(launcher.bundles().resolve("graceful/service/groups")))
                .hasSizeGreaterThanOrEqualTo(3)
                .allMatch(group -> group.matches("[1-9][0-9]*"));
    }

    private void succeeds(String... words) {
        Result result = launcher.usher(words);
        assertThat(result.exit()).as("%s", result).isZero();
    }

    /** Does it while one launcher after the other is killed after its first effects. */
    private void dying(Path crashes, Asking action) throws Exception {
        Files.writeString(crashes, DEATHS);
        launcher.killOutright();
        action.run();
        Files.writeString(crashes, "");
        assertThat(launcher.usher("status").exit()).isZero();
    }
}

package usher.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Debian's daemontools (svc, svstat, svok) and runit's sv control bundles as if they were their own services. */
final class SuperviseIT {
    @RegisterExtension
    final Launcher launcher = new Launcher();

    private final Path served = launcher.runDirectory().resolve("bundles");

    @BeforeEach
    void run() {
        Needs.command("svc", "daemontools");
        Needs.command("sv", "runit");
        launcher.bundle("daemon").runsIdle();
        launcher.bundle("spare").runsIdle().flag("service/down");
        launcher.bundle("lazy").runsIdle().socket("tcp", "127.0.0.1:" + launcher.freePort());
        launcher.run();
        Await.until("all have their directories", Await.GENEROUS, () -> exit("svok", "spare") == 0);
    }

    private Result call(String tool, String... words) {
        List<String> command = new java.util.ArrayList<>(List.of(tool));
        for (String word : words) {
            command.add(word.startsWith("-") || tool.equals("sv") && command.size() == 1 ? word : served + "/" + word);
        }
        return Result.of(launcher.marked(command), Await.GENEROUS);
    }

    private int exit(String tool, String... words) {
        return call(tool, words).exit();
    }

    private void awaitStat(String bundle, String expected) {
        Await.value(
                "svstat says so",
                Await.GENEROUS,
                () -> call("svstat", bundle).out(),
                said -> said.matches(".*/" + bundle + ": " + expected + "\n"));
    }

    @Test
    void svstatTellsWhatRunsAndWhatWaits() {
        long pid = launcher.status("daemon").pid();

        assertThat(call("svstat", "daemon", "spare", "lazy").out())
                .matches("[^\n]*/daemon: up \\(pid " + pid + "\\) [0-9]+ seconds\n"
                        + "[^\n]*/spare: down [0-9]+ seconds\n"
                        + "[^\n]*/lazy: down [0-9]+ seconds, normally up\n");
    }

    @Test
    void svcStartsStopsSignalsAndPauses() {
        exit("svc", "-d", "daemon");
        awaitStat("daemon", "down [0-9]+ seconds, normally up");
        exit("svc", "-u", "daemon");
        awaitStat("daemon", "up \\(pid [0-9]+\\) [0-9]+ seconds");
        exit("svc", "-p", "daemon");
        awaitStat("daemon", "up .* seconds, paused");
        // The signal is sent by then; a process on another processor stops at its next interruption.
        Await.until(
                "it is stopped",
                Await.GENEROUS,
                () -> launcher.processes("sleep").get(0).status("State").startsWith("T"));
        exit("svc", "-c", "daemon");
        awaitStat("daemon", "up \\(pid [0-9]+\\) [0-9]+ seconds");
        int starts = launcher.status("daemon").starts();
        exit("svc", "-t", "daemon");
        Await.until(
                "it is started again",
                Await.GENEROUS,
                () -> launcher.status("daemon").starts() == starts + 1);
    }

    @Test
    void aBundleStartedOnceIsDownWhenItExits() {
        exit("svc", "-o", "spare");
        awaitStat("spare", "up \\(pid [0-9]+\\) [0-9]+ seconds, normally down");

        exit("svc", "-k", "spare");

        awaitStat("spare", "down [0-9]+ seconds");
        assertThat(launcher.status("spare").state()).isEqualTo("down");
        assertThat(launcher.status("spare").starts()).isEqualTo(1);
    }

    @Test
    void svWaitsForWhatItAsksFor() {
        assertThat(call("sv", "start", "lazy").out()).startsWith("ok: run: ");
        assertThat(launcher.status("lazy").state()).isEqualTo("up");
        long pid = launcher.status("daemon").pid();
        assertThat(call("sv", "restart", "daemon").out()).startsWith("ok: run: ");
        // It may have taken the one that was up for the one that it waits for: both have been up for 0 seconds.
        Await.value(
                "another one runs",
                Await.GENEROUS,
                () -> launcher.status("daemon").pid(),
                now -> now > 0 && now != pid);
        assertThat(call("sv", "stop", "daemon").out()).startsWith("ok: down: ");
        assertThat(call("sv", "status", "daemon").out()).matches("down: .*/daemon: [0-9]+s, normally up\n");
        assertThat(launcher.status("daemon").state()).isEqualTo("down");
    }

    @Test
    void aOneShotHasAStampOfItsOwn() throws IOException {
        Path status = served.resolve("once/supervise/status");
        launcher.bundle("once")
                .executable("service/start", "#!/bin/sh\nexit 0")
                .executable("service/stop", "#!/bin/sh\nexit 0");
        assertThat(launcher.usher("start", "once").exit()).isZero();
        assertThat(call("sv", "status", "once").out()).matches("run: .*/once: \\(pid 0\\) [0-9]+s.*\n");
        String up = stamp(status);

        exit("svc", "-d", "once");
        launcher.awaitState("once", "down");
        String down = stamp(status);
        exit("svc", "-u", "once");
        launcher.awaitState("once", "up");

        assertThat(down).isGreaterThan(up);
        assertThat(stamp(status)).isGreaterThan(down);
    }

    /** As hexadecimal digits, of which later ones come later. */
    private static String stamp(Path status) throws IOException {
        return HexFormat.of().formatHex(Files.readAllBytes(status), 0, 12);
    }

    @Test
    void svRestartsALazyDaemonWithoutClosingItsSocket() {
        exit("sv", "start", "lazy");

        assertThat(call("sv", "restart", "lazy").out()).startsWith("ok: run: ");

        // sv has waited, or has taken the one that was up for it, as above.
        Await.until(
                "another one runs",
                Await.GENEROUS,
                () -> launcher.status("lazy").starts() == 2);
        assertThat(launcher.awaitState("lazy", "up").starts()).isEqualTo(2);
    }

    @Test
    void whatWasToldToExitIsSupervisedNoMoreUntilItIsAskedFor() {
        assertThat(call("sv", "shutdown", "daemon").out()).startsWith("ok: ");
        assertThat(exit("svok", "daemon")).isEqualTo(100);
        assertThat(exit("svok", "spare")).isZero();

        assertThat(launcher.usher("start", "daemon").exit()).isZero();

        assertThat(exit("svok", "daemon")).isZero();
        awaitStat("daemon", "up \\(pid [0-9]+\\) [0-9]+ seconds");
    }

    @Test
    void afterAKillThoseThatAreDownAreSupervisedAsBefore() {
        assertThat(call("sv", "shutdown", "lazy").out()).startsWith("ok: ");
        exit("svc", "-d", "daemon");
        awaitStat("daemon", "down [0-9]+ seconds, normally up");

        launcher.killOutright();

        exit("svc", "-u", "daemon");
        launcher.awaitState("daemon", "up");
        assertThat(exit("svok", "lazy")).isEqualTo(100);
    }

    @Test
    void whatIsAskedForWhileThereIsNoLauncherIsDoneByTheNextOne() {
        Kernel guard = new Kernel(launcher.guardPid());
        guard.signal("STOP");
        new Kernel(launcher.launcherPid()).kill();
        assertThat(exit("svc", "-d", "daemon")).isZero();
        assertThat(exit("svc", "-u", "spare")).isZero();
        guard.signal("CONT");

        awaitStat("daemon", "down [0-9]+ seconds, normally up");
        awaitStat("spare", "up \\(pid [0-9]+\\) [0-9]+ seconds, normally down");
    }

    @Test
    void isForTheLaunchersUserAloneAndGoneAfterwards() throws IOException, InterruptedException {
        Path supervise = served.resolve("daemon/supervise");
        assertThat(mode(supervise)).isEqualTo("rwx------");
        assertThat(mode(supervise.resolve("control"))).isEqualTo("rw-------");
        assertThat(mode(supervise.resolve("ok"))).isEqualTo("rw-------");
        assertThat(Files.size(supervise.resolve("status"))).isEqualTo(20);

        launcher.shutdown();

        assertThat(served).doesNotExist();
        assertThat(launcher.standardError()).isEmpty();
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}

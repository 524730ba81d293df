package usher.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Daemons that do not go by themselves, or not alone: with control groups, and with sessions where there are none. */
final class ContainmentIT {
    /** How long timeout-kill is in these tests, and how much longer a stop may take on a slow machine. */
    private static final String KILL = "500ms";

    private static final Duration AT_MOST = Duration.ofSeconds(10);

    /** Forks as long as it may, pauses when it may not, and gives up by itself, should nobody stop it. */
    private static final String BOMB = """
            #!/usr/bin/perl
            $SIG{TERM} = 'IGNORE';
            my $end = time + 40;
            while (time < $end) { defined fork or select undef, undef, undef, 0.05 }
            """;

    @RegisterExtension
    final Launcher launcher = new Launcher();

    enum Held {
        GROUP("control group"),
        SESSION("session");

        private final String name;

        Held(String name) {
            this.name = name;
        }

        void applyTo(Launcher launcher) {
            if (this == GROUP) {
                Cgroup2.assumeWritable();
            } else if (Scenario.isRoot()) {
                launcher.startThrough("unshare", "--mount", "sh", "-c", "umount -a -t cgroup2 && exec \"$@\"", "sh");
            }
        }
    }

    private Bundle daemon(Held held, String script) {
        held.applyTo(launcher);
        return launcher.bundle("daemon").run(script).file("service/timeout-kill", KILL);
    }

    /** Runs it, has it stopped, and finds nothing of it left as soon as the stop is answered. */
    private void stopsWhole(Held held, String program, int least) {
        launcher.run();
        assertThat(launcher.usher("status", "--format", "json").out())
                .contains("\"containment\":\"" + held.name + "\"");
        assertThat(launcher.usher("status").out()).contains("held by " + held.name);
        Await.until(
                "all " + least + " of " + program + " run",
                Await.GENEROUS,
                () -> launcher.processes(program).size() >= least);

        long begun = System.nanoTime();
        Result stop = launcher.usher("stop", "daemon");
        Duration took = Duration.ofNanos(System.nanoTime() - begun);

        assertThat(stop.exit()).as("%s", stop).isZero();
        assertThat(launcher.processes(program)).isEmpty();
        assertThat(took).isLessThan(AT_MOST);
        assertThat(launcher.status("daemon").state()).isEqualTo("down");
    }

    @ParameterizedTest
    @EnumSource
    void stopsOneThatForksTwiceAndLeavesItsSession(Held held) {
        daemon(held, "#!/bin/sh\n(setsid sh -c 'sleep 600 & exec sleep 601' &)\n(setsid sleep 602 &)\nexec sleep 603");
        stopsWhole(held, "sleep", 4);
    }

    @ParameterizedTest
    @EnumSource
    void stopsOneThatIgnoresTerm(Held held) {
        daemon(held, "#!/bin/sh\ntrap '' TERM\nsetsid sleep 600 &\nwhile :; do sleep 601; done");
        stopsWhole(held, "sleep", 2);
    }

    @ParameterizedTest
    @EnumSource
    void stopsOneWhoseChildrenHoldTheLogPipe(Held held) {
        daemon(
                held,
                "#!/bin/sh\n(trap '' TERM PIPE; while echo still here; do sleep 0.1; done) &\n(setsid sleep 600 &)\nexec sleep 601");
        stopsWhole(held, "sleep", 2);
    }

    /** Limited as well as can be here: by pids.max if that controller is one of version 2's, else by the user's. */
    @ParameterizedTest
    @EnumSource
    void stopsAForkBomb(Held held) {
        Bundle bomb = daemon(held, BOMB);
        if (held == Held.GROUP && Cgroup2.has("pids")) {
            bomb.file("cgroup/pids.max", "60");
        } else {
            assumeTrue(Scenario.isRoot(), "needs root, so that the bomb is a user of its own");
            bomb.file("service/user", "64321").file("service/group", "64321").file("service/limits/nproc", "60");
        }
        stopsWhole(held, "run", 50);
    }

    @ParameterizedTest
    @EnumSource
    void leavesNothingOfADaemonThatDiesToTheNextAndNothingElseAlone(Held held) {
        daemon(held, "#!/bin/sh\n(setsid sleep 600 &)\nsetsid sleep 601 &\nexec tail -f /dev/null");
        launcher.bundle("other").run("#!/bin/sh\n(setsid perl -e 'sleep 600' &)\nexec perl -e 'sleep 601'");
        launcher.run();
        Await.until(
                "both run",
                Await.GENEROUS,
                () -> launcher.processes("sleep").size() == 2
                        && launcher.processes("perl").size() == 2);
        List<Kernel> others = launcher.processes("perl");
        List<Kernel> before = launcher.processes("sleep");

        launcher.processes("tail").forEach(Kernel::kill);

        Await.until(
                "another one runs",
                Await.GENEROUS,
                () -> launcher.status("daemon").starts() == 2);
        Await.until(
                "it has its children",
                Await.GENEROUS,
                () -> launcher.processes("sleep").size() == 2);
        assertThat(launcher.processes("sleep")).doesNotContainAnyElementsOf(before);
        assertThat(launcher.processes("perl")).isEqualTo(others);
    }

    @ParameterizedTest
    @EnumSource
    void waitsForOrphansThatHaveEnded(Held held) throws IOException {
        daemon(held, "#!/bin/sh\n(setsid sh -c 'sleep 0.1' &)\nexec sleep 600");
        launcher.run();
        Await.until(
                "the orphan has ended",
                Await.GENEROUS,
                () -> launcher.processes("sleep").size() == 1);
        launcher.processes("sleep").forEach(Kernel::kill);
        launcher.awaitState("daemon", "up");

        long pid = Long.parseLong(Files.readString(launcher.runDirectory().resolve("launcher.pid"))
                .strip());
        Await.until("no zombie is left", Await.GENEROUS, () -> zombiesOf(pid) == 0);
    }

    /** In a session of its own, an orphan soon, and ignoring TERM. */
    @ParameterizedTest
    @EnumSource
    void followsTheMainProcessThatADaemonHasNamedWhereverItIs(Held held) {
        daemon(held, """
                #!/usr/bin/perl
                use POSIX;
                use Socket;
                exec 'tail', '-f', '/dev/null' if fork;
                setsid;
                (my $name = $ENV{NOTIFY_SOCKET}) =~ s/^@/\\0/;
                socket(my $notify, PF_UNIX, SOCK_DGRAM, 0) or die;
                send($notify, "MAINPID=$$\\nREADY=1", 0, pack('S', AF_UNIX) . $name) or die;
                $SIG{TERM} = 'IGNORE';
                exec 'sleep', '600';
                """).flag("service/sd-notify");
        launcher.run();
        Kernel main = launcher.processes("sleep").get(0);
        assertThat(launcher.status("daemon")).returns("up", BundleStatus::state).returns(main.pid(), BundleStatus::pid);

        launcher.processes("tail").forEach(Kernel::kill);
        launcher.killOutright();

        assertThat(launcher.status("daemon"))
                .returns("up", BundleStatus::state)
                .returns(main.pid(), BundleStatus::pid)
                .returns(1, BundleStatus::starts);
        assertThat(launcher.usher("stop", "daemon").exit()).isZero();
        assertThat(launcher.processes("sleep")).isEmpty();
    }

    private static long zombiesOf(long parent) {
        return ProcessHandle.of(parent)
                .orElseThrow()
                .children()
                .filter(child -> {
                    try {
                        return Files.readString(Path.of("/proc/" + child.pid() + "/stat"))
                                .contains(") Z ");
                    } catch (IOException gone) {
                        return false;
                    }
                })
                .count();
    }
}

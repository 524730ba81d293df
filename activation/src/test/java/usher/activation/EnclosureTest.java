package usher.activation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import usher.activation.posix.Descriptors;
import usher.activation.posix.Processes;

/** What holds a process's descendants. Each of them has the write end of a pipe, so its end of file is their death. */
class EnclosureTest {
    /** A child in its session, one that has left it, an orphan, and an orphan that has left it, too. */
    private static final String FAMILY =
            "sleep 60 & setsid sleep 61 & (sleep 62 &) ; (setsid sh -c 'sleep 63 & exec sleep 64' &) ; echo; ";

    private final Spawner spawner = new Spawner(OriginalLimits.capture());
    private final EventLoop loop = new EventLoop();

    @AfterEach
    void close() {
        Children.reapOrphans();
        spawner.close();
        loop.close();
    }

    @Test
    void aSessionHoldsOrphansToo() {
        Children.takeInOrphans();
        killsAll(new SessionEnclosure("one"), "wait");
    }

    @Test
    void aSessionHoldsOrphansWhenItsLeaderHasEnded() {
        Children.takeInOrphans();
        killsAll(new SessionEnclosure("one"), "exit 0");
    }

    @Test
    void aSessionLeavesThoseOfAnotherAlone() {
        Children.takeInOrphans();
        try (Enclosure one = new SessionEnclosure("one");
                Enclosure other = new SessionEnclosure("other");
                Pipe pipe = Pipe.open()) {
            Child first = start(one, "exec sleep 60", pipe);
            Child second = start(other, "(setsid sleep 61 &) ; echo; exec sleep 62", pipe);
            awaitLine(pipe);

            one.kill();

            assertThat(Running.await(first)).isEqualTo(ExitStatus.signal(9));
            assertThat(second.reap()).isEmpty();
            pipe.writeEnd().close();
            assertThat(pipe.read(new byte[1])).as("somebody of the other lives").isEqualTo(-1);
            other.kill();
            assertThat(Running.drain(pipe)).isEmpty();
            assertThat(Running.await(second)).isEqualTo(ExitStatus.signal(9));
        }
    }

    @Test
    void aGroupHoldsAllThatIsStarted() {
        try (OwnGroup own = OwnGroup.make()) {
            for (int round = 0; round < 10; round++) {
                killsAll(own.enclosure(round, false), "wait");
            }
        }
    }

    @Test
    void aGroupIsJoinedBeforeAnythingRuns() {
        try (OwnGroup own = OwnGroup.make()) {
            killsAll(own.enclosure(1, true), "grep -q /bundle.web/1$ /proc/$$/cgroup && exit 0; exit 1");
            killsAll(own.enclosure(2, false), "grep -q /bundle.web/2$ /proc/$$/cgroup && exit 0; exit 1");
        }
    }

    @Test
    void aFrozenGroupHoldsNobodyUpWhoStartsSomethingThere() {
        try (OwnGroup own = OwnGroup.make();
                Enclosure enclosure = own.enclosure(1, false);
                Pipe pipe = Pipe.open()) {
            own.group.makeWithParent();
            own.parent().write("cgroup.freeze", "1");

            Child child = start(enclosure, "echo", pipe);
            pipe.writeEnd().close();

            assertThat(Descriptors.poll(child.pidfd().number(), Descriptors.POLLIN, 50))
                    .as("it stands still")
                    .isZero();
            own.parent().write("cgroup.freeze", "0");
            assertThat(Running.drain(pipe)).isEqualTo("\n");
            assertThat(Running.await(child)).isEqualTo(ExitStatus.exit(0));
        }
    }

    @Test
    void aGroupCanBeKilledWithoutTheFileForIt() {
        try (OwnGroup own = OwnGroup.make();
                Pipe pipe = Pipe.open()) {
            Child child = start(own.enclosure(1, true), FAMILY + "wait", pipe);
            pipe.writeEnd().close();
            awaitLine(pipe);

            own.group.killEach();

            assertThat(Running.await(child)).isEqualTo(ExitStatus.signal(9));
            assertThat(Running.drain(pipe)).isEmpty();
            assertThat(own.group.awaitEmpty(java.time.Duration.ofSeconds(5))).isTrue();
        }
    }

    private void killsAll(Enclosure enclosure, String end) {
        try (enclosure;
                Pipe pipe = Pipe.open()) {
            Child child = start(enclosure, FAMILY + end, pipe);
            pipe.writeEnd().close();
            awaitLine(pipe);
            if (end.contains("exit 0")) {
                Descriptors.poll(child.pidfd().number(), Descriptors.POLLIN, 20_000);
            }

            enclosure.kill();

            ExitStatus expected = end.contains("exit 0") ? ExitStatus.exit(0) : ExitStatus.signal(9);
            assertThat(Running.await(child)).isEqualTo(expected);
            boolean[] empty = new boolean[1];
            enclosure.whenEmpty(loop, all -> empty[0] = all);
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(Running.DEADLINE_SECONDS);
            while (!empty[0] && System.nanoTime() < deadline) {
                loop.runOnce(1_000);
            }
            assertThat(empty[0]).isTrue();
            assertThat(Running.drain(pipe)).isEmpty();
        }
    }

    private Child start(Enclosure enclosure, String script, Pipe output) {
        Launch launch = Running.launch(List.of("/bin/sh", "-c", script), Map.of(1, output.writeEnd()));
        Child child = Running.start(spawner, enclosure.admit(launch));
        enclosure.isLedBy(child);
        return child;
    }

    private static void awaitLine(Pipe pipe) {
        byte[] line = new byte[1];
        Descriptors.poll(pipe.readEnd().number(), Descriptors.POLLIN, 20_000);
        assertThat(pipe.read(line)).isEqualTo(1);
        assertThat(new String(line, UTF_8)).isEqualTo("\n");
    }

    /** Groups of this test's own; skipped where none can be made. */
    private record OwnGroup(ControlGroup top, ControlGroup group) implements AutoCloseable {
        static OwnGroup make() {
            Children.takeInOrphans();
            Optional<String> own = CgroupMount.ownGroup();
            assumeTrue(own.isPresent(), "no version-2 control groups are mounted");
            ControlGroup top = new ControlGroup(own.orElseThrow()).below("usher-test-" + Processes.pid());
            int made = top.make();
            assumeTrue(made == 0 || Processes.effectiveUser() == 0, "no control group can be made here");
            assertThat(made).isZero();
            return new OwnGroup(top, top.below("bundle.web").below("1"));
        }

        ControlGroup parent() {
            return top.below("bundle.web");
        }

        Enclosure enclosure(int number, boolean limited) {
            ControlGroup one = parent().below(Integer.toString(number));
            return new GroupEnclosure(number + "", "", one, limited);
        }

        @Override
        public void close() {
            assertThat(top.remove()).isZero();
        }
    }
}

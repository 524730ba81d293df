package usher.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The run directory is full, or vanishes, or it and the log directory are all that can be written. */
final class RunDirectoryIT {
    /** So many changes fill the room that the record had when there was none left. */
    private static final int MANY = 1000;

    @RegisterExtension
    final Launcher launcher = new Launcher();

    private final int port = launcher.freePort();

    @BeforeEach
    void declare() {
        launcher.bundle("web")
                .run(Storm.alone(launcher.directory().resolve("lock")))
                .socket("s", "127.0.0.1:" + port);
        launcher.bundle("idle").runsIdle();
    }

    private static Path seenBy(Process process, Path path) {
        return Path.of("/proc", Long.toString(process.pid()), "root")
                .resolve(Path.of("/").relativize(path));
    }

    private static void fill(Path file) {
        byte[] some = new byte[4096];
        try (OutputStream out = Files.newOutputStream(file)) {
            for (int i = 0; i < MANY; i++) {
                out.write(some);
            }
        } catch (IOException full) {
            return;
        }
        throw new AssertionError(file + ": there is room for more than was thought");
    }

    @Test
    void afterAKillAFullOneGivesTheLastStateThatItHadRoomFor() throws IOException {
        assumeTrue(Scenario.isRoot(), "needs root, to mount");
        Path run = Files.createDirectory(launcher.runDirectory());
        launcher.startThrough(
                "unshare",
                "--mount",
                "sh",
                "-c",
                "mount -t tmpfs -o size=900k,mode=755 none " + run + " && exec \"$@\"",
                "sh");
        launcher.start();
        Path seen = seenBy(launcher.process(), run);
        launcher.startThrough(
                "nsenter",
                "--mount",
                "--target",
                Long.toString(launcher.process().pid()),
                "--");
        Control control = new Control(seen.resolve("control"));
        Await.until(
                "it is up",
                Await.GENEROUS,
                () -> control.status().of("idle").state().equals("up"));

        Path filler = seen.resolve("filler");
        fill(filler);
        String pid = Client.ask(port, "hello");
        Launcher.killOutright(seen);
        assertThat(Client.ask(port, "hello")).isEqualTo(pid);

        fill(filler);
        for (int change = 0; !complains(); change++) {
            assertThat(change).isLessThan(MANY);
            control.ask("restart", List.of(), "idle");
        }
        assertThat(Client.ask(port, "hello")).isEqualTo(pid);
        Files.delete(filler);
        control.ask("restart", List.of(), "idle");
        long idle = control.status().of("idle").pid();
        Launcher.killOutright(seen);
        assertThat(Client.ask(port, "hello")).isEqualTo(pid);
        assertThat(control.status().of("idle").pid()).isEqualTo(idle);
        assertThat(launcher.processes("sleep")).extracting(Kernel::pid).containsExactly(idle);
    }

    private boolean complains() {
        return launcher.standardError().contains("what the next launcher is to know cannot be written down");
    }

    @Test
    void oneThatVanishesIsMissedByCommandsOnlyAndIsMadeAnewAfterAKill() throws Exception {
        launcher.bundle("idle").flag("service/down");
        launcher.run();
        long before = launcher.launcherPid();
        vanish();

        assertThat(launcher.usher("status").exit()).isEqualTo(5);
        String pid = Client.ask(port, "die");
        assertThat(pid).matches("[0-9]+\n");
        assertThat(Client.ask(port, "die")).matches("[0-9]+\n").isNotEqualTo(pid);

        new Kernel(before).kill();
        launcher.awaitSettled();
        assertThat(launcher.status("web").starts()).isZero();
        assertThat(Client.ask(port, "hello")).matches("[0-9]+\n");
    }

    /** All at once: the launcher may be writing there. */
    private void vanish() throws IOException {
        Files.move(launcher.runDirectory(), launcher.directory().resolve("vanished"));
    }

    @Test
    void withoutOneTermEndsEverythingInOrder() throws Exception {
        launcher.run();
        List<ProcessHandle> all = launcher.process().descendants().toList();
        vanish();
        launcher.process().destroy();
        launcher.awaitEnd(all);
    }

    @Test
    void nothingElseIsEverWritten() throws IOException {
        assumeTrue(Scenario.isRoot(), "needs root, to mount");
        Path own = launcher.directory();
        launcher.startThrough(
                "unshare",
                "--mount",
                "sh",
                "-c",
                "mount --bind " + own + " " + own + " && mount -o remount,bind,ro / && ! touch /tmp/of-usher 2>&1"
                        + " && exec \"$@\"",
                "sh");
        launcher.start();
        launcher.startThrough();
        launcher.awaitSettled();
        String pid = Client.ask(port, "hello");
        launcher.killOutright();
        assertThat(Client.ask(port, "hello")).isEqualTo(pid);
        assertThat(launcher.usher("restart", "web").exit()).isZero();
        assertThat(Client.ask(port, "hello")).isNotEqualTo(pid);
    }
}

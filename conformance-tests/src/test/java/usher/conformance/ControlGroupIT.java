package usher.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The groups themselves: where they are, what cgroup/ does, and that none is left. */
final class ControlGroupIT {
    /** Writes what its bundle's group allows at the moment at which it runs. */
    private static final String LOOKING = """
            #!/bin/sh
            group=$(sed -n 's/^0:://p' /proc/self/cgroup)
            cat %1$s"${group%%/*}"/cgroup.max.descendants >%2$s/told
            echo "$group" >>%2$s/told
            """;

    @RegisterExtension
    final Launcher launcher = new Launcher();

    @Test
    void knobsHoldBeforeTheDaemonRuns() throws Exception {
        Cgroup2.assumeWritable();
        String looking = LOOKING.formatted(Cgroup2.mount().orElseThrow(), launcher.directory());
        launcher.bundle("web").run(looking + "exec sleep 600").file("cgroup/cgroup.max.descendants", "17");
        launcher.run();

        List<String> told =
                Await.value("it has looked", Await.GENEROUS, () -> lines("told"), lines -> lines.size() == 2);
        assertThat(told.get(0)).isEqualTo("17");
        assertThat(told.get(1)).endsWith("-run/bundle.web/1");

        Path group = Cgroup2.mount().orElseThrow().resolve(told.get(1).substring(1));
        assertThat(group).isDirectory();
        launcher.shutdown();
        assertThat(group.resolve("../..").normalize()).doesNotExist();
    }

    @Test
    void aKnobThatCannotBeWrittenFailsTheStart() {
        Cgroup2.assumeWritable();
        launcher.bundle("web")
                .runsIdle()
                .file("cgroup/cgroup.freeze", "perhaps")
                .flag("service/down");
        launcher.bundle("none").runsIdle().file("cgroup/nothing.max", "1").flag("service/down");
        launcher.bundle("good").runsIdle();
        launcher.run();

        Result web = launcher.usher("start", "web");
        assertThat(web.exit()).isEqualTo(1);
        assertThat(web.err()).contains("cgroup/cgroup.freeze: holds \"perhaps\": could not write ", "(EINVAL)");
        Result none = launcher.usher("start", "none");
        assertThat(none.exit()).isEqualTo(1);
        assertThat(none.err()).contains("cgroup/nothing.max: holds \"1\": ", "no controller \"nothing\" to hand on");
        assertThat(launcher.processes("sleep")).hasSize(1);
    }

    @Test
    void aProcessOfAConnectionIsInTheGroupIfThereIsCgroup() throws IOException {
        Cgroup2.assumeWritable();
        int limited = launcher.freePort();
        int plain = launcher.freePort();
        String run = "#!/bin/sh\nsed -n 's/^0:://p' /proc/self/cgroup";
        launcher.bundle("limited")
                .run(run)
                .file("sockets/tcp/listen", "127.0.0.1:" + limited)
                .flag("sockets/tcp/accept")
                .file("cgroup/cgroup.max.depth", "2");
        launcher.bundle("plain")
                .run(run)
                .file("sockets/tcp/listen", "127.0.0.1:" + plain)
                .flag("sockets/tcp/accept");
        launcher.run();

        assertThat(Client.hear(limited)).endsWith("/bundle.limited/connections\n");
        assertThat(Client.hear(plain)).endsWith("-run/launcher\n");
    }

    /** As a session of systemd's gives a user a group to do with as they like. */
    @Test
    void anOrdinaryUserHasGroupsInsideADelegatedSubtree() throws Exception {
        Cgroup2.assumeWritable();
        OrdinaryUser.is(launcher);
        Path delegated = Files.createDirectory(
                Cgroup2.own().resolve("delegated-" + ProcessHandle.current().pid()));
        try {
            for (String file : List.of("", "cgroup.procs", "cgroup.subtree_control", "cgroup.threads")) {
                Files.setAttribute(delegated.resolve(file), "unix:uid", nobody());
            }
            launcher.startThrough(
                    "sh",
                    "-c",
                    "echo 0 >" + delegated
                            + "/cgroup.procs && exec setpriv --reuid=nobody --regid=nogroup --clear-groups \"$@\"",
                    "sh");
            launcher.bundle("web").run("#!/bin/sh\n(setsid sleep 600 &)\nexec sleep 601");
            launcher.run();

            String status = launcher.usher("status").out();
            assertThat(status).contains("held by control groups below " + delegated + "/usher-");
            assertThat(Cgroup2.of(Long.toString(launcher.status("web").pid()))).endsWith("/bundle.web/1");
            launcher.shutdown();
            assertThat(Cgroup2.below(delegated)).isEmpty();
        } finally {
            Files.delete(delegated);
        }
    }

    /** As when the run directory was lost: what nobody knows of any more is not left running beside its successor. */
    @Test
    void leftoversOfALauncherWhoseRecordIsLostAreGoneOnceAnotherRuns() throws Exception {
        Cgroup2.assumeWritable();
        launcher.bundle("web").run("#!/bin/sh\n(setsid sleep 600 &)\nexec tail -f /dev/null");
        launcher.run();
        Await.until(
                "it has a child",
                Await.GENEROUS,
                () -> launcher.processes("sleep").size() == 1);
        List<Kernel> before = launcher.processes("sleep");
        ProcessHandle itself = ProcessHandle.of(launcher.launcherPid()).orElseThrow();
        List<ProcessHandle> holders = itself.children()
                .filter(child -> child.info().command().orElse("").endsWith("/java"))
                .toList();
        launcher.process().destroyForcibly().waitFor(20, TimeUnit.SECONDS);
        itself.destroyForcibly();
        holders.forEach(ProcessHandle::destroyForcibly);
        Await.until("all are gone", Await.GENEROUS, () -> !itself.isAlive());
        Files.delete(launcher.runDirectory().resolve("state"));

        launcher.run();

        Await.until(
                "it has a child",
                Await.GENEROUS,
                () -> launcher.processes("sleep").size() == 1);
        assertThat(launcher.processes("sleep")).doesNotContainAnyElementsOf(before);
        assertThat(launcher.processes("tail")).hasSize(1);
    }

    private List<String> lines(String file) {
        try {
            Path path = launcher.directory().resolve(file);
            return Files.exists(path) ? Files.readAllLines(path) : List.of();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static int nobody() throws IOException {
        return Files.readAllLines(Path.of("/etc/passwd")).stream()
                .filter(line -> line.startsWith("nobody:"))
                .map(line -> Integer.valueOf(line.split(":", -1)[2]))
                .findFirst()
                .orElseThrow();
    }
}

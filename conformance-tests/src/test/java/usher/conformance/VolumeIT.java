package usher.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Bundles on volumes: ones that another bundle mounts, and ones that nobody can write to. */
final class VolumeIT {
    @RegisterExtension
    final Launcher launcher = new Launcher();

    private Path volume;

    /** Mounts are made where nobody but the launcher and what it starts sees them. */
    @BeforeEach
    void inANamespaceOfItsOwn() throws IOException {
        assumeTrue(Scenario.isRoot(), "needs root, to mount");
        launcher.startThrough("unshare", "--mount");
        volume = Files.createDirectory(launcher.directory().resolve("volume"));
    }

    @Test
    void aBundleWaitsForTheVolumeThatItWorksOn() throws IOException {
        Path told = launcher.directory().resolve("told");
        launcher.bundle("mounting")
                .executable(
                        "service/start", "#!/bin/sh\nmount -t tmpfs none " + volume + " && mkdir " + volume + "/data")
                .executable("service/stop", "#!/bin/sh\nexec umount " + volume)
                .file("service/mount", volume.toString());
        launcher.bundle("app")
                .run("#!/bin/sh\npwd >" + told + "\nexec sleep 600")
                .file("service/directory", volume + "/data");
        launcher.run("app");

        assertThat(launcher.status("mounting").state()).isEqualTo("up");
        Await.until(
                "it has told",
                Await.GENEROUS,
                () -> Files.exists(told) && told.toFile().length() > 0);
        assertThat(told).hasContent(volume + "/data\n");
        Result stop = launcher.usher("stop", "mounting");
        assertThat(stop.exit()).as("%s", stop).isZero();
        assertThat(launcher.status("app").state()).isEqualTo("down");
    }

    /** Declares a bundle that mounts the volume once that file is there. */
    private Path mountsBehindAGate() {
        Path gate = launcher.directory().resolve("gate");
        launcher.bundle("mounting")
                .executable(
                        "service/start",
                        "#!/bin/sh\nwhile [ ! -e " + gate + " ]; do sleep 0.05; done\nmount -t tmpfs none " + volume)
                .executable("service/stop", "#!/bin/sh\nexec umount " + volume)
                .file("service/mount", volume.toString());
        return gate;
    }

    @Test
    void aSocketIsOpenedOnTheVolumeAndNotBelowIt() throws Exception {
        Path gate = mountsBehindAGate();
        for (String name : List.of("lazy", "eager")) {
            launcher.bundle(name)
                    .run(Daemons.ANSWERING)
                    .socket("s", volume.resolve(name).toString());
        }
        launcher.bundle("eager").flag("service/eager");
        launcher.start();
        launcher.awaitState("mounting", "starting");
        assertThat(launcher.status("lazy").state()).isEqualTo("waiting");
        assertThat(launcher.status("eager").state()).isEqualTo("waiting");

        Files.createFile(gate);
        launcher.awaitState("lazy", "listening");
        launcher.awaitState("eager", "up");

        assertThat(volume).as("what lies below the volume").isEmptyDirectory();
        Result stop = launcher.usher("stop", "mounting");
        assertThat(stop.exit()).as("%s", stop).isZero();
        assertThat(launcher.status("lazy").state()).isEqualTo("down");
    }

    /** And nothing is started before all of them are open. */
    @Test
    void whatOfItsSocketsLiesElsewhereIsOpenBeforeTheVolumeIsThere() throws Exception {
        Path gate = mountsBehindAGate();
        int port = launcher.freePort();
        launcher.bundle("web")
                .run(Daemons.ANSWERING)
                .socket("a", "127.0.0.1:" + port)
                .socket("b", volume.resolve("b").toString());
        launcher.start();
        launcher.awaitState("mounting", "starting");
        launcher.awaitState("web", "waiting");
        try (Socket early = Client.connect(port)) {
            early.getOutputStream().write("who\n".getBytes(StandardCharsets.US_ASCII));
            launcher.killOutright();
            launcher.awaitState("web", "waiting");

            Files.createFile(gate);

            String answer = new String(early.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            assertThat(answer).isEqualTo(launcher.status("web").pid() + "\n");
        }
        assertThat(launcher.status("web").state()).isEqualTo("up");
        assertThat(volume).as("what lies below the volume").isEmptyDirectory();
    }

    /** Of the one that is wanted and the one that is required nothing is known before they can be seen. */
    @Test
    void whoLiesOnTheVolumeIsStartedOnceItIsThere() throws IOException {
        Path started = launcher.directory().resolve("started");
        Path stock = launcher.directory().resolve("stock");
        for (String name : List.of("required", "wanted")) {
            new Bundle(stock.resolve(name))
                    .run("#!/bin/sh\necho " + name + " >>" + started + "\necho >&3\nexec sleep 600")
                    .file("service/notification-fd", "3"); // it is up when it has told
        }
        launcher.bundle("mounting")
                .executable(
                        "service/start",
                        "#!/bin/sh\nmount -t tmpfs -o mode=755 none " + volume + " && cp -R " + stock + "/. " + volume)
                .executable("service/stop", "#!/bin/sh\nexec umount " + volume)
                .file("service/mount", volume.toString());
        launcher.bundle("app")
                .run("#!/bin/sh\necho app >>" + started + "\nexec sleep 600")
                .link("requires", volume.resolve("required"))
                .link("wants", volume.resolve("wanted"));
        launcher.bundle("idle").link("wants", volume.resolve("nosuch")).runsIdle();
        launcher.options(
                "--bundles",
                launcher.bundles().toString(),
                "--bundles",
                volume.toString(),
                "--run-dir",
                launcher.runDirectory().toString(),
                "--log-dir",
                launcher.logs().toString());
        launcher.run("app");

        launcher.awaitState("required", "up");
        launcher.awaitState("wanted", "up");
        Await.until("all have told", Await.GENEROUS, () -> linesOf(started).size() == 3);
        assertThat(linesOf(started)).containsSubsequence("required", "app");
        assertThat(launcher.status("idle").state()).isEqualTo("down");
        assertThat(launcher.usher("stop", "mounting").exit()).isZero();
    }

    private static List<String> linesOf(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            return List.of();
        }
    }

    @Test
    void bundlesMayLieWhereNobodyCanWrite() throws IOException {
        int port = launcher.freePort();
        launcher.bundle("web").run(Daemons.ANSWERING).socket("tcp", "127.0.0.1:" + port);
        launcher.bundle("eager").run("#!/bin/sh\necho heard\nexec sleep 600").file("service/env/NAME", "value");
        launcher.bundle("eager").link("wants", "web");
        String bundles = launcher.bundles().toString();
        launcher.startThrough(
                "unshare",
                "--mount",
                "sh",
                "-c",
                "mount --bind " + bundles + " " + bundles + " && mount -o remount,ro,bind " + bundles
                        + " && exec \"$@\"",
                "sh");
        launcher.run();

        assertThat(Client.ask(port, "who")).isEqualTo(launcher.status("web").pid() + "\n");
        assertThat(launcher.usher("restart", "eager", "web").exit()).isZero();
        assertThat(launcher.usher("replace", "web").exit()).isZero();
        assertThat(launcher.usher("refresh").exit()).isZero();
        assertThat(launcher.usher("stop", "eager").exit()).isZero();
    }
}

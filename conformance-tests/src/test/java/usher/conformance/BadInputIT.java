package usher.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Mistakes that people make: each gets a message that names the file and says what to do, and all else runs on.
 *
 * <pre>
 * good/    an answering daemon behind a socket
 * broken/  one mistake
 * </pre>
 */
final class BadInputIT {
    @RegisterExtension
    final Launcher launcher = new Launcher();

    private final int port = launcher.freePort();
    private final int brokenPort = launcher.freePort();
    private final Bundle broken = launcher.bundle("broken");

    @BeforeEach
    void addAGoodBundle() {
        launcher.bundle("good").run(Daemons.ANSWERING).socket("tcp", "127.0.0.1:" + port);
    }

    @Test
    void anAddressThatCannotBeParsed() throws IOException {
        broken.run(Daemons.ANSWERING).socket("http", "127.0.0.1:eighty:80");

        runsOnWithout("broken/sockets/http", "127.0.0.1:eighty:80");

        startFails("broken/sockets/http", "127.0.0.1:eighty:80");
    }

    @Test
    void aPortInUseUntilItIsFree() throws IOException {
        broken.run(Daemons.ANSWERING).socket("http", "127.0.0.1:" + brokenPort);
        try (ServerSocket holder = Ports.hold(brokenPort)) {
            assertThat(holder.isBound()).isTrue();
            runsOnWithout("broken/sockets/http", "127.0.0.1:" + brokenPort);
            startFails("broken/sockets/http", "127.0.0.1:" + brokenPort);
        }

        Result start = launcher.usher("start", "broken");

        assertThat(start.exit()).as("%s", start).isZero();
        assertThat(Client.ask(brokenPort, "who")).matches("[0-9]+\n");
    }

    @Test
    void moreBundlesThanThereAreDescriptorsFor() throws IOException {
        for (int i = 0; i < 60; i++) {
            launcher.bundle("many" + i).runsIdle();
        }

        launcher.startThrough("prlimit", "--nofile=300");
        Result run = launcher.usher("run");

        assertThat(run.exit()).as("%s", run).isEqualTo(1);
        assertThat(run.err())
                .contains("61 bundles")
                .contains("descriptors")
                .contains("300")
                .contains("ulimit -Hn");
        assertThat(launcher.processes("sleep")).isEmpty();
    }

    @Test
    void aMissingRun() throws IOException {
        broken.socket("http", "127.0.0.1:" + brokenPort).file("service/env/X", "1");

        runsOnWithout("broken/service/run");

        startFails("broken/service/run");
    }

    @Test
    void aRunThatIsNotExecutable() throws IOException {
        broken.file("service/run", Daemons.ANSWERING).socket("http", "127.0.0.1:" + brokenPort);

        runsOnWithout("broken/service/run", "chmod");

        startFails("broken/service/run", "chmod");
    }

    @Test
    void aRunWhoseInterpreterDoesNotExist() throws IOException {
        broken.run("#!/no/such/interpreter").file("service/env/X", "1");
        launcher.runUntil("good", "listening");

        BundleStatus status = launcher.awaitState("broken", "backoff", "failed");

        assertThat(status.pid()).isEqualTo(-1);
        assertThat(launcher.standardError() + launcher.usher("logs", "broken").out())
                .contains("broken/service/run");
        assertThat(Client.ask(port, "who")).matches("[0-9]+\n");
    }

    @Test
    void aDanglingLink() throws IOException {
        broken.runsIdle().link("wants", "nosuch");

        runsOnWithout("broken/wants/nosuch");
    }

    @Test
    void aBundleThatIsWritableForEverybody() throws IOException {
        broken.runsIdle();
        Tree.mode(broken.directory().resolve("service/run"), "rwxr-xrwx");

        runsOnWithout("broken/service/run");

        startFails("broken/service/run");
    }

    @Test
    void anUnreadableDirectory() throws IOException {
        broken.runsIdle().socket("http", "127.0.0.1:" + brokenPort);
        Tree.mode(broken.directory().resolve("sockets"), "---------");
        OrdinaryUser.is(launcher);

        runsOnWithout("broken/sockets");
    }

    @Test
    void aBundleDirectoryThatDoesNotExist() throws IOException {
        Path nowhere = launcher.directory().resolve("nowhere");
        launcher.options(
                "--bundles",
                nowhere.toString(),
                "--bundles",
                launcher.bundles().toString(),
                "--run-dir",
                launcher.runDirectory().toString(),
                "--log-dir",
                launcher.logs().toString());

        runsOnWithout(nowhere.toString());
    }

    @Test
    void noBundleDirectoryAtAll() {
        Path nowhere = launcher.directory().resolve("nowhere");
        launcher.options(
                "--bundles",
                nowhere.toString(),
                "--run-dir",
                launcher.runDirectory().toString());

        Result run = launcher.usher("run");

        assertThat(run.exit()).as("%s", run).isOne();
        assertThat(run.err()).startsWith("usher: ").contains(nowhere.toString());
    }

    @Test
    void aSecondLauncherOnTheSameRunDirectory() throws IOException {
        launcher.runUntil("good", "listening");

        Result second = launcher.usher("run");

        String first = Files.readString(launcher.runDirectory().resolve("launcher.pid"))
                .trim();
        assertThat(second.exit()).as("%s", second).isOne();
        assertThat(second.err())
                .startsWith("usher: ")
                .contains(launcher.runDirectory().toString())
                .contains(first);
        assertThat(Client.ask(port, "who")).matches("[0-9]+\n");
    }

    @Test
    void aRunDirectoryWhoseLauncherIsGone() throws Exception {
        launcher.runUntil("good", "listening");
        launcher.shutdown();
        // What a launcher leaves that was killed together with its machine: a name on which nobody listens.
        UnixDomainSocketAddress control =
                UnixDomainSocketAddress.of(launcher.runDirectory().resolve("control"));
        Files.deleteIfExists(control.getPath());
        try (ServerSocketChannel stale = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            stale.bind(control);
        }

        launcher.runUntil("good", "listening");

        assertThat(Client.ask(port, "who")).matches("[0-9]+\n");
    }

    /** Runs; the message must be there when the good bundle listens, and the good daemon must answer. */
    private void runsOnWithout(String... namedInTheMessage) throws IOException {
        launcher.runUntil("good", "listening");
        assertThat(Client.ask(port, "who")).matches("[0-9]+\n");
        assertThat(launcher.standardError()).contains("usher: ").contains(namedInTheMessage);
        assertThat(launcher.process().isAlive()).as("the launcher runs on").isTrue();
    }

    private void startFails(String... namedInTheMessage) {
        Result start = launcher.usher("start", "broken");
        assertThat(start.exit()).as("%s", start).isOne();
        assertThat(start.all()).contains(namedInTheMessage);
    }
}

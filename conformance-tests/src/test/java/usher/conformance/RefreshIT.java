package usher.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Changed bundle files take effect without anything being restarted, refused or lost. */
final class RefreshIT {
    @RegisterExtension
    final Launcher launcher = new Launcher();

    private final int port = launcher.freePort();
    private final int added = launcher.freePort();
    private Bundle daemon = launcher.bundle("daemon");

    @BeforeEach
    void run() {
        daemon = launcher.bundle("daemon").run(Daemons.ANSWERING).socket("tcp", "127.0.0.1:" + port);
        launcher.run();
    }

    private void refreshes(String... bundles) {
        String[] words = new String[bundles.length + 1];
        words[0] = "refresh";
        System.arraycopy(bundles, 0, words, 1, bundles.length);
        Result result = launcher.usher(words);
        assertThat(result.exit()).as("%s", result).isZero();
    }

    @Test
    void opensWhatWasAddedAndClosesWhatWasRemovedAndLeavesTheRestAlone() throws IOException {
        String socket = Ports.listener(port).orElseThrow();
        daemon.socket("added", "127.0.0.1:" + added);

        refreshes("daemon");

        assertThat(Ports.listener(added)).isPresent();
        assertThat(Ports.listener(port)).hasValue(socket);

        Files.delete(daemon.directory().resolve("sockets/added"));
        refreshes();

        assertThat(Ports.listener(added)).isEmpty();
        assertThat(Ports.listener(port)).hasValue(socket);
        assertThat(Client.ask(port, "who")).matches("[0-9]+\n");
    }

    @Test
    void doesNotWaitForWhatWasBeingWaitedForAlready() {
        launcher.bundle("away").run(Daemons.ANSWERING).socket("tcp", "198.51.100.7:" + added);
        assertThat(launcher.usher("start", "--no-wait", "away").exit()).isZero();
        launcher.awaitState("away", "waiting");

        refreshes();

        launcher.awaitState("away", "waiting");
    }

    @Test
    void opensASocketAtItsNewAddress() throws IOException {
        daemon.socket("tcp", "127.0.0.1:" + added);

        refreshes("daemon");

        assertThat(Client.ask(added, "who")).matches("[0-9]+\n");
        assertThatThrownBy(() -> Client.ask(port, "who")).isInstanceOf(ConnectException.class);
    }

    @Test
    void aSocketWhoseFileWasRenamedStaysOpenUnderItsNewName() throws IOException {
        String socket = Ports.listener(port).orElseThrow();
        String pid = Client.ask(port, "who");
        Path sockets = daemon.directory().resolve("sockets");
        Files.move(sockets.resolve("tcp"), sockets.resolve("web"));

        refreshes("daemon");

        assertThat(Ports.listener(port)).hasValue(socket);
        assertThat(Client.ask(port, "who")).isEqualTo(pid);
        assertThat(launcher.usher("sockets", "daemon").out())
                .containsPattern(":" + port + " +daemon +web +web +handed over ")
                .doesNotContain("next start");

        Files.move(sockets.resolve("web"), sockets.resolve("again"));
        Result replaced = launcher.usher("replace", "daemon");
        assertThat(replaced.exit()).as("%s", replaced).isZero();
        assertThat(Ports.listener(port)).hasValue(socket);
        assertThat(Client.ask(port, "who")).matches("[0-9]+\n").isNotEqualTo(pid);

        Files.delete(sockets.resolve("again"));
        daemon.socket("other", "127.0.0.1:" + added);
        refreshes("daemon");
        launcher.killOutright();
        assertThat(launcher.usher("restart", "daemon").exit()).isZero();
        assertThat(Ports.listener(port)).as("it is kept under no name").isEmpty();
    }

    @Test
    void whatWaitsForATurnedSocketIsServedUnderItsNewName() throws IOException {
        int talking = launcher.freePort();
        Bundle talker = launcher.bundle("talker")
                .executable("service/run", "#!/bin/sh\nread line && echo \"$line $LISTEN_FDNAMES\"")
                .executable("service/finish", "#!/bin/sh\nexit 0");
        for (String name : List.of("a", "b")) {
            talker.flag("sockets/" + name + "/accept")
                    .file("sockets/" + name + "/listen", "127.0.0.1:" + (name.equals("a") ? talking : added));
        }
        assertThat(launcher.usher("start", "talker").exit()).isZero();
        List<Optional<String>> listeners = List.of(Ports.listener(talking), Ports.listener(added));
        try (Socket first = Client.connect(talking)) {
            Await.until(
                    "it has its process",
                    Await.GENEROUS,
                    () -> launcher.status("talker").instances() == 1);
            talker.file("sockets/a/listen", "127.0.0.1:" + added).file("sockets/b/listen", "127.0.0.1:" + talking);
            refreshes("talker");
            launcher.killOutright();

            assertThat(launcher.status("talker"))
                    .returns(1, BundleStatus::instances)
                    .returns("up", BundleStatus::state);
            first.getOutputStream().write("hello\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(first.getInputStream().readAllBytes()).asString().startsWith("hello");
        }
        Await.until(
                "its process is gone",
                Await.GENEROUS,
                () -> launcher.status("talker").instances() == 0);
        assertThat(List.of(Ports.listener(talking), Ports.listener(added))).isEqualTo(listeners);
        assertThat(launcher.usher("sockets", "talker").out())
                .containsPattern(":" + talking + " +talker +b +b +listening +1 +0")
                .containsPattern(":" + added + " +talker +a +a +listening +0 +0");
        assertThat(Client.ask(talking, "again")).startsWith("again");
        assertThat(Client.ask(added, "again")).startsWith("again");
    }

    @Test
    void aDaemonThatRunsGetsTheNewSocketWithItsNextStart() throws IOException {
        String pid = Client.ask(port, "who");
        daemon.run(Daemons.answeringOn(4)).socket("more", "127.0.0.1:" + added).socket("tcp", "127.0.0.1:" + port);
        // In byte order, "more" comes before "tcp".
        refreshes("daemon");

        assertThat(Client.ask(port, "who")).isEqualTo(pid);
        Result sockets = launcher.usher("sockets", "daemon");
        assertThat(sockets.out().lines().filter(line -> line.contains(":" + added)))
                .singleElement()
                .asString()
                .contains("next start");

        assertThat(Client.ask(port, "die")).isEqualTo(pid);

        assertThat(Client.ask(port, "who")).matches("[0-9]+\n").isNotEqualTo(pid);
        assertThat(launcher.usher("sockets", "daemon").out()).doesNotContain("next start");
    }

    @Test
    void aDaemonThatRunsGetsAMovedSocketWithItsNextStart() throws IOException {
        String pid = Client.ask(port, "who");
        daemon.socket("tcp", "127.0.0.1:" + added);

        refreshes("daemon");

        assertThat(launcher.usher("sockets", "daemon").out()).contains(" listening ", "next start");
        assertThat(launcher.status("daemon").pid()).isEqualTo(Long.parseLong(pid.trim()));
    }

    @Test
    void aHangUpSignalRefreshesEverything() throws IOException {
        daemon.socket("udp", "127.0.0.1:" + added);
        launcher.bundle("other").run(Daemons.ANSWERING);

        new Kernel(launcher.process().pid()).signal("HUP");

        Await.until(
                "the added socket listens",
                Await.GENEROUS,
                () -> Ports.listener(added).isPresent());
        assertThat(launcher.status("other").state()).as("nothing is started").isEqualTo("down");
        assertThat(Client.ask(port, "who")).matches("[0-9]+\n");
    }

    @Test
    void accessRulesHoldForTheNextPeer() throws IOException {
        int talking = launcher.freePort();
        Bundle talker = launcher.bundle("talker")
                .executable("service/run", "#!/bin/sh\necho hello")
                .file("sockets/tcp/listen", "127.0.0.1:" + talking)
                .flag("sockets/tcp/accept");
        assertThat(launcher.usher("start", "talker").exit()).isZero();
        String socket = Ports.listener(talking).orElseThrow();
        assertThat(Client.hear(talking)).isEqualTo("hello\n");

        talker.file("sockets/tcp/deny", "127.0.0.0/8");
        refreshes("talker");
        assertThat(Client.hear(talking)).isEmpty();

        talker.file("sockets/tcp/allow", "127.0.0.1");
        refreshes("talker");
        assertThat(Client.hear(talking)).isEqualTo("hello\n");
        assertThat(Ports.listener(talking)).hasValue(socket);
    }

    @Test
    void aWrongFileIsNamedAndChangesNothing() throws IOException {
        String pid = Client.ask(port, "who");
        daemon.socket("added", "nonsense:nowhere").socket("tcp", "127.0.0.1:" + added);

        Result result = launcher.usher("refresh", "daemon");

        assertThat(result.exit()).isEqualTo(1);
        assertThat(result.err()).contains("daemon/sockets/added").contains("nonsense:nowhere");
        assertThat(Client.ask(port, "who")).isEqualTo(pid);
        assertThat(Ports.listener(added)).isEmpty();
    }
}

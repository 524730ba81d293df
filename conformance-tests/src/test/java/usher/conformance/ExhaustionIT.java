package usher.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.net.Socket;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A launcher that has no descriptor left: whoever is served stays so, whoever waits is served later, and it answers. */
final class ExhaustionIT {
    private static final String LIMIT = "130";
    private static final int CLIENTS = 150;
    private static final int SERVED = 10;
    private static final int KILLS = 5;
    /** What a rehearsal has open meanwhile may be a connection's afterwards. */
    private static final int REHEARSAL = 10;

    @RegisterExtension
    final Launcher launcher = new Launcher();

    private final List<Socket> clients = new ArrayList<>();

    @AfterEach
    void hangUp() throws IOException {
        for (Socket client : clients) {
            client.close();
        }
    }

    @Test
    void isKilledAndGoesOn() throws IOException {
        int port = launcher.freePort();
        int lazyPort = launcher.freePort();
        launcher.bundle("echo")
                .run("#!/bin/sh\nexec cat")
                .file("sockets/tcp/listen", "127.0.0.1:" + port)
                .flag("sockets/tcp/accept")
                .file("sockets/tcp/max-connections", "1000");
        launcher.bundle("lazy").run(Daemons.ANSWERING).socket("tcp", "127.0.0.1:" + lazyPort);
        launcher.startThrough("prlimit", "--nofile=" + LIMIT + ":" + LIMIT);
        launcher.run();
        launcher.startThrough();
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(Client.connect(port));
            say(i);
        }
        BundleStatus full = launcher.awaitState("echo", "backoff");
        assertThat(full.instances()).isGreaterThan(SERVED);
        assertThat(launcher.usher("status", "echo").out()).contains("EMFILE");

        for (int i = 0; i < KILLS; i++) {
            launcher.killOutright();
            assertThat(launcher.awaitState("echo", "backoff", "up").instances())
                    .as("of %s, after %s kills", full.instances(), i + 1)
                    .isBetween(full.instances(), full.instances() + KILLS + REHEARSAL);
        }
        for (int i = 0; i < SERVED; i++) {
            hear(i);
            say(i);
            hear(i);
        }
        for (int i = 0; i < CLIENTS - SERVED; i++) {
            clients.get(i).close();
        }
        for (int i = CLIENTS - SERVED; i < CLIENTS; i++) {
            hear(i);
        }
        assertThat(Client.ask(lazyPort, "who")).matches("[0-9]+\n");
    }

    /** Clients of the control socket who ask nothing have all that was kept back for such clients. */
    @Test
    void sleepsWhileItCannotEvenHearItsClients() throws Exception {
        launcher.bundle("one").run("#!/bin/sh\nexec sleep 60");
        launcher.startThrough("prlimit", "--nofile=" + LIMIT + ":" + LIMIT);
        launcher.run();
        launcher.startThrough();
        UnixDomainSocketAddress control =
                UnixDomainSocketAddress.of(launcher.runDirectory().resolve("control"));
        List<SocketChannel> silent = new ArrayList<>();
        try {
            for (int i = 0; i < CLIENTS; i++) {
                silent.add(SocketChannel.open(control));
            }
            for (int i = 0; i < SERVED; i++) {
                Await.until("all threads are asleep", Await.GENEROUS, this::isAsleep);
            }
        } finally {
            for (SocketChannel client : silent) {
                client.close();
            }
        }
        assertThat(launcher.status("one").state()).isEqualTo("up");
    }

    private boolean isAsleep() {
        String[] threads = new File("/proc/" + launcher.launcherPid() + "/task").list();
        return Arrays.stream(Objects.requireNonNull(threads))
                .allMatch(thread ->
                        new Kernel(Long.parseLong(thread)).status("State").startsWith("S"));
    }

    private void say(int client) throws IOException {
        clients.get(client).getOutputStream().write((client + "\n").getBytes(StandardCharsets.US_ASCII));
    }

    private void hear(int client) throws IOException {
        byte[] expected = (client + "\n").getBytes(StandardCharsets.US_ASCII);
        assertThat(clients.get(client).getInputStream().readNBytes(expected.length))
                .isEqualTo(expected);
    }
}

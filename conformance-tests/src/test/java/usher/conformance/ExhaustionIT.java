package usher.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A launcher that has no descriptor left: whoever is served stays so, whoever waits is served later, and it answers. */
final class ExhaustionIT {
    private static final String LIMIT = "130";
    private static final int CLIENTS = 150;
    private static final int SERVED = 10;
    private static final int KILLS = 5;

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
                    .isBetween(full.instances(), full.instances() + KILLS);
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

    private void say(int client) throws IOException {
        clients.get(client).getOutputStream().write((client + "\n").getBytes(StandardCharsets.US_ASCII));
    }

    private void hear(int client) throws IOException {
        byte[] expected = (client + "\n").getBytes(StandardCharsets.US_ASCII);
        assertThat(clients.get(client).getInputStream().readNBytes(expected.length))
                .isEqualTo(expected);
    }
}

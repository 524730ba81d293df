package usher.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A daemon that nobody has used for a while is stopped, and nobody who comes at that moment is lost. */
final class IdleTimeoutIT {
    private static final int ROUNDS = 4;
    private static final int CONNECTIONS_A_ROUND = 125;

    @RegisterExtension
    final Launcher launcher = new Launcher();

    private Bundle daemon(String address) {
        return launcher.bundle("daemon")
                .run(Daemons.GRACEFUL)
                .file("service/notification-fd", "4")
                .file("service/idle-timeout", "1s")
                .socket("s", address);
    }

    @Test
    void stopsTheDaemonAndServesTheNextPeerWithAnother() throws IOException {
        int port = launcher.freePort();
        daemon("127.0.0.1:" + port);
        launcher.run();
        String first = Client.ask(port, "who");

        BundleStatus idle = launcher.awaitState("daemon", "listening");

        assertThat(idle.pid()).isEqualTo(-1);
        assertThat(ProcessHandle.of(Long.parseLong(first.trim()))).isEmpty();
        assertThat(Client.ask(port, "who")).matches("[0-9]+\n").isNotEqualTo(first);
        assertThat(launcher.status("daemon").starts()).isEqualTo(2);
    }

    @Test
    void anEagerDaemonIsStoppedTooAndStartedByTheNextKnockAndAfterACrash() throws IOException {
        int port = launcher.freePort();
        daemon("127.0.0.1:" + port)
                .flag("service/eager")
                .executable("service/finish", "#!/bin/sh\nexit 0")
                .file("service/idle-timeout", "3s");
        launcher.run();
        assertThat(launcher.status("daemon")).returns("up", BundleStatus::state).returns(1, BundleStatus::starts);

        launcher.awaitState("daemon", "listening");
        assertThat(launcher.usher("refresh").exit()).isZero();
        assertThat(launcher.status("daemon").state()).as("nothing is started").isEqualTo("listening");

        String second = Client.ask(port, "who");
        new Kernel(Long.parseLong(second.trim())).signal("KILL");
        Await.until(
                "it is started again without a knock",
                Await.GENEROUS,
                () -> launcher.status("daemon").starts() == 3);
        launcher.awaitState("daemon", "listening");
        assertThat(launcher.status("daemon").starts()).isEqualTo(3);
    }

    @Test
    void leavesADaemonAloneAsLongAsAConnectionIsOpen() throws IOException {
        int port = launcher.freePort();
        int other = launcher.freePort();
        daemon("127.0.0.1:" + port);
        launcher.bundle("unused")
                .run(Daemons.GRACEFUL)
                .file("service/notification-fd", "4")
                .file("service/idle-timeout", "1s")
                .socket("s", "127.0.0.1:" + other);
        launcher.run();
        try (Socket open = Client.connect(port)) {
            launcher.awaitState("daemon", "up");
            // Twice in a row another daemon has been stopped for being idle: this one could have been, too.
            for (int i = 0; i < 2; i++) {
                Client.ask(other, "who");
                launcher.awaitState("unused", "listening");
            }

            assertThat(launcher.status("daemon"))
                    .returns("up", BundleStatus::state)
                    .returns(1, BundleStatus::starts);
            open.getOutputStream().write("who\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(open.getInputStream().readAllBytes()).isNotEmpty();
        }
        launcher.awaitState("daemon", "listening");
    }

    @Test
    void servesEverybodyWhoComesOverTcpWhileTheDaemonIsBeingStopped() throws Exception {
        int port = launcher.freePort();
        InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        servesEverybody(new InetSocketAddress(loopback, port), "127.0.0.1:" + port);
    }

    @Test
    void servesEverybodyWhoComesOverAUnixSocketWhileTheDaemonIsBeingStopped() throws Exception {
        Path path = launcher.directory().resolve("s");
        servesEverybody(UnixDomainSocketAddress.of(path), path.toString());
    }

    /** Its TERM handler asks for connections, by a file that appears, and goes on when they have been made. */
    private void servesEverybody(SocketAddress address, String declared) throws Exception {
        Path asked = launcher.directory().resolve("asked");
        Path made = launcher.directory().resolve("made");
        daemon(declared).run(Daemons.GRACEFUL.replace("# on TERM", """
                open(my $asked, '>', '%s.new'); print $asked "$$"; close $asked; rename('%s.new', '%s');
                select(undef, undef, undef, 0.001) until -e '%s';
                """.formatted(asked, asked, asked, made)));
        launcher.run();
        int answers = 0;
        int starts = 0;
        for (int round = 0; round < ROUNDS; round++) {
            List<SocketChannel> channels = new ArrayList<>();
            channels.add(connect(address));
            answers += answers(channels);
            Await.until("the daemon is told to end", Await.GENEROUS, () -> Files.exists(asked));
            for (int i = 0; i < CONNECTIONS_A_ROUND; i++) {
                channels.add(connect(address));
            }
            Files.delete(asked);
            Files.createFile(made);
            answers += answers(channels);
            Files.delete(made);
            starts = launcher.status("daemon").starts();
        }
        assertThat(answers).isEqualTo(ROUNDS * (CONNECTIONS_A_ROUND + 1));
        assertThat(starts).as("each round ends one daemon and starts another").isGreaterThanOrEqualTo(ROUNDS + 1);
        Files.createFile(made);
        launcher.shutdown();
    }

    /** Does not wait for the connection to be there: its first packet may be dropped. */
    private static SocketChannel connect(SocketAddress address) throws IOException {
        SocketChannel channel = address instanceof InetSocketAddress
                ? SocketChannel.open()
                : SocketChannel.open(java.net.StandardProtocolFamily.UNIX);
        channel.configureBlocking(false);
        channel.connect(address);
        return channel;
    }

    /** Asks on all, since nobody knows in which order they are served, and reads each to its end; then there are none. */
    private static int answers(List<SocketChannel> channels) throws IOException {
        for (SocketChannel channel : channels) {
            Await.until("connected", Await.GENEROUS, () -> isConnected(channel));
            channel.configureBlocking(true);
            channel.write(ByteBuffer.wrap("who\n".getBytes(StandardCharsets.US_ASCII)));
        }
        int answers = 0;
        for (SocketChannel channel : channels) {
            try (channel) {
                ByteBuffer answer = ByteBuffer.allocate(64);
                while (channel.read(answer) >= 0) {
                    // until the daemon closes
                }
                assertThat(new String(answer.array(), 0, answer.position(), StandardCharsets.US_ASCII))
                        .matches("[0-9]+\n");
                answers++;
            }
        }
        channels.clear();
        return answers;
    }

    private static boolean isConnected(SocketChannel channel) {
        try {
            return channel.finishConnect();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}

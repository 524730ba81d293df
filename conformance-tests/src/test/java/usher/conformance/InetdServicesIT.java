package usher.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code bundles/inetd}: what inetd brought itself, on other ports, asked as its RFCs say. */
final class InetdServicesIT {
    private static final Path SERVICES = Path.of("../bundles/inetd");
    private static final String[] NAMES = {
        "chargen",
        "chargen-udp",
        "daytime",
        "daytime-udp",
        "discard",
        "discard-udp",
        "echo",
        "echo-udp",
        "time",
        "time-udp"
    };
    private static final String CTIME =
            "[A-Z][a-z]{2} [A-Z][a-z]{2} [ 1-3][0-9] [0-9]{2}:[0-9]{2}:[0-9]{2} 2[0-9]{3}\r\n";

    /** From 1900 to 1970, as RFC 868 has it. */
    private static final long SEVENTY_YEARS = 2_208_988_800L;

    @RegisterExtension
    final Launcher launcher = new Launcher();

    private final Map<String, Integer> ports = new TreeMap<>();

    @BeforeEach
    void runThemOnOtherPorts() throws IOException {
        Tree.copy(SERVICES.toRealPath(), launcher.bundles(), text -> text);
        for (String name : NAMES) {
            Path bundle = launcher.bundles().resolve(name);
            Path address =
                    bundle.resolve("sockets").resolve(name.replace("-udp", "")).resolve("listen");
            int port = launcher.freePort();
            ports.put(name, port);
            String protocol = Files.readString(address).startsWith("udp:") ? "udp:" : "";
            Files.writeString(address, protocol + "127.0.0.1:" + port + "\n");
            if (!Scenario.isRoot()) {
                Files.delete(bundle.resolve("service/user"));
            }
        }
        assertThat(launcher.usher("check").out()).endsWith("10 bundles, 0 errors, 0 warnings\n");
        launcher.run(NAMES);
    }

    private int port(String name) {
        return ports.getOrDefault(name, 0);
    }

    private Socket connect(String name) throws IOException {
        return Client.connect(port(name));
    }

    /** The answer to a datagram. */
    private byte[] ask(DatagramSocket socket, String name, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        socket.setSoTimeout((int) Await.GENEROUS.toMillis());
        socket.send(new DatagramPacket(bytes, bytes.length, InetAddress.getLoopbackAddress(), port(name)));
        DatagramPacket answer = new DatagramPacket(new byte[1000], 1000);
        socket.receive(answer);
        return Arrays.copyOf(answer.getData(), answer.getLength());
    }

    private String askText(DatagramSocket socket, String name, String text) throws IOException {
        return new String(ask(socket, name, text), StandardCharsets.US_ASCII);
    }

    private static void assertIsNow(long seconds1900) {
        assertThat(Math.abs(seconds1900 - SEVENTY_YEARS - Instant.now().getEpochSecond()))
                .isLessThan(Await.GENEROUS.toSeconds());
    }

    @Test
    void sendBackWhatComes() throws IOException {
        String text = "line\n\0".repeat(20_000);
        try (Socket socket = connect("echo")) {
            Thread writer = new Thread(() -> {
                try {
                    socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
                    socket.shutdownOutput();
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            writer.start();
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                    .isEqualTo(text);
        }
        try (DatagramSocket one = new DatagramSocket();
                DatagramSocket other = new DatagramSocket()) {
            assertThat(askText(one, "echo-udp", "from one")).isEqualTo("from one");
            assertThat(askText(other, "echo-udp", "from the other")).isEqualTo("from the other");
            assertThat(askText(one, "echo-udp", "")).isEmpty();
        }
        assertThat(launcher.status("echo-udp").starts()).isOne();
    }

    @Test
    void throwAwayWhatComes() throws IOException {
        try (Socket socket = connect("discard")) {
            socket.getOutputStream().write(new byte[1_000_000]);
            socket.shutdownOutput();
            assertThat(socket.getInputStream().readAllBytes()).isEmpty();
        }
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.send(new DatagramPacket(new byte[10], 10, InetAddress.getLoopbackAddress(), port("discard-udp")));
            launcher.awaitState("discard-udp", "up");
        }
        // It goes by itself, and were the datagram still there it would be started once more.
        launcher.awaitState("discard-udp", "listening");
        assertThat(launcher.status("discard-udp").starts()).isOne();
    }

    @Test
    void tellTheTimeToPeopleAndToMachines() throws IOException {
        assertThat(Client.hear(port("daytime"))).matches(CTIME);
        try (Socket socket = connect("time")) {
            DataInputStream in = new DataInputStream(socket.getInputStream());
            assertIsNow(Integer.toUnsignedLong(in.readInt()));
            assertThat(in.read()).as("a fifth byte").isEqualTo(-1);
        }
        try (DatagramSocket socket = new DatagramSocket()) {
            assertThat(askText(socket, "daytime-udp", "x")).matches(CTIME);
            byte[] time = ask(socket, "time-udp", "");
            assertThat(time).hasSize(4);
            assertIsNow(Integer.toUnsignedLong(ByteBuffer.wrap(time).getInt()));
        }
    }

    @Test
    void sendCharactersWithoutEnd() throws IOException {
        StringBuilder expected = new StringBuilder();
        for (int line = 0; line < 200; line++) {
            expected.append(line(line));
        }
        try (Socket socket = connect("chargen")) {
            byte[] seen = socket.getInputStream().readNBytes(expected.length());
            assertThat(new String(seen, StandardCharsets.US_ASCII)).isEqualTo(expected.toString());
        }
        Await.value(
                "it ends when its peer has enough",
                Await.GENEROUS,
                () -> launcher.status("chargen").instances(),
                instances -> instances == 0);
        try (DatagramSocket socket = new DatagramSocket()) {
            assertThat(askText(socket, "chargen-udp", "")).isEqualTo(line(0));
            assertThat(askText(socket, "chargen-udp", "")).isEqualTo(line(1));
        }
    }

    /** Seventy-two characters of the ring of those that can be printed. */
    private static String line(int number) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < 72; i++) {
            line.append((char) (' ' + (number + i) % 95));
        }
        return line + "\r\n";
    }
}

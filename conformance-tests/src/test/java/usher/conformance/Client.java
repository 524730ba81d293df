package usher.conformance;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A TCP client of the loopback interface. */
final class Client {
    private Client() {}

    /**
     * Connects, says one line and returns all that comes back until the daemon closes.
     *
     * @throws IOException if the connection is refused or reset, or no answer ends within {@link Await#GENEROUS}
     */
    static String ask(int port, String line) throws IOException {
        try (Socket socket = connect(port)) {
            return ask(socket, line);
        }
    }

    /** The same by a connection that is there. */
    static String ask(Socket socket, String line) throws IOException {
        socket.getOutputStream().write((line + "\n").getBytes(StandardCharsets.US_ASCII));
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    /** The same by a Unix socket. */
    static String ask(Path path, String line) throws IOException {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
            channel.write(ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.US_ASCII)));
            return new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Connects, says nothing, and returns all that comes until the daemon closes. */
    static String hear(int port) throws IOException {
        try (Socket socket = connect(port)) {
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** A connection that is there, to be closed by the caller; the daemon may not even have been started. */
    static Socket connect(int port) throws IOException {
        return connectFrom(1, port);
    }

    /** The same from 127.0.0.{@code source}: of the loopback interface each address is a source of its own. */
    static Socket connectFrom(int source, int port) throws IOException {
        Socket socket = new Socket();
        socket.setSoTimeout((int) Await.GENEROUS.toMillis());
        if (source != 1) {
            socket.bind(new InetSocketAddress(loopback(source), 0));
        }
        socket.connect(new InetSocketAddress(loopback(1), port), (int) Await.GENEROUS.toMillis());
        return socket;
    }

    private static InetAddress loopback(int last) throws IOException {
        return InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) last});
    }
}

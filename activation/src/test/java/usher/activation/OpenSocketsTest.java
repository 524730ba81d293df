package usher.activation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import usher.activation.posix.Descriptors;

@Timeout(60)
class OpenSocketsTest {
    @TempDir
    Path temp;

    @Test
    void knowsOfAConnectionByAUnixSocketWhoseProcessHasEndedAlready() throws IOException {
        Path node = temp.resolve("s");
        try (Listener listener = Declared.open(Declared.accepting(Declared.unix(node)));
                SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(node))) {
            assertThat(client.isConnected()).isTrue();
            try (Acceptance.Connection connection = (Acceptance.Connection) listener.accept()) {
                assertThat(OpenSockets.isServed(connection.descriptor())).isFalse();
                OpenSockets.noteServed(connection, true);
                assertThat(OpenSockets.isServed(connection.descriptor())).isTrue();
                client.write(ByteBuffer.wrap(new byte[] {'?'}));
                assertThat(OpenSockets.isServed(connection.descriptor())).isFalse();
                Descriptors.read(connection.descriptor().number(), new byte[1], 0, 1);
                assertThat(OpenSockets.isServed(connection.descriptor())).isTrue();
                OpenSockets.noteServed(connection, false);
                assertThat(OpenSockets.isServed(connection.descriptor())).isFalse();
            }
        }
    }

    @Test
    void knowsOfAConnectionByAUnixSocketWhoseProcessWasNeverMade() throws IOException {
        Path node = temp.resolve("s");
        try (Listener listener = Declared.open(Declared.accepting(Declared.unix(node)));
                SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(node));
                Acceptance.Connection connection = (Acceptance.Connection) listener.accept()) {
            client.write(ByteBuffer.wrap(new byte[] {'?'}));
            OpenSockets.noteServed(connection, true);
            assertThat(OpenSockets.isServed(connection.descriptor())).isFalse();
            assertThat(Descriptors.read(connection.descriptor().number(), new byte[1], 0, 1))
                    .isEqualTo(1);
            assertThat(OpenSockets.isServed(connection.descriptor())).isTrue();
        }
    }
}

package usher.activation;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import usher.activation.posix.Descriptor;
import usher.activation.posix.Descriptors;
import usher.activation.posix.Messages;
import usher.activation.posix.SockAddr;
import usher.activation.posix.Sockets;

/** What is looked at first and taken only when it is noted, so that a kill in between loses nothing. */
final class PeekTest {
    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Test
    void aLookIntoAPipeTakesNothing() {
        try (Pipe pipe = Pipe.open()) {
            byte[] into = new byte[16];
            assertThat(pipe.peek(into)).isEqualTo(-1);
            Descriptors.write(pipe.writeEnd().number(), bytes("ready\n"), 0, 6);
            assertThat(pipe.peek(into)).isEqualTo(6);
            assertThat(pipe.peek(into)).isEqualTo(6);
            assertThat(pipe.read(into)).isEqualTo(6);
            assertThat(into).startsWith(bytes("ready\n"));
            pipe.writeEnd().close();
            assertThat(pipe.peek(into)).isZero();
        }
    }

    @Test
    void aMessageIsThereUntilItIsDroppedWithWhatCameWithIt() {
        try (NotifySocket socket = NotifySocket.open();
                Pipe pipe = Pipe.open();
                Descriptor sender = Descriptor.own(Sockets.socket(SockAddr.AF_UNIX, Sockets.SOCK_DGRAM, 0))) {
            String name = socket.address().substring(1);
            assertThat(Sockets.connect(sender.number(), new SockAddr.Unix(name, true)))
                    .isZero();
            Messages.send(sender.number(), bytes("FDSTORE=1"), List.of(pipe.writeEnd()));
            Messages.send(sender.number(), bytes("READY=1"), List.of());
            pipe.writeEnd().close();
            for (int look = 0; look < 2; look++) {
                NotifySocket.Message message = socket.peek().orElseThrow();
                assertThat(message.text()).isEqualTo("FDSTORE=1");
                assertThat(message.descriptors()).hasSize(1);
                message.descriptors().forEach(Descriptor::close);
            }
            assertThat(pipe.read(new byte[1])).as("open in the message").isEqualTo(-1);
            socket.drop();
            assertThat(pipe.read(new byte[1])).as("nobody has it any more").isZero();
            assertThat(socket.peek().orElseThrow().text()).isEqualTo("READY=1");
            socket.drop();
            assertThat(socket.peek()).isEmpty();
        }
    }

    @Test
    void oneOpenFileIsKnownByAnyOfItsDescriptors() {
        try (Pipe one = Pipe.open();
                Pipe other = Pipe.open();
                Descriptor copy =
                        Descriptor.own(Descriptors.duplicate(one.readEnd().number(), 3))) {
            assertThat(Descriptors.isSame(one.readEnd().number(), copy.number()))
                    .isTrue();
            assertThat(Descriptors.isSame(other.readEnd().number(), copy.number()))
                    .isFalse();
        }
    }
}

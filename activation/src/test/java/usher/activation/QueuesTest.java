package usher.activation;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import usher.activation.posix.Descriptor;
import usher.activation.posix.Processes;
import usher.activation.posix.SockAddr;
import usher.activation.posix.Sockets;
import usher.bundles.Address;

/** What a look at the queue tells, while a daemon (here: this test) takes peers off it or does not. */
@Timeout(60)
@SuppressWarnings("try") // closing early is what some tests are about
class QueuesTest {
    @TempDir
    Path temp;

    private List<Address> connectionOriented() {
        return List.of(
                Declared.tcp(0),
                Declared.unix(temp.resolve("x.sock")),
                new Address.Unix(Address.UnixType.SEQPACKET, temp.resolve("seq").toString(), false),
                new Address.Unix(Address.UnixType.STREAM, "usher-queue-" + Processes.pid(), true));
    }

    private static Descriptor connect(Listener listener) {
        boolean packets = listener.declaration().address() instanceof Address.Unix unix
                && unix.type() == Address.UnixType.SEQPACKET;
        return ListenerTest.connect(listener.boundTo(), packets ? Sockets.SOCK_SEQPACKET : Sockets.SOCK_STREAM);
    }

    @Test
    void seesThatNothingWasTakenEvenIfMoreHaveCome() {
        for (Address address : connectionOriented()) {
            try (Listener listener = Declared.open(Declared.accepting(address));
                    Descriptor first = connect(listener)) {
                QueueMark mark = mark(listener);
                assertThat(listener.takenSince(mark)).as("%s", address).isEqualTo(Taken.NO);
                try (Descriptor second = connect(listener)) {
                    assertThat(listener.takenSince(mark)).as("%s", address).isEqualTo(Taken.NO);
                    assertThat(first.isOpen() && second.isOpen()).isTrue();
                }
            }
        }
    }

    @Test
    void seesThatOneOfSeveralWasTakenEvenIfAnotherHasCome() {
        for (Address address : connectionOriented()) {
            try (Listener listener = Declared.open(Declared.accepting(address));
                    Descriptor first = connect(listener);
                    Descriptor second = connect(listener)) {
                QueueMark mark = mark(listener);
                ((Acceptance.Connection) listener.accept()).close();
                assertThat(listener.takenSince(mark)).as("%s", address).isEqualTo(Taken.YES);
                try (Descriptor third = connect(listener)) {
                    assertThat(listener.takenSince(mark)).as("%s", address).isEqualTo(Taken.YES);
                    assertThat(first.isOpen() && second.isOpen() && third.isOpen())
                            .isTrue();
                }
            }
        }
    }

    @Test
    void seesThatAnEmptiedQueueWasTaken() {
        for (Address address : connectionOriented()) {
            try (Listener listener = Declared.open(Declared.accepting(address));
                    Descriptor client = connect(listener)) {
                QueueMark mark = mark(listener);
                try (Acceptance.Connection connection = (Acceptance.Connection) listener.accept()) {
                    assertThat(connection.descriptor().isOpen() && client.isOpen())
                            .isTrue();
                    assertThat(listener.takenSince(mark)).as("%s", address).isEqualTo(Taken.YES);
                }
            }
        }
    }

    /** The daemon is on its way to its queue while it is looked up who waits there. */
    @Test
    void seesWhatWasTakenBetweenTheGlanceAndItsCompletion() {
        for (Address address : connectionOriented()) {
            try (Listener listener = Declared.open(Declared.accepting(address));
                    Descriptor first = connect(listener);
                    Descriptor second = connect(listener)) {
                QueueMark glance = listener.glance();
                ((Acceptance.Connection) listener.accept()).close();
                QueueMark mark = listener.complete(glance);
                try (Descriptor third = connect(listener)) {
                    assertThat(listener.takenSince(mark)).as("%s", address).isEqualTo(Taken.YES);
                    assertThat(first.isOpen() && second.isOpen() && third.isOpen())
                            .isTrue();
                }
            }
        }
    }

    @Test
    void doesNotTakeAPeerThatHasLeftForOneThatWasTaken() {
        for (Address address : connectionOriented()) {
            try (Listener listener = Declared.open(Declared.accepting(address));
                    Descriptor client = connect(listener)) {
                QueueMark mark = mark(listener);
                client.close();
                assertThat(listener.takenSince(mark)).as("%s", address).isNotEqualTo(Taken.YES);
            }
        }
    }

    @Test
    void seesAsManyInProc() {
        String path = temp.resolve("x.sock").toString();
        try (Listener tcp = Declared.open(Declared.accepting(Declared.tcp(0)));
                Listener unix = Declared.open(Declared.accepting(Declared.unix(Path.of(path))));
                Descriptor first = connect(tcp);
                Descriptor second = connect(tcp);
                Descriptor third = connect(unix)) {
            assertThat(first.isOpen() && second.isOpen() && third.isOpen()).isTrue();
            assertThat(Queues.tcpInProc((SockAddr.Inet) tcp.boundTo())).hasSize(2);
            assertThat(mark(tcp).peers()).hasSize(2);
            assertThat(Queues.unixInProc(path).length()).isEqualTo(1);
            assertThat(mark(unix).peers()).hasSize(1);
            ((Acceptance.Connection) tcp.accept()).close();
            assertThat(Queues.tcpInProc((SockAddr.Inet) tcp.boundTo())).hasSize(1);
            assertThat(mark(tcp).peers()).hasSize(1);
        }
    }

    @Test
    void knowsNothingOfAQueueThatWasEmpty() {
        try (Listener listener = Declared.open(Declared.accepting(Declared.tcp(0)))) {
            assertThat(listener.takenSince(mark(listener))).isEqualTo(Taken.UNKNOWN);
        }
    }

    @Test
    void comparesTheFirstDatagram() {
        Address unix =
                new Address.Unix(Address.UnixType.DGRAM, temp.resolve("dgram").toString(), false);
        for (Address address : List.of(Declared.udp(0), unix)) {
            try (Listener listener = Declared.open(Declared.socket(address));
                    Descriptor client = ListenerTest.connect(listener.boundTo(), Sockets.SOCK_DGRAM)) {
                send(client, "one");
                QueueMark mark = mark(listener);
                send(client, "two");
                assertThat(listener.takenSince(mark)).as("%s", address).isEqualTo(Taken.NO);
                take(listener);
                assertThat(listener.takenSince(mark)).as("%s", address).isEqualTo(Taken.YES);
                take(listener);
                assertThat(listener.takenSince(mark)).as("%s", address).isEqualTo(Taken.YES);
            }
        }
    }

    private static void send(Descriptor client, String text) {
        assertThat(Sockets.send(client.number(), text.getBytes(java.nio.charset.StandardCharsets.UTF_8), 0))
                .isEqualTo(text.length());
    }

    private static void take(Listener listener) {
        assertThat(Sockets.receive(listener.descriptor().number(), new byte[10], 0, new SockAddr[1]))
                .isPositive();
    }

    private static QueueMark mark(Listener listener) {
        return listener.complete(listener.glance());
    }
}

package usher.activation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import usher.activation.posix.Descriptor;
import usher.activation.posix.Descriptors;
import usher.activation.posix.Errno;
import usher.activation.posix.Nodes;
import usher.activation.posix.Processes;
import usher.activation.posix.SockAddr;
import usher.activation.posix.SocketOption;
import usher.activation.posix.Sockets;
import usher.bundles.Address;
import usher.bundles.ListeningSocket;
import usher.bundles.SocketOptions;

@Timeout(60)
@SuppressWarnings("try") // closing early is what some tests are about
class ListenerTest {
    @TempDir
    Path temp;

    @Test
    void acceptsABlockingConnectionThatIsClosedOnExec() {
        try (Listener listener = Declared.open(Declared.accepting(Declared.tcp(0)))) {
            assertThat(listener.isReadable()).isFalse();
            assertThat(listener.accept()).isEqualTo(new Acceptance.Nobody());
            try (Descriptor client = connect(listener)) {
                assertThat(listener.isReadable()).isTrue();
                Acceptance.Connection connection = (Acceptance.Connection) listener.accept();
                assertThat(connection.local()).isEqualTo(listener.boundTo());
                assertThat(connection.peer()).isEqualTo(localName(client));
                assertThat(Descriptors.isCloseOnExec(connection.descriptor().number()))
                        .isEqualTo(1);
                assertThat(statusFlags(connection.descriptor()) & Descriptors.O_NONBLOCK)
                        .isZero();
                connection.close();
            }
        }
    }

    @Test
    void staysBlockingWhereADaemonAccepts() {
        try (Listener passed = Declared.open(Declared.socket(Declared.tcp(0)));
                Listener accepting = Declared.open(Declared.accepting(Declared.tcp(0)))) {
            assertThat(statusFlags(passed.descriptor()) & Descriptors.O_NONBLOCK)
                    .isZero();
            assertThat(statusFlags(accepting.descriptor()) & Descriptors.O_NONBLOCK)
                    .isNotZero();
        }
    }

    @Test
    void takesBothFamiliesWhereNoHostIsNamed() {
        assumeTrue(Files.exists(Path.of("/proc/net/if_inet6")), "no IPv6 on this machine");
        Address any = new Address.Inet(Address.Transport.TCP, Optional.empty(), 0, Optional.empty());
        try (Listener listener = Declared.open(Declared.accepting(any))) {
            int port = ((SockAddr.Inet) listener.boundTo()).port();
            ByteBuffer loopback6 = ByteBuffer.allocate(16).put(15, (byte) 1);
            for (ByteBuffer host : List.of(Declared.LOOPBACK, loopback6)) {
                try (Descriptor client = connect(new SockAddr.Inet(host, port, 0), Sockets.SOCK_STREAM)) {
                    Acceptance.Connection connection = (Acceptance.Connection) listener.accept();
                    assertThat(((SockAddr.Inet) connection.peer()).host()).isEqualTo(host);
                    assertThat(connection.peer()).isEqualTo(localName(client));
                    connection.close();
                }
            }
        }
    }

    @Test
    void saysWhoHasTheAddress() {
        try (Listener first = Declared.open(Declared.socket(Declared.tcp(0)))) {
            int port = ((SockAddr.Inet) first.boundTo()).port();
            assertThat(failure(Declared.socket(Declared.tcp(port)))).satisfies(failure -> {
                assertThat(failure.kind()).isEqualTo(Opening.Kind.IN_USE);
                assertThat(failure.message())
                        .startsWith("web/sockets/http: ")
                        .contains("address already in use by pid " + Processes.pid() + " (");
            });
        }
        try (Listener first = Declared.open(Declared.socket(Declared.udp(0)))) {
            int port = ((SockAddr.Inet) first.boundTo()).port();
            assertThat(failure(Declared.socket(Declared.udp(port))).kind()).isEqualTo(Opening.Kind.IN_USE);
        }
    }

    @Test
    void tellsAnAddressThatIsNotThereYetFromOneThatNeverWillBe() {
        // 192.0.2.0/24 is for documentation and on no machine (RFC 5737).
        ByteBuffer absent = ByteBuffer.wrap(new byte[] {(byte) 192, 0, 2, 1});
        assertThat(failure(Declared.socket(inet(absent, Optional.empty()))).kind())
                .isEqualTo(Opening.Kind.NOT_YET);
        ByteBuffer linkLocal =
                ByteBuffer.allocate(16).put(0, (byte) 0xfe).put(1, (byte) 0x80).put(15, (byte) 1);
        assertThat(failure(Declared.socket(inet(linkLocal, Optional.of("nosuchif0"))))
                        .kind())
                .isEqualTo(Opening.Kind.NOT_YET);
        assertThat(failure(Declared.socket(Declared.unix(temp.resolve("x".repeat(110))))))
                .satisfies(failure -> {
                    assertThat(failure.kind()).isEqualTo(Opening.Kind.PERMANENT);
                    assertThat(failure.message()).contains("107 bytes");
                });
    }

    @Test
    void makesANodeWithItsModeParentsAndLinksAndRemovesThem() throws IOException {
        Path node = temp.resolve("söck/et/x.sock");
        Path link = temp.resolve("links/x");
        ListeningSocket declaration = Declared.socket(
                Declared.unix(node), true, SocketOptions.NONE, Declared.node(0640, true, List.of(link.toString())));
        try (Listener listener = Declared.open(declaration)) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(node)))
                    .isEqualTo("rw-r-----");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(node.getParent())))
                    .isEqualTo("rwxr-x---");
            assertThat(Files.readSymbolicLink(link)).isEqualTo(node);
            connect(listener).close();
        }
        assertThat(Files.exists(node, LinkOption.NOFOLLOW_LINKS)).isFalse();
        assertThat(Files.exists(link, LinkOption.NOFOLLOW_LINKS)).isFalse();
    }

    @Test
    void replacesAStaleNodeButNeverOneThatSomebodyServes() throws IOException {
        Path node = temp.resolve("x.sock");
        ListeningSocket declaration = Declared.accepting(Declared.unix(node));
        Declared.open(declaration).close(); // without remove-on-stop the node stays behind
        assertThat(node).exists();
        try (Listener listener = Declared.open(declaration)) {
            assertThat(failure(declaration)).satisfies(failure -> {
                assertThat(failure.kind()).isEqualTo(Opening.Kind.IN_USE);
                assertThat(failure.message()).contains("by pid " + Processes.pid());
            });
            // A socket of another type at the same path is served as well.
            Address dgram = new Address.Unix(Address.UnixType.DGRAM, node.toString(), false);
            assertThat(failure(Declared.socket(dgram)).kind()).isEqualTo(Opening.Kind.IN_USE);
            connect(listener).close();
        }
        Files.delete(node);
        Files.writeString(node, "precious");
        assertThat(failure(declaration).message()).contains("is in the way");
        assertThat(node).hasContent("precious");
    }

    @Test
    void leavesANodeAloneThatIsNotItsOwnAnyMore() throws IOException {
        Path node = temp.resolve("x.sock");
        ListeningSocket declaration =
                Declared.socket(Declared.unix(node), true, SocketOptions.NONE, Declared.node(0666, true, List.of()));
        Listener first = Declared.open(declaration);
        Files.delete(node);
        try (Listener second = Declared.open(declaration)) {
            first.close();
            assertThat(node).exists();
            connect(second).close();
        }
    }

    @Test
    void passesPeersByThatAreGoneAndTellsWhoConnected() {
        Address name = new Address.Unix(Address.UnixType.STREAM, "usher-test-" + Processes.pid(), true);
        try (Listener listener = Declared.open(Declared.accepting(name))) {
            try (Descriptor client = connect(listener);
                    Acceptance.Connection connection = (Acceptance.Connection) listener.accept()) {
                assertThat(client.isOpen()).isTrue();
                assertThat(Ucspi.of(connection))
                        .contains(
                                "PROTO=UNIX",
                                "UNIXREMOTEPID=" + Processes.pid(),
                                "UNIXREMOTEEUID=" + Processes.effectiveUser(),
                                "UNIXREMOTEEGID=" + Processes.effectiveGroup());
            }
        }
    }

    @Test
    void opensFifosDatagramsSequencedPacketsAndNetlink() {
        Path fifo = temp.resolve("fifo");
        Address kernelEvents = new Address.Netlink("kobject-uevent", 15, 1);
        Address packets =
                new Address.Unix(Address.UnixType.SEQPACKET, temp.resolve("seq").toString(), false);
        Address datagrams =
                new Address.Unix(Address.UnixType.DGRAM, temp.resolve("dgram").toString(), false);
        for (Address address : List.of(new Address.Fifo(fifo), kernelEvents, packets, datagrams, Declared.udp(0))) {
            try (Listener listener = Declared.open(Declared.socket(address))) {
                assertThat(statusFlags(listener.descriptor()) & Descriptors.O_NONBLOCK)
                        .as("%s", address)
                        .isZero();
                assertThat(listener.isReadable()).as("%s", address).isFalse();
                assertThat(listener.isShutDown()).as("%s", address).isFalse();
                boolean fixed = !(address instanceof Address.Inet);
                assertThat(Listener.isOpenAt(address, listener.descriptor())).isEqualTo(fixed);
            }
        }
    }

    /** Its owner would read what others write into it. */
    @Test
    void takesNoFifoOverThatIsSomebodyElses() {
        assumeTrue(Processes.effectiveUser() == 0, "only root can give a FIFO away");
        Path fifo = temp.resolve("fifo");
        assertThat(Nodes.makeFifo(fifo.toString(), 0600)).isZero();
        assertThat(Nodes.chown(fifo.toString(), 54321, -1)).isZero();

        ListeningSocket socket = Declared.socket(new Address.Fifo(fifo));
        assertThat(Listener.open(socket)).isInstanceOfSatisfying(Opening.OpenFailure.class, failure -> {
            assertThat(failure.kind()).isEqualTo(Opening.Kind.PERMANENT);
            assertThat(failure.message()).contains(fifo + " is there already and belongs to neither root");
        });

        ListeningSocket.Node node =
                new ListeningSocket.Node(Optional.of("54321"), Optional.empty(), 0666, 0755, false, List.of());
        try (Listener listener =
                Declared.open(Declared.socket(new Address.Fifo(fifo), false, SocketOptions.NONE, node))) {
            assertThat(listener.isReadable()).isFalse();
        }
    }

    @Test
    void recognisesAPassedSocketByItsAddress() {
        try (Listener listener = Declared.open(Declared.socket(Declared.tcp(0)))) {
            int port = ((SockAddr.Inet) listener.boundTo()).port();
            assertThat(Listener.isOpenAt(Declared.tcp(port), listener.descriptor()))
                    .isTrue();
            assertThat(Listener.isOpenAt(Declared.udp(port), listener.descriptor()))
                    .isFalse();
            assertThat(Listener.isOpenAt(Declared.tcp(port ^ 1), listener.descriptor()))
                    .isFalse();
            Address any = new Address.Inet(Address.Transport.TCP, Optional.empty(), port, Optional.empty());
            assertThat(Listener.isOpenAt(any, listener.descriptor())).isFalse();
        }
    }

    @Test
    void listensAgainAfterADaemonHasShutTheSocketDown() {
        Address path = Declared.unix(temp.resolve("x.sock"));
        Address name = new Address.Unix(Address.UnixType.STREAM, "usher-revive-" + Processes.pid(), true);
        for (Address address : List.of(Declared.tcp(freePort()), path, name)) {
            try (Listener listener = Declared.open(Declared.accepting(address))) {
                SockAddr before = listener.boundTo();
                Sockets.shutdown(listener.descriptor().number(), Sockets.SHUT_RDWR);
                assertThat(listener.isShutDown()).as("%s", address).isTrue();
                assertThat(listener.listenAgain() || listener.openAnew() instanceof Opening.Opened)
                        .isTrue();
                assertThat(listener.isShutDown()).isFalse();
                assertThat(listener.boundTo()).isEqualTo(before);
                try (Descriptor client = connect(listener);
                        Acceptance.Connection connection = (Acceptance.Connection) listener.accept()) {
                    assertThat(client.isOpen() && connection.descriptor().isOpen())
                            .isTrue();
                }
            }
        }
    }

    @Test
    void warnsOfOptionsThatCannotBeSetAndOpensAllTheSame() {
        ListeningSocket odd = Declared.socket(
                Declared.tcp(0),
                false,
                Declared.options(Map.of("tcpCongestion", Optional.of("no-such-control"))),
                Declared.PLAIN_NODE);
        assertThat(Listener.open(odd)).isInstanceOfSatisfying(Opening.Opened.class, opened -> {
            assertThat(opened.warnings())
                    .singleElement()
                    .asString()
                    .startsWith("web/sockets/http: could not set tcp-congestion: no such file");
            opened.listener().close();
        });
    }

    @Test
    void setsOptions() {
        SocketOptions options = Declared.options(Map.of(
                "backlog", OptionalInt.of(7),
                "noDelay", true,
                "keepAlive", true,
                "keepAliveTime", Optional.of(Duration.ofMillis(29_500)),
                "keepAliveProbes", OptionalInt.of(3),
                "priority", OptionalInt.of(1),
                "ipTtl", OptionalInt.of(16),
                "receiveBuffer", OptionalInt.of(65536)));
        try (Listener listener = Declared.open(Declared.socket(Declared.tcp(0), true, options, Declared.PLAIN_NODE))) {
            int fd = listener.descriptor().number();
            assertThat(Sockets.option(fd, SocketOption.SOL_SOCKET, SocketOption.SO_KEEPALIVE))
                    .isEqualTo(1);
            assertThat(Sockets.option(fd, SocketOption.SOL_TCP, SocketOption.TCP_KEEPIDLE))
                    .isEqualTo(30);
            assertThat(Sockets.option(fd, SocketOption.SOL_SOCKET, SocketOption.SO_RCVBUF))
                    .isEqualTo(2 * 65536);
            assertThat(Sockets.option(fd, SocketOption.SOL_SOCKET, SocketOption.SO_REUSEADDR))
                    .isEqualTo(1);
        }
    }

    /** A port that was free just now; the kernel keeps a port over a shutdown only if it was asked for by number. */
    private static int freePort() {
        try (Listener listener = Declared.open(Declared.socket(Declared.tcp(0)))) {
            return ((SockAddr.Inet) listener.boundTo()).port();
        }
    }

    private static Address inet(ByteBuffer host, Optional<String> scope) {
        return new Address.Inet(Address.Transport.TCP, Optional.of(host), 4711, scope);
    }

    private static Opening.OpenFailure failure(ListeningSocket declaration) {
        Opening opening = Listener.open(declaration);
        assertThat(opening).isInstanceOf(Opening.OpenFailure.class);
        return (Opening.OpenFailure) opening;
    }

    static Descriptor connect(Listener listener) {
        return connect(listener.boundTo(), Sockets.SOCK_STREAM);
    }

    static Descriptor connect(SockAddr to, int type) {
        int family = to instanceof SockAddr.Unix
                ? SockAddr.AF_UNIX
                : ((SockAddr.Inet) to).host().remaining() == 4 ? SockAddr.AF_INET : SockAddr.AF_INET6;
        Descriptor client = Descriptor.own(Sockets.socket(family, type, 0));
        int result = Sockets.connect(client.number(), to);
        assertThat(result).as("connect to %s: %s", to, Errno.text(-result)).isZero();
        return client;
    }

    private static SockAddr localName(Descriptor socket) {
        SockAddr[] name = new SockAddr[1];
        assertThat(Sockets.localName(socket.number(), name)).isZero();
        return name[0];
    }

    private static int statusFlags(Descriptor descriptor) {
        try {
            return Files.readAllLines(Path.of("/proc/self/fdinfo/" + descriptor.number())).stream()
                    .filter(line -> line.startsWith("flags:"))
                    .mapToInt(line -> Integer.parseInt(line.substring(6).strip(), 8))
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}

package usher.activation;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import usher.bundles.Address;
import usher.bundles.ListeningSocket;
import usher.bundles.Service;
import usher.bundles.SocketOptions;

/** Declarations as a bundle would hold them, with defaults for all that a test does not care about. */
final class Declared {
    static final ByteBuffer LOOPBACK = ByteBuffer.wrap(new byte[] {127, 0, 0, 1});

    static final SocketOptions NO_OPTIONS = new SocketOptions(
            OptionalInt.empty(),
            SocketOptions.BindIpv6Only.DEFAULT,
            Optional.empty(),
            false,
            false,
            false,
            false,
            false,
            Optional.empty(),
            Optional.empty(),
            OptionalInt.empty(),
            Optional.empty(),
            OptionalInt.empty(),
            OptionalInt.empty(),
            OptionalInt.empty(),
            OptionalInt.empty(),
            OptionalInt.empty(),
            OptionalInt.empty(),
            OptionalInt.empty(),
            false,
            false,
            false,
            Optional.empty());

    static final ListeningSocket.Node PLAIN_NODE =
            new ListeningSocket.Node(Optional.empty(), Optional.empty(), 0666, 0755, false, List.of());

    private Declared() {}

    static SocketOptions withCongestion(String algorithm) {
        return new SocketOptions(
                OptionalInt.empty(),
                SocketOptions.BindIpv6Only.DEFAULT,
                Optional.empty(),
                false,
                false,
                false,
                false,
                false,
                Optional.empty(),
                Optional.empty(),
                OptionalInt.empty(),
                Optional.empty(),
                OptionalInt.empty(),
                OptionalInt.empty(),
                OptionalInt.empty(),
                OptionalInt.empty(),
                OptionalInt.empty(),
                OptionalInt.empty(),
                OptionalInt.empty(),
                false,
                false,
                false,
                Optional.of(algorithm));
    }

    static SocketOptions withKeepAlive() {
        return new SocketOptions(
                OptionalInt.of(7),
                SocketOptions.BindIpv6Only.DEFAULT,
                Optional.empty(),
                false,
                false,
                true,
                true,
                true,
                Optional.of(Duration.ofMillis(29_500)),
                Optional.empty(),
                OptionalInt.of(3),
                Optional.empty(),
                OptionalInt.of(1),
                OptionalInt.empty(),
                OptionalInt.of(16),
                OptionalInt.empty(),
                OptionalInt.of(65536),
                OptionalInt.empty(),
                OptionalInt.empty(),
                false,
                false,
                false,
                Optional.empty());
    }

    static Address.Inet tcp(int port) {
        return new Address.Inet(Address.Transport.TCP, Optional.of(LOOPBACK), port, Optional.empty());
    }

    static Address.Inet udp(int port) {
        return new Address.Inet(Address.Transport.UDP, Optional.of(LOOPBACK), port, Optional.empty());
    }

    static Address.Unix unix(Path path) {
        return new Address.Unix(Address.UnixType.STREAM, path.toString(), false);
    }

    static ListeningSocket socket(Address address) {
        return socket(address, false, NO_OPTIONS, PLAIN_NODE);
    }

    static ListeningSocket accepting(Address address) {
        return socket(address, true, NO_OPTIONS, PLAIN_NODE);
    }

    static ListeningSocket socket(Address address, boolean accept, SocketOptions options, ListeningSocket.Node node) {
        return new ListeningSocket(
                "http",
                "web/sockets/http",
                address,
                accept,
                ListeningSocket.Handover.LISTEN_FDS,
                "http",
                false,
                new ListeningSocket.Connections(64, OptionalInt.empty(), List.of(), List.of(), Optional.empty(), false),
                options,
                node);
    }

    static ListeningSocket.Node node(int mode, boolean removeOnStop, List<String> symlinks) {
        return new ListeningSocket.Node(Optional.empty(), Optional.empty(), mode, 0750, removeOnStop, symlinks);
    }

    /** The listener, or a failure of the test that says why there is none. */
    static Listener open(ListeningSocket declaration) {
        Opening opening = Listener.open(declaration);
        if (opening instanceof Opening.Opened opened) {
            return opened.listener();
        }
        throw new AssertionError(opening);
    }

    static Service.Place place(Path directory) {
        return new Service.Place(Optional.empty(), Optional.empty(), 022, directory, Optional.empty(), false, Map.of());
    }
}

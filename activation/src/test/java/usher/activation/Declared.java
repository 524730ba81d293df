package usher.activation;

import java.lang.reflect.RecordComponent;
import java.nio.ByteBuffer;
import java.nio.file.Path;
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

    static final ListeningSocket.Node PLAIN_NODE =
            new ListeningSocket.Node(Optional.empty(), Optional.empty(), 0666, 0755, false, List.of());

    private Declared() {}

    /** No options but these, by the names that they have in {@link SocketOptions}. */
    static SocketOptions options(Map<String, Object> set) {
        RecordComponent[] components = SocketOptions.class.getRecordComponents();
        Class<?>[] types = new Class<?>[components.length];
        Object[] values = new Object[components.length];
        try {
            for (int i = 0; i < components.length; i++) {
                types[i] = components[i].getType();
                Object none = components[i].getAccessor().invoke(SocketOptions.NONE);
                values[i] = set.getOrDefault(components[i].getName(), none);
            }
            return SocketOptions.class.getConstructor(types).newInstance(values);
        } catch (ReflectiveOperationException impossible) {
            throw new LinkageError("records have accessors and a constructor", impossible);
        }
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
        return socket(address, false, SocketOptions.NONE, PLAIN_NODE);
    }

    static ListeningSocket accepting(Address address) {
        return socket(address, true, SocketOptions.NONE, PLAIN_NODE);
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

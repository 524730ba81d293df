package usher.bundles;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where a socket listens. Its string form is the canonical one, the same for every spelling of one address:
 * {@code tcp:127.0.0.1:8080}, {@code tcp:8080} (all interfaces), {@code udp:[::1]:53}, {@code unix:/run/x.sock},
 * {@code unix:@name}, {@code unix-dgram:/run/x.sock}, {@code fifo:/run/x}, {@code netlink:kobject-uevent 1},
 * {@code vsock:3:22}.
 */
public sealed interface Address {

    /** An Internet address; {@code host} is 4 or 16 bytes, or absent for all interfaces, IPv6 and IPv4. */
    record Inet(Transport transport, Optional<ByteBuffer> host, int port, Optional<String> scope) implements Address {
        // Written out: the first comparison by what the compiler makes takes 3 ms, while clients wait for a restart.
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Inet inet
                    && port == inet.port
                    && transport == inet.transport
                    && host.equals(inet.host)
                    && scope.equals(inet.scope);
        }

        /** Whether it is all interfaces: no host, 0.0.0.0 or [::]. */
        public boolean isWildcard() {
            if (host.isPresent()) {
                ByteBuffer bytes = host.get();
                for (int i = bytes.position(); i < bytes.limit(); i++) {
                    if (bytes.get(i) != 0) {
                        return false;
                    }
                }
            }
            return true;
        }

        @Override
        public int hashCode() {
            return 31 * (31 * host.hashCode() + port) + scope.hashCode();
        }

        @Override
        public String toString() {
            return Addresses.format(this);
        }
    }

    /** A Unix-domain socket: a path, or a name (without the {@code @}) in the abstract namespace. */
    record Unix(UnixType type, String name, boolean isAbstract) implements Address {
        @Override
        public String toString() {
            return Addresses.format(this);
        }
    }

    /** A FIFO, {@code fifo(7)}, at an absolute path. */
    record Fifo(Path path) implements Address {
        @Override
        public String toString() {
            return "fifo:" + path;
        }
    }

    /** A netlink socket, {@code netlink(7)}: the family's name and number, and a multicast group (0: none). */
    record Netlink(String family, int protocol, int group) implements Address {
        @Override
        public String toString() {
            return "netlink:" + family + " " + Integer.toUnsignedString(group);
        }
    }

    /** A VM socket, {@code vsock(7)}; an absent cid is VMADDR_CID_ANY. */
    record Vsock(Optional<Integer> cid, int port) implements Address {
        @Override
        public String toString() {
            return "vsock:" + cid.map(Integer::toUnsignedString).orElse("") + ":" + Integer.toUnsignedString(port);
        }
    }

    enum Transport {
        TCP,
        UDP
    }

    enum UnixType {
        STREAM,
        DGRAM,
        SEQPACKET
    }

    /** The address that {@code text} says in any of its spellings; none if it says none. */
    static Optional<Address> parse(String text) {
        try {
            return Optional.of(Addresses.parse(text));
        } catch (BadValue e) {
            return Optional.empty();
        }
    }

    /** What is there once, whoever wants it: of a file its path, whatever listens at it, else the whole address. */
    default String place() {
        if (this instanceof Unix unix && !unix.isAbstract()) {
            return unix.name();
        }
        return this instanceof Fifo fifo ? fifo.path().toString() : toString();
    }

    /** Whether peers connect, so that {@code accept} makes sense: not so for datagram sockets, FIFOs and netlink. */
    default boolean isConnectionOriented() {
        return Addresses.isConnectionOriented(this);
    }
}

package usher.activation;

import static usher.activation.posix.PosixException.check;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import usher.activation.posix.Descriptor;
import usher.activation.posix.Descriptors;
import usher.activation.posix.Errno;
import usher.activation.posix.PosixException;
import usher.activation.posix.SockAddr;
import usher.activation.posix.SocketOption;
import usher.activation.posix.Sockets;
import usher.bundles.Address;
import usher.bundles.ListeningSocket;
import usher.bundles.SocketOptions.BindIpv6Only;

/**
 * Opens sockets: socket, options that matter before the bind, bind, further options, listen. What fails throws; further
 * options and symbolic links that fail only warn, as in {@code systemd.socket(5)}.
 */
final class Opener {
    private static final ByteBuffer ANY_4 = ByteBuffer.allocate(4).asReadOnlyBuffer();
    private static final ByteBuffer ANY_6 = ByteBuffer.allocate(16).asReadOnlyBuffer();

    private final ListeningSocket declaration;
    private final List<String> warnings;

    private Opener(ListeningSocket declaration, List<String> warnings) {
        this.declaration = declaration;
        this.warnings = warnings;
    }

    static Listener open(ListeningSocket declaration, List<String> warnings) {
        Opener opener = new Opener(declaration, warnings);
        Address address = declaration.address();
        if (address instanceof Address.Inet inet) {
            return opener.listener(opener.inet(inet), Node.none(declaration));
        } else if (address instanceof Address.Unix unix) {
            return opener.unix(unix);
        } else if (address instanceof Address.Fifo fifo) {
            return opener.fifo(fifo.path().toString());
        } else if (address instanceof Address.Netlink netlink) {
            SockAddr bindTo = new SockAddr.Netlink(0, netlink.group());
            Descriptor socket = opener.socket(SockAddr.AF_NETLINK, Sockets.SOCK_RAW, netlink.protocol());
            return opener.listener(opener.bound(socket, bindTo), Node.none(declaration));
        }
        Address.Vsock vsock = (Address.Vsock) address;
        SockAddr bindTo = new SockAddr.Vsock(vsock.cid().orElse(-1), vsock.port());
        Descriptor socket = opener.socket(SockAddr.AF_VSOCK, Sockets.SOCK_STREAM, 0);
        return opener.listener(opener.bound(socket, bindTo), Node.none(declaration));
    }

    private Listener listener(Descriptor descriptor, Node node) {
        return new Listener(declaration, descriptor, node);
    }

    private Descriptor socket(int family, int type, int protocol) {
        int flags = declaration.accept() ? Sockets.SOCK_NONBLOCK : 0;
        return Descriptor.own(Sockets.socket(family, type | flags, protocol), "make", "a socket");
    }

    private Descriptor inet(Address.Inet inet) {
        int scope = inet.scope().isPresent() ? scope(inet.scope().get()) : 0;
        if (inet.host().isPresent()) {
            return inet(inet, inet.host().get(), scope);
        }
        try {
            return inet(inet, ANY_6, scope);
        } catch (PosixException noIpv6) {
            boolean absent = noIpv6.errno() == Errno.EAFNOSUPPORT || noIpv6.errno() == Errno.EADDRNOTAVAIL;
            if (!absent || declaration.options().bindIpv6Only() == BindIpv6Only.IPV6_ONLY) {
                throw noIpv6;
            }
            return inet(inet, ANY_4, scope);
        }
    }

    private static int scope(String interfaceName) {
        return check(Sockets.interfaceIndex(interfaceName), "find interface", interfaceName);
    }

    private Descriptor inet(Address.Inet inet, ByteBuffer host, int scope) {
        boolean tcp = inet.transport() == Address.Transport.TCP;
        boolean six = host.remaining() == 16;
        Descriptor socket =
                socket(six ? SockAddr.AF_INET6 : SockAddr.AF_INET, tcp ? Sockets.SOCK_STREAM : Sockets.SOCK_DGRAM, 0);
        try {
            if (tcp) {
                // Not for UDP, where it would let two sockets share a port and one of them go deaf.
                int result = Sockets.setOption(socket.number(), SocketOption.SOL_SOCKET, SocketOption.SO_REUSEADDR, 1);
                check(result, "set", "SO_REUSEADDR");
            }
            if (six) {
                ipv6Only(socket, inet.host().isEmpty());
            }
        } catch (PosixException failure) {
            socket.close();
            throw failure;
        }
        return bound(socket, new SockAddr.Inet(host, inet.port(), scope));
    }

    /** An address without host means both families, whatever the machine's default is. */
    private void ipv6Only(Descriptor socket, boolean wildcard) {
        BindIpv6Only wish = declaration.options().bindIpv6Only();
        if (wish != BindIpv6Only.DEFAULT || wildcard) {
            int only = wish == BindIpv6Only.IPV6_ONLY ? 1 : 0;
            check(
                    Sockets.setOption(socket.number(), SocketOption.SOL_IPV6, SocketOption.IPV6_V6ONLY, only),
                    "set",
                    "IPV6_V6ONLY");
        }
    }

    /** Binds and listens, or closes the socket and throws. */
    private Descriptor bound(Descriptor socket, SockAddr address) {
        try {
            Options.applyBeforeBind(declaration, socket, warnings);
            check(Sockets.bind(socket.number(), address), OpenFailures.BIND, "");
            Options.apply(declaration, socket, warnings);
            if (declaration.address().isConnectionOriented()) {
                check(Sockets.listen(socket.number(), Options.backlog(declaration)), OpenFailures.BIND, "");
            }
            return socket;
        } catch (PosixException failure) {
            socket.close();
            throw failure;
        }
    }

    private Listener unix(Address.Unix unix) {
        if (unix.name().getBytes(StandardCharsets.UTF_8).length > SockAddr.UNIX_NAME_MAX) {
            throw new PosixException(OpenFailures.LONG_NAME, unix.name(), Errno.ENAMETOOLONG);
        }
        SockAddr address = new SockAddr.Unix(unix.name(), unix.isAbstract());
        int type = type(unix.type());
        if (unix.isAbstract()) {
            return listener(bound(socket(SockAddr.AF_UNIX, type, 0), address), Node.none(declaration));
        }
        Node.makeParents(declaration, unix.name());
        Descriptor socket = Node.withMode(declaration.node().mode(), () -> {
            try {
                return bound(socket(SockAddr.AF_UNIX, type, 0), address);
            } catch (PosixException failure) {
                if (failure.errno() != Errno.EADDRINUSE || !Node.removeIfStale(unix.name(), type)) {
                    throw failure;
                }
                return bound(socket(SockAddr.AF_UNIX, type, 0), address);
            }
        });
        return finish(socket, unix.name());
    }

    static int type(Address.UnixType type) {
        return switch (type) {
            case STREAM -> Sockets.SOCK_STREAM;
            case DGRAM -> Sockets.SOCK_DGRAM;
            case SEQPACKET -> Sockets.SOCK_SEQPACKET;
        };
    }

    private Listener fifo(String path) {
        Node.makeParents(declaration, path);
        Node.makeFifo(declaration, path);
        // Read and write, so that it neither waits for a writer now nor ends when the last one leaves.
        int flags = Descriptors.O_RDWR | Descriptors.O_NONBLOCK | Descriptors.O_NOFOLLOW;
        Descriptor fifo = Descriptor.own(Descriptors.open(path, flags, 0), "open", path);
        Descriptors.setNonBlocking(fifo.number(), false);
        Options.applyToFifo(declaration, fifo, warnings);
        return finish(fifo, path);
    }

    /** Gives the new node its owner and its symbolic links. */
    private Listener finish(Descriptor descriptor, String path) {
        Node node = Node.at(declaration);
        try {
            node.chown();
        } catch (PosixException failure) {
            descriptor.close();
            node.remove();
            throw failure;
        }
        node.link(path, warnings);
        return listener(descriptor, node);
    }
}

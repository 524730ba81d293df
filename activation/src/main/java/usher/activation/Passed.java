package usher.activation;

import java.nio.ByteBuffer;
import java.util.Optional;
import usher.activation.posix.Descriptor;
import usher.activation.posix.Nodes;
import usher.activation.posix.SockAddr;
import usher.activation.posix.SocketOption;
import usher.activation.posix.Sockets;
import usher.bundles.Address;

/** Recognises a descriptor that somebody else has opened by the address that it is open at. */
final class Passed {
    private Passed() {}

    static boolean matches(Address address, Descriptor descriptor) {
        if (address instanceof Address.Fifo fifo) {
            Optional<Nodes.Stat> node = Nodes.stat(fifo.path().toString()).filter(stat -> stat.is(Nodes.S_IFIFO));
            return node.isPresent() && node.equals(Nodes.stat(descriptor));
        }
        SockAddr[] name = new SockAddr[1];
        if (Sockets.localName(descriptor.number(), name) < 0 || !listensIfItShould(address, descriptor)) {
            return false;
        }
        int type = Sockets.option(descriptor.number(), SocketOption.SOL_SOCKET, SocketOption.SO_TYPE);
        if (address instanceof Address.Inet inet && name[0] instanceof SockAddr.Inet bound) {
            boolean sameType =
                    type == (inet.transport() == Address.Transport.TCP ? Sockets.SOCK_STREAM : Sockets.SOCK_DGRAM);
            return sameType && inet.port() == bound.port() && isHost(inet.host(), bound.host());
        }
        if (address instanceof Address.Unix unix && name[0] instanceof SockAddr.Unix bound) {
            return type == Opener.type(unix.type())
                    && bound.name().equals(unix.name())
                    && bound.isAbstract() == unix.isAbstract();
        }
        if (address instanceof Address.Netlink netlink && name[0] instanceof SockAddr.Netlink bound) {
            int protocol = Sockets.option(descriptor.number(), SocketOption.SOL_SOCKET, SocketOption.SO_PROTOCOL);
            return protocol == netlink.protocol() && bound.groups() == netlink.group();
        }
        return address instanceof Address.Vsock vsock
                && name[0] instanceof SockAddr.Vsock bound
                && bound.port() == vsock.port()
                && bound.cid() == vsock.cid().orElse(-1);
    }

    private static boolean listensIfItShould(Address address, Descriptor descriptor) {
        boolean listens = Sockets.option(descriptor.number(), SocketOption.SOL_SOCKET, SocketOption.SO_ACCEPTCONN) == 1;
        return listens == address.isConnectionOriented();
    }

    /** No declared host is the wildcard address of either family. */
    private static boolean isHost(Optional<ByteBuffer> declared, ByteBuffer bound) {
        if (declared.isPresent()) {
            return declared.get().equals(bound);
        }
        ByteBuffer host = bound.duplicate();
        while (host.hasRemaining()) {
            if (host.get() != 0) {
                return false;
            }
        }
        return true;
    }
}

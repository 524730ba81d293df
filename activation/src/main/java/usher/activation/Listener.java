package usher.activation;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import usher.activation.posix.Descriptor;
import usher.activation.posix.Descriptors;
import usher.activation.posix.Errno;
import usher.activation.posix.IpText;
import usher.activation.posix.Nodes;
import usher.activation.posix.PeerCredentials;
import usher.activation.posix.PosixException;
import usher.activation.posix.SockAddr;
import usher.activation.posix.SocketFilter;
import usher.activation.posix.SocketOption;
import usher.activation.posix.Sockets;
import usher.bundles.Address;
import usher.bundles.ListeningSocket;

/**
 * One open socket that a bundle declares. With {@code accept} its open file description is non-blocking; without, it is
 * blocking, since the daemon that inherits it expects that. The launcher then only asks whether it is readable.
 *
 * <p>Life: opened or adopted, perhaps shut down by a daemon and revived, closed. Owned by one thread.
 */
public final class Listener implements AutoCloseable {
    /** More peers than this that are gone already in one go are left to the next event. */
    private static final int GONE_AT_ONCE = 1000;

    private ListeningSocket declaration;
    private Descriptor descriptor;
    private Node node;
    /** The local address of every connection, once known, if they all have the same. */
    private @Nullable SockAddr common;

    Listener(ListeningSocket declaration, Descriptor descriptor, Node node) {
        this.declaration = declaration;
        this.descriptor = descriptor;
        this.node = node;
    }

    /** Opens what the declaration says. */
    public static Opening open(ListeningSocket declaration) {
        List<String> warnings = new ArrayList<>();
        try {
            return new Opening.Opened(Opener.open(declaration, warnings), warnings);
        } catch (PosixException failure) {
            return OpenFailures.of(declaration, failure);
        }
    }

    /** Takes over an open socket that somebody passed on, which {@link #isOpenAt} says is the declared one. */
    public static Listener adopt(ListeningSocket declaration, Descriptor descriptor) {
        PosixException.check(
                Descriptors.setNonBlocking(descriptor.number(), declaration.accept()), "adopt", declaration.source());
        return new Listener(declaration, descriptor, Node.at(declaration));
    }

    /** Whether the descriptor is a socket or FIFO open at exactly that address. */
    public static boolean isOpenAt(Address address, Descriptor descriptor) {
        return Passed.matches(address, descriptor);
    }

    public ListeningSocket declaration() {
        return declaration;
    }

    /** It is declared anew, at the same address: limits and access rules hold from now on, options of the socket stay. */
    public void redeclare(ListeningSocket fresh) {
        declaration = fresh;
    }

    /** Another one after {@link #openAnew} than before. */
    public Descriptor descriptor() {
        return descriptor;
    }

    /** The number of its node in the kernel, in decimal: no other open socket has it, and a daemon may have this one. */
    public String inode() {
        return Nodes.stat(descriptor).map(stat -> Long.toString(stat.inode())).orElse("");
    }

    /** Where it is bound, as the kernel says. */
    public SockAddr boundTo() {
        SockAddr[] name = new SockAddr[1];
        return Sockets.localName(descriptor.number(), name) < 0 ? new SockAddr.Other(0) : name[0];
    }

    /** As the next daemon expects it, however the last one has left it; not while one has it. */
    public void makeBlocking() {
        if (!declaration.accept()) {
            Descriptors.setNonBlocking(descriptor.number(), false);
        }
    }

    /** Whether a peer, a datagram or data is waiting. */
    public boolean isReadable() {
        return (Descriptors.poll(descriptor.number(), Descriptors.POLLIN, 0) & Descriptors.POLLIN) != 0;
    }

    /** Whether somebody who shares it has shut it down, so that it hears nobody any more. */
    public boolean isShutDown() {
        int ready = Descriptors.poll(descriptor.number(), Descriptors.POLLIN, 0);
        return ready > 0 && (ready & Descriptors.POLLHUP) != 0 && !(declaration.address() instanceof Address.Fifo);
    }

    /** Takes the next connection off the queue; peers that are gone already are passed over. */
    public Acceptance accept() {
        SockAddr[] name = new SockAddr[1];
        for (int gone = 0; gone < GONE_AT_ONCE; gone++) {
            int result = Sockets.accept(descriptor.number(), name);
            if (result >= 0) {
                return connection(Descriptor.own(result), name[0]);
            }
            switch (-result) {
                case Errno.EAGAIN -> {
                    return new Acceptance.Nobody();
                }
                case Errno.EMFILE, Errno.ENFILE, Errno.ENOBUFS, Errno.ENOMEM -> {
                    return new Acceptance.Exhausted(sentence(-result));
                }
                case Errno.EINVAL -> {
                    return new Acceptance.NotListening(sentence(-result));
                }
                default -> {
                    // accept(2) reports what became of a connection that is gone: the next one may be well.
                }
            }
        }
        return new Acceptance.Nobody();
    }

    private Acceptance.Connection connection(Descriptor accepted, SockAddr peer) {
        Options.applyToConnection(declaration, accepted);
        Optional<PeerCredentials> credentials =
                peer instanceof SockAddr.Unix ? PeerCredentials.of(accepted) : Optional.empty();
        return new Acceptance.Connection(accepted, peer, localName(accepted), credentials);
    }

    /** Whether the descriptor is a connection that came in here. */
    public boolean isConnectionOfIts(Descriptor other) {
        int listens = Sockets.option(other.number(), SocketOption.SOL_SOCKET, SocketOption.SO_ACCEPTCONN);
        SockAddr[] name = new SockAddr[1];
        if (listens != 0 || Sockets.localName(other.number(), name) < 0 || Sockets.peerName(other.number(), name) < 0) {
            return false;
        }
        Sockets.localName(other.number(), name);
        SockAddr bound = boundTo();
        if (bound instanceof SockAddr.Inet here && name[0] instanceof SockAddr.Inet there) {
            return here.port() == there.port()
                    && (IpText.isUnspecified(here.host()) || here.host().equals(there.host()));
        }
        return bound.equals(name[0]);
    }

    /** That connection, as {@link #accept} would have given it; it owns the descriptor. */
    public Acceptance.Connection connectionOf(Descriptor accepted) {
        SockAddr[] peer = {new SockAddr.Other(0)};
        Sockets.peerName(accepted.number(), peer);
        return connection(accepted, peer[0]);
    }

    /** Where the connection came in: where the listener is bound, unless that is at several addresses. */
    private SockAddr localName(Descriptor accepted) {
        if (common != null) {
            return common;
        }
        SockAddr[] name = {new SockAddr.Other(0)};
        Sockets.localName(accepted.number(), name);
        if (!hasSeveralAddresses()) {
            common = name[0];
        }
        return name[0];
    }

    private boolean hasSeveralAddresses() {
        return declaration.options().transparent()
                || (declaration.address() instanceof Address.Inet inet
                        && inet.host().map(IpText::isUnspecified).orElse(true));
    }

    private String sentence(int errno) {
        return declaration.source() + ": "
                + PosixException.sentence(
                        "accept a connection on", declaration.address().toString(), errno);
    }

    /** Makes a socket that was shut down listen again, if the kernel lets us: of TCP it does. */
    public boolean listenAgain() {
        if (declaration.address().isConnectionOriented()) {
            Sockets.listen(descriptor.number(), Options.backlog(declaration));
        }
        return !isShutDown();
    }

    /**
     * Closes a socket that was shut down and opens another one in its place; {@link #descriptor} must not be watched
     * meanwhile, and nobody else may have it. The listener in the result is this one.
     */
    public Opening openAnew() {
        descriptor.close();
        node.remove();
        Opening opening = open(declaration);
        if (opening instanceof Opening.Opened opened) {
            descriptor = opened.listener().descriptor;
            node = opened.listener().node;
            common = null;
            return new Opening.Opened(this, opened.warnings());
        }
        return opening;
    }

    /**
     * Has the kernel drop whatever asks for a new connection, so that the peer's kernel asks again a second later; open
     * and queued connections are not touched. False where that cannot be had: it is for TCP only.
     */
    public boolean dropNewcomers() {
        return declaration.address() instanceof Address.Inet inet
                && inet.transport() == Address.Transport.TCP
                && SocketFilter.dropAll(descriptor.number()) >= 0;
    }

    /** The end of {@link #dropNewcomers}, whoever began it. */
    public void admitNewcomers() {
        if (declaration.address() instanceof Address.Inet) {
            SocketFilter.remove(descriptor.number());
        }
    }

    /** What is waiting now, as far as that is told at once. */
    public QueueMark glance() {
        return Queues.glance(this);
    }

    /**
     * The mark that begins with this glance, for {@link #takenSince}. It may take milliseconds, in which somebody may take
     * what was waiting already.
     */
    public QueueMark complete(QueueMark glance) {
        return Queues.complete(this, glance);
    }

    /** Whether anything that was waiting at the mark has been taken off the queue since. Costs a reading of /proc. */
    public Taken takenSince(QueueMark mark) {
        return Queues.takenSince(this, mark);
    }

    /** Closes the socket, and removes its node where the bundle says {@code remove-on-stop}. */
    @Override
    public void close() {
        descriptor.close();
        if (declaration.node().removeOnStop()) {
            node.remove();
        }
    }

    @Override
    public String toString() {
        return declaration.source() + " (" + declaration.address() + ")";
    }
}

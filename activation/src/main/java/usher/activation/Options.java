package usher.activation;

import static usher.activation.posix.SocketOption.*;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import usher.activation.posix.Descriptor;
import usher.activation.posix.Descriptors;
import usher.activation.posix.PosixException;
import usher.activation.posix.SockAddr;
import usher.activation.posix.Sockets;
import usher.bundles.Address;
import usher.bundles.ListeningSocket;
import usher.bundles.SocketOptions;

/**
 * Sets the declared options ({@code systemd.socket(5)}). Only bind-to-device is fatal, since without it strangers could
 * connect; any other that cannot be set is a warning. Options are set before listen, because a connection in the queue
 * has taken over what the listener had when it arrived.
 */
final class Options {
    private final ListeningSocket declaration;
    private final Descriptor socket;
    private final List<String> warnings;
    private final boolean inet;
    private final boolean six;
    private final boolean tcp;

    private Options(ListeningSocket declaration, Descriptor socket, List<String> warnings) {
        this.declaration = declaration;
        this.socket = socket;
        this.warnings = warnings;
        this.inet = declaration.address() instanceof Address.Inet;
        this.six = inet && Sockets.option(socket.number(), SOL_SOCKET, SO_DOMAIN) == SockAddr.AF_INET6;
        this.tcp = declaration.address() instanceof Address.Inet i && i.transport() == Address.Transport.TCP;
    }

    /** What listen(2) is told; the kernel bounds it by net.core.somaxconn. */
    static int backlog(ListeningSocket declaration) {
        return declaration.options().backlog().orElse(Integer.MAX_VALUE);
    }

    static void applyBeforeBind(ListeningSocket declaration, Descriptor socket, List<String> warnings) {
        SocketOptions wish = declaration.options();
        if (wish.bindToDevice().isPresent()) {
            String device = wish.bindToDevice().get();
            PosixException.check(
                    Sockets.setOption(socket.number(), SOL_SOCKET, SO_BINDTODEVICE, device), "bind to device", device);
        }
        Options options = new Options(declaration, socket, warnings);
        options.flag(wish.reusePort(), "reuse-port", SOL_SOCKET, SO_REUSEPORT);
        options.flagOfFamily(wish.freeBind(), "free-bind", IP_FREEBIND, IPV6_FREEBIND);
        options.flagOfFamily(wish.transparent(), "transparent", IP_TRANSPARENT, IPV6_TRANSPARENT);
    }

    static void apply(ListeningSocket declaration, Descriptor socket, List<String> warnings) {
        Options options = new Options(declaration, socket, warnings);
        options.network();
        options.common(); // after ip-tos, which sets a priority of its own: ip(7)
        if (options.tcp) {
            options.transport();
        }
    }

    /** What a connection does not take over from its listener: priority, and all of a Unix socket's. */
    static void applyToConnection(ListeningSocket declaration, Descriptor connection) {
        SocketOptions wish = declaration.options();
        boolean bare = declaration.address() instanceof Address.Inet;
        if (wish.priority().isPresent()
                || (!bare && (wish.passCredentials() || wish.sendBuffer().isPresent()))) {
            new Options(declaration, connection, new java.util.ArrayList<>()).common();
        }
    }

    static void applyToFifo(ListeningSocket declaration, Descriptor fifo, List<String> warnings) {
        declaration
                .options()
                .pipeSize()
                .ifPresent(size -> new Options(declaration, fifo, warnings)
                        .warn("pipe-size", Descriptors.setPipeSize(fifo.number(), size)));
    }

    private void common() {
        SocketOptions wish = declaration.options();
        flag(wish.broadcast(), "broadcast", SOL_SOCKET, SO_BROADCAST);
        flag(wish.passCredentials(), "pass-credentials", SOL_SOCKET, SO_PASSCRED);
        number(wish.priority(), "priority", SOL_SOCKET, SO_PRIORITY);
        number(wish.mark(), "mark", SOL_SOCKET, SO_MARK);
        buffer(wish.receiveBuffer(), "receive-buffer", SO_RCVBUFFORCE, SO_RCVBUF);
        buffer(wish.sendBuffer(), "send-buffer", SO_SNDBUFFORCE, SO_SNDBUF);
    }

    private void network() {
        SocketOptions wish = declaration.options();
        if (inet) {
            flagOfFamily(wish.passPacketInfo(), "pass-packet-info", IP_PKTINFO, IPV6_RECVPKTINFO);
            numberOfFamily(wish.ipTos(), "ip-tos", IP_TOS, IPV6_TCLASS);
            numberOfFamily(wish.ipTtl(), "ip-ttl", IP_TTL, IPV6_UNICAST_HOPS);
        } else if (declaration.address() instanceof Address.Netlink) {
            flag(wish.passPacketInfo(), "pass-packet-info", SOL_NETLINK, NETLINK_PKTINFO);
        }
    }

    private void transport() {
        SocketOptions wish = declaration.options();
        flag(wish.keepAlive(), "keep-alive", SOL_SOCKET, SO_KEEPALIVE);
        flag(wish.noDelay(), "no-delay", SOL_TCP, TCP_NODELAY);
        seconds(wish.keepAliveTime(), "keep-alive-time", TCP_KEEPIDLE);
        seconds(wish.keepAliveInterval(), "keep-alive-interval", TCP_KEEPINTVL);
        number(wish.keepAliveProbes(), "keep-alive-probes", SOL_TCP, TCP_KEEPCNT);
        seconds(wish.deferAccept(), "defer-accept", TCP_DEFER_ACCEPT);
        wish.tcpCongestion()
                .ifPresent(name ->
                        warn("tcp-congestion", Sockets.setOption(socket.number(), SOL_TCP, TCP_CONGESTION, name)));
    }

    private void flag(boolean on, String file, int level, int option) {
        if (on) {
            warn(file, set(level, option, 1));
        }
    }

    private void number(OptionalInt value, String file, int level, int option) {
        value.ifPresent(number -> warn(file, set(level, option, number)));
    }

    private void seconds(Optional<Duration> value, String file, int option) {
        // Rounded up: a part of a second must not become "at once" or "never".
        value.ifPresent(time -> warn(file, set(SOL_TCP, option, (int)
                Math.min(Integer.MAX_VALUE, time.plusNanos(999_999_999).toSeconds()))));
    }

    /** The forced form goes beyond net.core.rmem_max and wmem_max, but only with CAP_NET_ADMIN. */
    private void buffer(OptionalInt bytes, String file, int forced, int plain) {
        bytes.ifPresent(size -> {
            if (set(SOL_SOCKET, forced, size) < 0) {
                warn(file, set(SOL_SOCKET, plain, size));
            }
        });
    }

    /** An IPv6 socket that takes IPv4 too has both settings; one that has either is content. */
    private void numberOfFamily(OptionalInt value, String file, int option4, int option6) {
        value.ifPresent(number -> {
            int four = set(SOL_IP, option4, number);
            int result = six ? Math.max(four, set(SOL_IPV6, option6, number)) : four;
            warn(file, result);
        });
    }

    private void flagOfFamily(boolean on, String file, int option4, int option6) {
        if (inet) {
            numberOfFamily(on ? OptionalInt.of(1) : OptionalInt.empty(), file, option4, option6);
        }
    }

    private int set(int level, int option, int value) {
        return Sockets.setOption(socket.number(), level, option, value);
    }

    private void warn(String file, int result) {
        if (result < 0) {
            warnings.add(declaration.source() + ": " + PosixException.sentence("set", file, -result));
        }
    }
}

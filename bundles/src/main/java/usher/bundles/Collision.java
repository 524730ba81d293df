package usher.bundles;

import java.nio.ByteBuffer;

/**
 * Which sockets exclude each other: two at one place, and of TCP one at all interfaces beside one at any of them, as the
 * kernel gives a port to the one or to the others ({@code tcp(7)}, {@code ipv6(7)}).
 */
public final class Collision {
    private static final int EITHER = 0;
    private static final int V6 = 16;

    private Collision() {}

    /** Whether only one of the two can be opened. */
    public static boolean between(ListeningSocket one, ListeningSocket other) {
        SocketOptions a = one.options();
        SocketOptions b = other.options();
        boolean apart = a.bindToDevice().isPresent()
                && b.bindToDevice().isPresent()
                && !a.bindToDevice().equals(b.bindToDevice());
        boolean shared = a.reusePort() && b.reusePort();
        return !apart && !shared && between(one.address(), isOnlyV6(one), other.address(), isOnlyV6(other));
    }

    private static boolean isOnlyV6(ListeningSocket socket) {
        return socket.options().bindIpv6Only() == SocketOptions.BindIpv6Only.IPV6_ONLY;
    }

    /** The same of addresses; {@code only}: an IPv6 socket there takes no IPv4. */
    static boolean between(Address one, boolean only, Address other, boolean otherOnly) {
        if (one instanceof Address.Netlink) {
            return false; // the kernel tells all of them
        }
        return one.place().equals(other.place())
                || one instanceof Address.Inet a
                        && other instanceof Address.Inet b
                        && a.transport() == Address.Transport.TCP
                        && b.transport() == Address.Transport.TCP
                        && a.port() == b.port()
                        && (a.isWildcard() || b.isWildcard())
                        && meet(family(a, only), family(b, otherOnly));
    }

    private static boolean meet(int one, int other) {
        return one == other || one == EITHER || other == EITHER;
    }

    private static int family(Address.Inet inet, boolean only) {
        int size = inet.host().map(ByteBuffer::remaining).orElse(V6);
        return size == V6 && inet.isWildcard() && !only ? EITHER : size;
    }
}

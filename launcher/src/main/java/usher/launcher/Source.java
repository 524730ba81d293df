package usher.launcher;

import java.nio.ByteBuffer;
import usher.activation.Acceptance;
import usher.activation.posix.IpText;
import usher.activation.posix.PeerCredentials;
import usher.activation.posix.SockAddr;

/**
 * Who connects, as limits for each source count it: an IPv4 address, an IPv6 network of 64 bits, since a single host
 * usually has a whole one to itself, or for a Unix socket the user.
 */
record Source(Kind kind, long number) {
    enum Kind {
        IPV4,
        IPV6,
        USER,
        VSOCK,
        UNKNOWN
    }

    static Source of(Acceptance.Connection connection) {
        if (connection.peer() instanceof SockAddr.Inet inet) {
            ByteBuffer host = inet.host();
            return host.remaining() == 4
                    ? new Source(Kind.IPV4, host.getInt(host.position()) & 0xffffffffL)
                    : new Source(Kind.IPV6, host.getLong(host.position()));
        }
        if (connection.peer() instanceof SockAddr.Vsock vsock) {
            return new Source(Kind.VSOCK, vsock.cid());
        }
        return connection
                .credentials()
                .map(PeerCredentials::uid)
                .map(uid -> new Source(Kind.USER, Integer.toUnsignedLong(uid)))
                .orElse(new Source(Kind.UNKNOWN, 0));
    }

    /** As people write it: {@code 192.0.2.1}, {@code 2001:db8::/64}, {@code user 1000}. */
    @Override
    public String toString() {
        return switch (kind) {
            case IPV4 -> IpText.of(ByteBuffer.allocate(4).putInt(0, (int) number));
            case IPV6 -> IpText.of(ByteBuffer.allocate(16).putLong(0, number)) + "/64";
            case USER -> "user " + number;
            case VSOCK -> "machine " + number;
            case UNKNOWN -> "somebody unknown";
        };
    }
}

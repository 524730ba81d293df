package usher.activation.posix;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A socket address and its C layout ({@code ip(7)}, {@code ipv6(7)}, {@code unix(7)}, {@code netlink(7)},
 * {@code vsock(7)}).
 */
public sealed interface SockAddr {

    /**
     * An IPv4 or IPv6 address.
     *
     * @param host 4 or 16 bytes; one that the kernel gave as v4-mapped IPv6 has 4
     * @param scope interface index of a link-local IPv6 address, otherwise 0
     */
    record Inet(ByteBuffer host, int port, int scope) implements SockAddr {
        @Override
        public String toString() {
            String text = IpText.of(host);
            return host.remaining() == 4 ? text + ":" + port : "[" + text + "]:" + port;
        }
    }

    /** A path, a name in the abstract namespace, or, for most clients, nothing ({@code name} is empty). */
    record Unix(String name, boolean isAbstract) implements SockAddr {
        @Override
        public String toString() {
            return isAbstract ? "@" + name : name;
        }
    }

    record Netlink(int port, int groups) implements SockAddr {}

    record Vsock(int cid, int port) implements SockAddr {
        @Override
        public String toString() {
            return Integer.toUnsignedString(cid) + ":" + Integer.toUnsignedString(port);
        }
    }

    /** Of a family that is none of these. */
    record Other(int family) implements SockAddr {}

    int AF_UNSPEC = 0;
    int AF_UNIX = 1;
    int AF_INET = 2;
    int AF_INET6 = 10;
    int AF_NETLINK = 16;
    int AF_VSOCK = 40;

    /** The longest name of a Unix socket in bytes: {@code sun_path} has 108, a path ends with a zero. */
    int UNIX_NAME_MAX = 107;

    /** {@code sizeof(struct sockaddr_storage)}. */
    int STORAGE = 128;

    /** The bytes for bind(2) or connect(2); a Unix name of more than {@link #UNIX_NAME_MAX} bytes is not accepted. */
    static byte[] encode(SockAddr address) {
        ByteBuffer out = ByteBuffer.allocate(STORAGE).order(ByteOrder.nativeOrder());
        if (address instanceof Inet inet) {
            boolean four = inet.host().remaining() == 4;
            out.putShort((short) (four ? AF_INET : AF_INET6));
            putPort(out, inet.port());
            if (four) {
                out.put(inet.host().duplicate()).putLong(0);
            } else {
                out.putInt(0).put(inet.host().duplicate()).putInt(inet.scope());
            }
        } else if (address instanceof Unix unix) {
            byte[] name = unix.name().getBytes(StandardCharsets.UTF_8);
            if (name.length > UNIX_NAME_MAX) {
                throw new IllegalArgumentException("socket name of " + name.length + " bytes: " + unix);
            }
            out.putShort((short) AF_UNIX);
            if (unix.isAbstract()) {
                out.put((byte) 0).put(name);
            } else if (name.length > 0) {
                out.put(name).put((byte) 0);
            }
        } else if (address instanceof Netlink netlink) {
            out.putShort((short) AF_NETLINK).putShort((short) 0);
            out.putInt(netlink.port()).putInt(netlink.groups());
        } else if (address instanceof Vsock vsock) {
            out.putShort((short) AF_VSOCK).putShort((short) 0);
            out.putInt(vsock.port()).putInt(vsock.cid()).putInt(0);
        } else {
            throw new IllegalArgumentException("cannot be encoded: " + address);
        }
        return Arrays.copyOf(out.array(), out.position());
    }

    /** The address in the first {@code length} bytes, as the kernel reported them. */
    static SockAddr decode(byte[] bytes, int length) {
        ByteBuffer in =
                ByteBuffer.wrap(bytes, 0, Math.min(length, bytes.length)).order(ByteOrder.nativeOrder());
        int family = in.remaining() < 2 ? AF_UNSPEC : in.getShort();
        switch (family) {
            case AF_INET -> {
                int port = getPort(in);
                return new Inet(slice(bytes, 4, 4), port, 0);
            }
            case AF_INET6 -> {
                int port = getPort(in);
                boolean mapped = IpText.isMapped(bytes, 8);
                return new Inet(mapped ? slice(bytes, 20, 4) : slice(bytes, 8, 16), port, in.getInt(24));
            }
            case AF_UNIX -> {
                return decodeUnix(bytes, in.limit());
            }
            case AF_NETLINK -> {
                return new Netlink(in.getInt(4), in.getInt(8));
            }
            case AF_VSOCK -> {
                return new Vsock(in.getInt(8), in.getInt(4));
            }
            default -> {
                return new Other(family);
            }
        }
    }

    private static SockAddr decodeUnix(byte[] bytes, int end) {
        boolean isAbstract = end > 2 && bytes[2] == 0;
        int start = isAbstract ? 3 : 2;
        int stop = start;
        while (stop < end && (isAbstract || bytes[stop] != 0)) {
            stop++;
        }
        return new Unix(new String(bytes, start, Math.max(0, stop - start), StandardCharsets.UTF_8), isAbstract);
    }

    private static ByteBuffer slice(byte[] bytes, int from, int length) {
        return ByteBuffer.wrap(Arrays.copyOfRange(bytes, from, from + length)).asReadOnlyBuffer();
    }

    private static void putPort(ByteBuffer out, int port) {
        out.put((byte) (port >> 8)).put((byte) port);
    }

    private static int getPort(ByteBuffer in) {
        return ((in.get(2) & 0xff) << 8) | (in.get(3) & 0xff);
    }
}

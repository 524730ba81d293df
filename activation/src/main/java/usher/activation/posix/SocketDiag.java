package usher.activation.posix;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Predicate;

/**
 * Asks the kernel for the connections that belong to a listening socket ({@code sock_diag(7)}). Empty where the kernel
 * does not answer: its modules inet_diag and unix_diag may be missing.
 */
public final class SocketDiag {
    private static final int NETLINK_SOCK_DIAG = 4;
    private static final short SOCK_DIAG_BY_FAMILY = 20;
    private static final short REQUEST_AND_DUMP = 0x301;
    private static final int NLMSG_ERROR = 2;
    private static final int NLMSG_DONE = 3;
    private static final int HEADER = 16;
    private static final int IPPROTO_TCP = 6;
    /** States as bits: ESTABLISHED, and CLOSE_WAIT (the peer has said all, and may wait for an answer). */
    private static final int OPEN = 1 << 1 | 1 << 8;

    private static final int UDIAG_SHOW_NAME = 1;
    private static final int UNIX_DIAG_NAME = 0;
    /** Offset of the local address in {@code struct inet_diag_msg}. */
    private static final int INET_SOURCE = 8;

    private static final int UNIX_MESSAGE = 16;

    private SocketDiag() {}

    /** How many TCP connections to this local address are open or wait to be accepted; all zeros: any host. */
    public static OptionalInt tcpConnections(SockAddr.Inet local) {
        ByteBuffer host = local.host();
        boolean six = host.remaining() == 16;
        byte[] message = new byte[HEADER + 56];
        ByteBuffer request = request(message);
        request.put((byte) (six ? SockAddr.AF_INET6 : SockAddr.AF_INET)).put((byte) IPPROTO_TCP);
        request.putShort((short) 0).putInt(OPEN);
        request.put((byte) (local.port() >> 8)).put((byte) local.port());
        byte[] wanted = new byte[host.remaining()];
        host.duplicate().get(wanted);
        boolean anywhere = isZero(wanted);
        return count(message, answer -> anywhere || startsWith(answer, INET_SOURCE, wanted));
    }

    /** How many connections to the Unix socket bound to this name are open or wait to be accepted. */
    public static OptionalInt unixConnections(SockAddr.Unix local) {
        byte[] message = new byte[HEADER + 24];
        ByteBuffer request = request(message);
        request.put((byte) SockAddr.AF_UNIX).put((byte) 0).putShort((short) 0).putInt(1 << 1);
        request.putInt(0).putInt(UDIAG_SHOW_NAME);
        byte[] name = ((local.isAbstract() ? "\0" : "") + local.name()).getBytes(StandardCharsets.UTF_8);
        return count(
                message,
                answer -> name(answer)
                        .map(found -> startsWith(found, 0, name) && rest(found, name.length))
                        .orElse(false));
    }

    /** A request in these bytes, its header written. */
    private static ByteBuffer request(byte[] message) {
        ByteBuffer request = ByteBuffer.wrap(message).order(ByteOrder.nativeOrder());
        request.putInt(message.length).putShort(SOCK_DIAG_BY_FAMILY).putShort(REQUEST_AND_DUMP);
        return request.putInt(1).putInt(0);
    }

    private static OptionalInt count(byte[] request, Predicate<ByteBuffer> counts) {
        int opened = Sockets.socket(SockAddr.AF_NETLINK, Sockets.SOCK_RAW, NETLINK_SOCK_DIAG);
        if (opened < 0) {
            return OptionalInt.empty();
        }
        try (Descriptor socket = Descriptor.own(opened)) {
            if (Sockets.send(opened, request, 0) < 0) {
                return OptionalInt.empty();
            }
            byte[] answer = new byte[1 << 15];
            SockAddr[] from = new SockAddr[1];
            Tally tally = new Tally(counts);
            while (!tally.over) {
                int length = Sockets.receive(socket.number(), answer, 0, from);
                if (length <= 0) {
                    return OptionalInt.empty();
                }
                tally.add(ByteBuffer.wrap(answer, 0, length).order(ByteOrder.nativeOrder()));
            }
            return tally.failed ? OptionalInt.empty() : OptionalInt.of(tally.count);
        }
    }

    /** Counts the messages of an answer, which comes in several pieces. */
    private static final class Tally {
        private final Predicate<ByteBuffer> counts;
        private int count;
        private boolean over;
        private boolean failed;

        Tally(Predicate<ByteBuffer> counts) {
            this.counts = counts;
        }

        void add(ByteBuffer piece) {
            while (!over && piece.remaining() >= HEADER) {
                int at = piece.position();
                int size = piece.getInt(at);
                int type = piece.getShort(at + 4);
                failed = type == NLMSG_ERROR || size < HEADER || size > piece.remaining();
                over = failed || type == NLMSG_DONE;
                if (!over) {
                    ByteBuffer message = piece.slice(at + HEADER, size - HEADER).order(ByteOrder.nativeOrder());
                    count += counts.test(message) ? 1 : 0;
                    piece.position(Math.min(piece.limit(), at + aligned(size)));
                }
            }
        }
    }

    private static int aligned(int size) {
        return (size + 3) & ~3;
    }

    private static Optional<ByteBuffer> name(ByteBuffer message) {
        int at = UNIX_MESSAGE;
        while (at + 4 <= message.limit()) {
            int size = message.getShort(at);
            if (size < 4 || at + size > message.limit()) {
                return Optional.empty();
            }
            if (message.getShort(at + 2) == UNIX_DIAG_NAME) {
                return Optional.of(message.slice(at + 4, size - 4));
            }
            at += aligned(size);
        }
        return Optional.empty();
    }

    private static boolean startsWith(ByteBuffer message, int at, byte[] wanted) {
        return message.limit() >= at + wanted.length
                && message.slice(at, wanted.length).equals(ByteBuffer.wrap(wanted));
    }

    /** A path may come with its final NUL. */
    private static boolean rest(ByteBuffer name, int from) {
        return name.limit() == from || name.limit() == from + 1 && name.get(from) == 0;
    }

    private static boolean isZero(byte[] bytes) {
        for (byte b : bytes) {
            if (b != 0) {
                return false;
            }
        }
        return true;
    }
}

package usher.activation.posix;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Asks the kernel for the connections that belong to a listening socket ({@code sock_diag(7)}). Empty where the kernel
 * does not answer: its modules inet_diag and unix_diag may be missing.
 */
public final class SocketDiag {
    private static final int NETLINK_SOCK_DIAG = 4;
    private static final short SOCK_DIAG_BY_FAMILY = 20;
    private static final short REQUEST = 1;
    private static final short REQUEST_AND_DUMP = 0x301;
    private static final int NLM_F_MULTI = 2;
    private static final int NLMSG_ERROR = 2;
    private static final int NLMSG_DONE = 3;
    private static final int HEADER = 16;
    private static final int IPPROTO_TCP = 6;
    /** States as bits: ESTABLISHED, and CLOSE_WAIT (the peer has said all, and may wait for an answer). */
    private static final int OPEN = 1 << 1 | 1 << 8;

    private static final int UDIAG_SHOW_NAME = 1;
    private static final int UDIAG_SHOW_ICONS = 8;
    private static final int UNIX_DIAG_NAME = 0;
    private static final int UNIX_DIAG_ICONS = 3;
    private static final int UNIX_MESSAGE = 16;

    /** Offsets in {@code struct inet_diag_msg}. */
    private static final int INET_SOURCE = 8;

    private static final int INET_COOKIE = 44;
    private static final int INET_INODE = 68;

    private SocketDiag() {}

    /** How many TCP connections to this local address are open or wait to be accepted; all zeros: any host. */
    public static OptionalInt tcpConnections(SockAddr.Inet local) {
        ByteBuffer host = local.host();
        byte[] wanted = new byte[host.remaining()];
        host.duplicate().get(wanted);
        boolean anywhere = isZero(wanted);
        return count(tcp(local), answer -> anywhere || startsWith(answer, INET_SOURCE, wanted));
    }

    /** What tells the TCP connections to this port apart that wait to be accepted: their cookies. */
    public static Optional<Set<Long>> tcpWaiting(SockAddr.Inet local) {
        Set<Long> cookies = new HashSet<>();
        boolean told = ask(tcp(local), answer -> {
            if (answer.getInt(INET_INODE) == 0) {
                cookies.add(answer.getLong(INET_COOKIE));
            }
        });
        return told ? Optional.of(cookies) : Optional.empty();
    }

    private static byte[] tcp(SockAddr.Inet local) {
        byte[] message = new byte[HEADER + 56];
        ByteBuffer request = request(message, REQUEST_AND_DUMP);
        boolean six = local.host().remaining() == 16;
        request.put((byte) (six ? SockAddr.AF_INET6 : SockAddr.AF_INET)).put((byte) IPPROTO_TCP);
        request.putShort((short) 0).putInt(OPEN);
        request.put((byte) (local.port() >> 8)).put((byte) local.port());
        return message;
    }

    /** How many connections to the Unix socket bound to this name are open or wait to be accepted. */
    public static OptionalInt unixConnections(SockAddr.Unix local) {
        byte[] message = new byte[HEADER + 24];
        ByteBuffer request = request(message, REQUEST_AND_DUMP);
        request.put((byte) SockAddr.AF_UNIX).put((byte) 0).putShort((short) 0).putInt(1 << 1);
        request.putInt(0).putInt(UDIAG_SHOW_NAME);
        byte[] name = ((local.isAbstract() ? "\0" : "") + local.name()).getBytes(StandardCharsets.UTF_8);
        return count(
                message,
                answer -> attribute(answer, UNIX_DIAG_NAME)
                        .map(found -> startsWith(found, 0, name) && rest(found, name.length))
                        .orElse(false));
    }

    /**
     * Whose connections wait to be accepted by the Unix socket with this inode: the inodes of the peers' sockets, 0 for
     * each that has been closed.
     */
    public static Optional<List<Integer>> unixWaiting(long listener) {
        byte[] message = new byte[HEADER + 24];
        ByteBuffer request = request(message, REQUEST);
        request.put((byte) SockAddr.AF_UNIX).put((byte) 0).putShort((short) 0).putInt(-1);
        request.putInt((int) listener).putInt(UDIAG_SHOW_ICONS).putLong(-1);
        List<Integer> peers = new ArrayList<>();
        boolean told = ask(
                message,
                answer -> attribute(answer, UNIX_DIAG_ICONS).ifPresent(inodes -> {
                    while (inodes.remaining() >= 4) {
                        peers.add(inodes.getInt());
                    }
                }));
        return told ? Optional.of(peers) : Optional.empty();
    }

    /** A request in these bytes, its header written. */
    private static ByteBuffer request(byte[] message, short flags) {
        ByteBuffer request = ByteBuffer.wrap(message).order(ByteOrder.nativeOrder());
        request.putInt(message.length).putShort(SOCK_DIAG_BY_FAMILY).putShort(flags);
        return request.putInt(1).putInt(0);
    }

    private static OptionalInt count(byte[] request, Predicate<ByteBuffer> counts) {
        int[] count = {0};
        boolean told = ask(request, answer -> count[0] += counts.test(answer) ? 1 : 0);
        return told ? OptionalInt.of(count[0]) : OptionalInt.empty();
    }

    /** Whether the kernel has answered; each message of its answer, which comes in several pieces, is taken. */
    private static boolean ask(byte[] request, Consumer<ByteBuffer> take) {
        int opened = Sockets.socket(SockAddr.AF_NETLINK, Sockets.SOCK_RAW, NETLINK_SOCK_DIAG);
        if (opened < 0) {
            return false;
        }
        try (Descriptor socket = Descriptor.own(opened)) {
            if (Sockets.send(opened, request, 0) < 0) {
                return false;
            }
            byte[] bytes = new byte[1 << 15];
            SockAddr[] from = new SockAddr[1];
            Answer answer = new Answer(take);
            while (!answer.over) {
                int length = Sockets.receive(socket.number(), bytes, 0, from);
                if (length <= 0) {
                    return false;
                }
                answer.add(ByteBuffer.wrap(bytes, 0, length).order(ByteOrder.nativeOrder()));
            }
            return !answer.failed;
        }
    }

    private static final class Answer {
        private final Consumer<ByteBuffer> take;
        private boolean over;
        private boolean failed;

        Answer(Consumer<ByteBuffer> take) {
            this.take = take;
        }

        void add(ByteBuffer piece) {
            while (!over && piece.remaining() >= HEADER) {
                int at = piece.position();
                int size = piece.getInt(at);
                int type = piece.getShort(at + 4);
                boolean isLast = (piece.getShort(at + 6) & NLM_F_MULTI) == 0;
                failed = type == NLMSG_ERROR || size < HEADER || size > piece.remaining();
                if (!failed && type != NLMSG_DONE) {
                    take.accept(piece.slice(at + HEADER, size - HEADER).order(ByteOrder.nativeOrder()));
                }
                over = failed || isLast || type == NLMSG_DONE;
                piece.position(Math.min(piece.limit(), at + aligned(Math.max(HEADER, size))));
            }
        }
    }

    private static int aligned(int size) {
        return (size + 3) & ~3;
    }

    /** The value of an attribute of that type, which follow a message about a Unix socket. */
    private static Optional<ByteBuffer> attribute(ByteBuffer message, int type) {
        int at = UNIX_MESSAGE;
        while (at + 4 <= message.limit()) {
            int size = message.getShort(at);
            if (size < 4 || at + size > message.limit()) {
                return Optional.empty();
            }
            if (message.getShort(at + 2) == type) {
                return Optional.of(message.slice(at + 4, size - 4).order(ByteOrder.nativeOrder()));
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

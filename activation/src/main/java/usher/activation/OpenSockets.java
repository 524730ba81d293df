package usher.activation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import usher.activation.posix.CrashPoint;
import usher.activation.posix.Descriptor;
import usher.activation.posix.Descriptors;
import usher.activation.posix.SocketOption;
import usher.activation.posix.Sockets;

/** What the kernel tells of who has to do with a connection. */
public final class OpenSockets {
    // Of struct tcp_info, linux/tcp.h.
    private static final int BYTES_RECEIVED = 128;
    private static final int DATA_SEGMENTS_OUT = 156;
    private static final int TCP_INFO_SIZE = 232;

    private OpenSockets() {}

    /** Whether it is a socket that has a peer, or had one. */
    static boolean isConnection(Descriptor descriptor) {
        int listens = Sockets.option(descriptor.number(), SocketOption.SOL_SOCKET, SocketOption.SO_ACCEPTCONN);
        int type = Sockets.option(descriptor.number(), SocketOption.SOL_SOCKET, SocketOption.SO_TYPE);
        return listens == 0 && (type == Sockets.SOCK_STREAM || type == Sockets.SOCK_SEQPACKET);
    }

    /** These without those that are a socket that another of them is already; they are closed. */
    public static List<Descriptor> distinct(List<Descriptor> descriptors) {
        Map<Long, Descriptor> byCookie = new LinkedHashMap<>();
        for (Descriptor descriptor : descriptors) {
            byte[] cookie = new byte[8];
            boolean socket =
                    Sockets.option(descriptor.number(), SocketOption.SOL_SOCKET, SocketOption.SO_COOKIE, cookie)
                            == cookie.length;
            if (!socket || byCookie.putIfAbsent(java.nio.ByteBuffer.wrap(cookie).getLong(), descriptor) != null) {
                descriptor.close();
            }
        }
        return List.copyOf(byCookie.values());
    }

    /**
     * Notes in the socket itself that a process is about to get it, or has not got it after all. By TCP the kernel counts
     * what comes and goes, by a Unix socket it does not, so that one whose process has ended already would be taken for
     * one that nobody has served. SO_NO_CHECK means nothing there, but whoever has the socket can read it. Where the
     * process was never made after all, because the launcher was killed in between, what the peer has sent lies there
     * unread: such a one is not taken for served.
     */
    public static void noteServed(Acceptance.Connection connection, boolean served) {
        if (connection.credentials().isPresent()) {
            Sockets.setOption(
                    connection.descriptor().number(),
                    SocketOption.SOL_SOCKET,
                    SocketOption.SO_NO_CHECK,
                    served ? 1 : 0);
            CrashPoint.pass();
        }
    }

    /** Whether another process, one without this process's own descriptors, has it, or had it and used it. */
    public static boolean isServed(Descriptor connection) {
        return isUsed(connection) || isOpenElsewhere(connection);
    }

    private static boolean isUsed(Descriptor connection) {
        byte[] info = new byte[TCP_INFO_SIZE];
        int length = Sockets.option(connection.number(), SocketOption.SOL_TCP, SocketOption.TCP_INFO, info);
        if (length < DATA_SEGMENTS_OUT + 4) {
            // Where nobody has read what the peer said, the note may be of a process that was never made.
            return Sockets.option(connection.number(), SocketOption.SOL_SOCKET, SocketOption.SO_NO_CHECK) == 1
                    && Descriptors.unread(connection.number()) <= 0;
        }
        java.nio.ByteBuffer fields = java.nio.ByteBuffer.wrap(info).order(java.nio.ByteOrder.nativeOrder());
        long received = fields.getLong(BYTES_RECEIVED);
        return fields.getInt(DATA_SEGMENTS_OUT) > 0 || received > Descriptors.unread(connection.number());
    }

    private static boolean isOpenElsewhere(Descriptor connection) {
        Path own = Path.of("/proc/self/fd", Integer.toString(connection.number()));
        try {
            Path socket = Files.readSymbolicLink(own);
            for (int process : Sessions.processes()) {
                // The leader of a session is what was started; holders of whole tables lead none.
                Sessions.Standing standing = Sessions.standing(process);
                if (standing != null && standing.session() == process && has(process, socket)) {
                    return true;
                }
            }
        } catch (IOException noProc) {
            return false;
        }
        return false;
    }

    private static boolean has(int process, Path socket) {
        Path descriptors = Path.of("/proc", Integer.toString(process), "fd");
        for (String number : new String[] {"0", "1", "3"}) {
            try {
                if (Files.readSymbolicLink(descriptors.resolve(number)).equals(socket)) {
                    return true;
                }
            } catch (IOException notOpenOrGone) {
                // then not there
            }
        }
        return false;
    }
}

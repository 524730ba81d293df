package usher.activation.posix;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Who was at the other end of a Unix stream socket when it connected ({@code SO_PEERCRED}, {@code unix(7)}). */
public record PeerCredentials(int pid, int uid, int gid) {
    private static final int GROUPS_MAX = 65536;

    /** Empty for sockets that are not Unix sockets, or whose peer cannot be seen from here. */
    public static Optional<PeerCredentials> of(Descriptor socket) {
        byte[] ucred = new byte[12];
        int length = Sockets.option(socket.number(), SocketOption.SOL_SOCKET, SocketOption.SO_PEERCRED, ucred);
        ByteBuffer in = ByteBuffer.wrap(ucred).order(ByteOrder.nativeOrder());
        if (length != ucred.length || in.getInt(4) == -1) {
            return Optional.empty();
        }
        return Optional.of(new PeerCredentials(in.getInt(0), in.getInt(4), in.getInt(8)));
    }

    /** The supplementary groups of the peer ({@code SO_PEERGROUPS}, Linux 4.13); empty where they cannot be had. */
    public static Set<Integer> groups(Descriptor socket) {
        Set<Integer> groups = new TreeSet<>();
        byte[] list = new byte[4 * 64];
        int length = Sockets.option(socket.number(), SocketOption.SOL_SOCKET, SocketOption.SO_PEERGROUPS, list);
        if (length == -Errno.ERANGE) {
            list = new byte[4 * GROUPS_MAX];
            length = Sockets.option(socket.number(), SocketOption.SOL_SOCKET, SocketOption.SO_PEERGROUPS, list);
        }
        ByteBuffer in = ByteBuffer.wrap(list).order(ByteOrder.nativeOrder());
        for (int at = 0; at < length; at += 4) {
            groups.add(in.getInt(at));
        }
        return groups;
    }
}

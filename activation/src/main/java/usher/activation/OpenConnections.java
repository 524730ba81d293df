package usher.activation;

import java.util.Collection;
import java.util.stream.Stream;
import usher.activation.posix.SockAddr;
import usher.activation.posix.SocketDiag;

/**
 * Counts the connections of listening sockets, accepted or not, whoever accepted them: those of TCP and of Unix stream
 * and seqpacket sockets. Other sockets have none.
 */
public final class OpenConnections {
    private static final int ESTABLISHED = 1;
    private static final int CLOSE_WAIT = 8;
    /** As /proc/net/unix shows a connection that a process has accepted. */
    private static final int UNIX_CONNECTED = 3;

    private OpenConnections() {}

    public static int count(Collection<Listener> listeners) {
        int count = 0;
        for (Listener listener : listeners) {
            if (listener.declaration().address().isConnectionOriented()) {
                count += count(listener);
            }
        }
        return count;
    }

    private static int count(Listener listener) {
        SockAddr bound = listener.boundTo();
        if (bound instanceof SockAddr.Inet inet) {
            return SocketDiag.tcpConnections(inet).orElseGet(() -> inProc(inet));
        }
        if (bound instanceof SockAddr.Unix unix) {
            return SocketDiag.unixConnections(unix).orElseGet(() -> inProc(unix));
        }
        return 0;
    }

    /** By port only: to count one connection too many is no harm. */
    private static int inProc(SockAddr.Inet bound) {
        return (int) Stream.concat(ProcNet.inet("tcp"), ProcNet.inet("tcp6"))
                .filter(row -> row.localPort() == bound.port())
                .filter(row -> row.state() == ESTABLISHED || row.state() == CLOSE_WAIT)
                .count();
    }

    private static int inProc(SockAddr.Unix bound) {
        String name = (bound.isAbstract() ? "@" : "") + bound.name();
        return (int) ProcNet.unix()
                .filter(row -> row.state() == UNIX_CONNECTED && row.name().equals(name))
                .count();
    }
}

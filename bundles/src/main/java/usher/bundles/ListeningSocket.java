package usher.bundles;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * One entry of a bundle's {@code sockets/}: what to listen on, with which options, and how to hand it over.
 *
 * @param name the entry's file name, unique within the bundle
 * @param source the file that holds the address, relative to the bundle directory ({@code web/sockets/http} or
 *     {@code web/sockets/admin/listen})
 * @param accept one process per connection (inetd's {@code nowait})
 * @param fdName the name in LISTEN_FDNAMES
 * @param optional the daemon may start although this socket is not open
 */
public record ListeningSocket(
        String name,
        String source,
        Address address,
        boolean accept,
        Handover handover,
        String fdName,
        boolean optional,
        Connections connections,
        SocketOptions options,
        Node node) {

    /** How the daemon receives the socket. */
    public enum Handover {
        /** From descriptor 3 up, with LISTEN_FDS, LISTEN_PID and LISTEN_FDNAMES ({@code sd_listen_fds(3)}). */
        LISTEN_FDS,
        /** On descriptor 0; a connection on 0 and 1. */
        STDIN
    }

    /** Limits and access rules of {@code accept} (absent or empty: none but {@code max}, whose default is 64). */
    public record Connections(
            int max,
            OptionalInt maxPerSource,
            List<Prefix> allow,
            List<Prefix> deny,
            Optional<Rate> rateLimit,
            boolean log) {

        public static final Connections DEFAULT =
                new Connections(64, OptionalInt.empty(), List.of(), List.of(), Optional.empty(), false);

        public Connections {
            allow = List.copyOf(allow);
            deny = List.copyOf(deny);
        }
    }

    /** {@code 20/1s}: at most so many connections in so long a time. */
    public record Rate(int connections, Duration per) {}

    /**
     * The file of a Unix socket or FIFO.
     *
     * @param user owner by name or number; absent: the launcher's
     * @param mode permission bits, default 0666
     * @param directoryMode permission bits of parent directories that must be made, default 0755
     * @param removeOnStop unlink the node when the socket is closed
     * @param symlinks further paths that lead to the node
     */
    public record Node(
            Optional<String> user,
            Optional<String> group,
            int mode,
            int directoryMode,
            boolean removeOnStop,
            List<String> symlinks) {

        public static final Node DEFAULT = new Node(Optional.empty(), Optional.empty(), 0666, 0755, false, List.of());

        public Node {
            symlinks = List.copyOf(symlinks);
        }
    }
}

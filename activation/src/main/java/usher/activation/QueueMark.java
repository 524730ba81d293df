package usher.activation;

import java.util.Optional;
import java.util.Set;

/**
 * What waited in a socket's queue at one moment.
 *
 * @param peers what tells queued connections apart; empty where connections cannot be told apart
 * @param length how many connections were queued, -1: unknown
 * @param head the first datagram, or the first bytes of a FIFO, if there were any
 * @param shorter something was taken off while it was looked at
 */
public record QueueMark(Set<String> peers, long length, Optional<String> head, boolean shorter) {
    static final QueueMark NOTHING_KNOWN = new QueueMark(Set.of(), -1, Optional.empty());

    QueueMark(Set<String> peers, long length, Optional<String> head) {
        this(peers, length, head, false);
    }

    public QueueMark {
        peers = Set.copyOf(peers);
    }
}

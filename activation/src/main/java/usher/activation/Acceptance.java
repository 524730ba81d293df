package usher.activation;

import java.util.Optional;
import usher.activation.posix.Descriptor;
import usher.activation.posix.Descriptors;
import usher.activation.posix.PeerCredentials;
import usher.activation.posix.SockAddr;

/** What came of accepting. */
public sealed interface Acceptance {

    /**
     * A connection: blocking, closed on exec, owned by the receiver.
     *
     * @param credentials of a peer on this machine that came by a Unix socket
     */
    record Connection(Descriptor descriptor, SockAddr peer, SockAddr local, Optional<PeerCredentials> credentials)
            implements Acceptance, AutoCloseable {

        /** Whether the peer has given up: it has reset the connection, or there is no way to it any more. */
        public boolean isGone() {
            int gone = Descriptors.POLLHUP | Descriptors.POLLERR;
            int state = Descriptors.poll(descriptor.number(), 0, 0);
            return state > 0 && (state & gone) != 0 && peer instanceof SockAddr.Inet;
        }

        @Override
        public void close() {
            descriptor.close();
        }
    }

    /** Nobody is waiting (any more). */
    record Nobody() implements Acceptance {}

    /** The system is out of descriptors or memory: the peer goes on waiting, and so should the caller, for a while. */
    record Exhausted(String message) implements Acceptance {}

    /** The socket does not listen any more ({@link Listener#revive}). */
    record NotListening(String message) implements Acceptance {}
}

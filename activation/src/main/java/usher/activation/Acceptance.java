package usher.activation;

import usher.activation.posix.Descriptor;
import usher.activation.posix.SockAddr;

/** What came of accepting. */
public sealed interface Acceptance {

    /** A connection: blocking, closed on exec, owned by the receiver. */
    record Connection(Descriptor descriptor, SockAddr peer, SockAddr local) implements Acceptance, AutoCloseable {
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

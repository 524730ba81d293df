package usher.activation;

import java.util.List;

/** What came of opening a socket: a listener, or the reason why there is none. */
public sealed interface Opening {

    /** It is open; {@code warnings} say which options could not be set, a sentence each naming the bundle's file. */
    record Opened(Listener listener, List<String> warnings) implements Opening {
        public Opened {
            warnings = List.copyOf(warnings);
        }
    }

    /** It is not open; the message names the bundle's file and the address, for people. */
    record OpenFailure(Kind kind, String message) implements Opening {}

    /** What may help. */
    enum Kind {
        /** Only a change of the bundle or of the machine's set-up helps. */
        PERMANENT,
        /** Somebody else has the address. */
        IN_USE,
        /** The address or its interface is not there yet. */
        NOT_YET,
        /** The system is out of descriptors or memory. */
        RESOURCES
    }
}

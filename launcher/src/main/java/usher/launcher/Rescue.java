package usher.launcher;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import usher.activation.Acceptance;
import usher.activation.Listener;
import usher.activation.OpenSockets;
import usher.activation.posix.Descriptor;

/**
 * Connections that a killed launcher had open: accepted, and either not served yet, or given to a process that has its
 * own copy. Which of the two it is, the kernel says: somebody else has the socket open, or something was sent or read.
 * Of a Unix socket the kernel counts nothing: there {@link OpenSockets#noteServed} has left a note in the socket.
 */
final class Rescue {
    private final List<Descriptor> left;

    Rescue(List<Descriptor> open) {
        left = new ArrayList<>(OpenSockets.distinct(open));
    }

    /** Those that came in by this listener and that nobody has served; they are the caller's. */
    List<Acceptance.Connection> unserved(Listener listener) {
        List<Acceptance.Connection> unserved = new ArrayList<>();
        for (Iterator<Descriptor> each = left.iterator(); each.hasNext(); ) {
            Descriptor descriptor = each.next();
            if (listener.isConnectionOfIts(descriptor) && !OpenSockets.isServed(descriptor)) {
                each.remove();
                unserved.add(listener.connectionOf(descriptor));
            }
        }
        return unserved;
    }

    void closeRest() {
        left.forEach(Descriptor::close);
        left.clear();
    }
}

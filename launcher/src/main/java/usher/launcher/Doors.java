package usher.launcher;

import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;
import usher.bundles.Bundle;
import usher.bundles.ListeningSocket;

/**
 * The sockets of a bundle: which are open, and when those that could not be opened are tried again.
 *
 * @param retryAt when to try again; {@link Life#NEVER} if nothing is to be tried
 * @param why what stood in the way last
 */
record Doors(Set<String> open, int failures, long retryAt, String why) {
    static final Doors CLOSED = new Doors(Set.of(), 0, Life.NEVER, "");

    /** Milliseconds: an address that is there at last, of an interface that was late, say, is to be listened on soon. */
    private static final long LONGEST_PAUSE = 1_000;

    Doors {
        open = Set.copyOf(open);
    }

    Doors opened(String socket, Bundle bundle) {
        TreeSet<String> now = new TreeSet<>(open);
        now.add(socket);
        boolean all = now.size() >= bundle.sockets().size();
        return new Doors(now, all ? 0 : failures, all ? Life.NEVER : retryAt, all ? "" : why);
    }

    /** Several sockets failing in one attempt count as one failure. */
    Doors failed(String reason, long now) {
        if (retryAt != Life.NEVER) {
            return new Doors(open, failures, retryAt, reason);
        }
        return new Doors(open, failures + 1, now + Math.min(Pause.after(failures + 1), LONGEST_PAUSE), reason);
    }

    /** These are open, after a refresh. */
    Doors of(Collection<String> names) {
        return new Doors(Set.copyOf(names), failures, retryAt, why);
    }

    /** All but this one. */
    Doors without(String socket) {
        TreeSet<String> left = new TreeSet<>(open);
        left.remove(socket);
        return new Doors(left, failures, retryAt, why);
    }

    /** The next attempt is under way. */
    Doors trying() {
        return new Doors(open, failures, Life.NEVER, why);
    }

    /** Whether all sockets are open, those marked optional aside. */
    boolean sufficeFor(Bundle bundle) {
        for (ListeningSocket socket : bundle.sockets()) {
            if (!socket.optional() && !open.contains(socket.name())) {
                return false;
            }
        }
        return true;
    }
}

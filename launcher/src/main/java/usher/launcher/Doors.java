package usher.launcher;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import usher.bundles.Bundle;
import usher.bundles.ListeningSocket;

/**
 * The sockets of a bundle: which are open, and when those that could not be opened are tried again.
 *
 * @param barred which are not to be opened yet, since what they lie below is not mounted
 * @param retryAt when to try again; {@link Life#NEVER} if nothing is to be tried
 * @param why what stood in the way last
 */
record Doors(Set<String> open, Set<String> barred, int failures, long retryAt, String why) {
    static final Doors CLOSED = new Doors(Set.of(), Set.of(), 0, Life.NEVER, "");

    /** Milliseconds: an address that is there at last, of an interface that was late, say, is to be listened on soon. */
    private static final long LONGEST_PAUSE = 1_000;

    Doors {
        open = Set.copyOf(open);
        barred = Set.copyOf(barred);
    }

    Doors opened(String socket, Bundle bundle) {
        TreeSet<String> now = new TreeSet<>(open);
        now.add(socket);
        boolean all = now.size() >= bundle.sockets().size();
        return new Doors(now, barred, all ? 0 : failures, all ? Life.NEVER : retryAt, all ? "" : why);
    }

    /** Several sockets failing in one attempt count as one failure. */
    Doors failed(String reason, long now) {
        if (retryAt != Life.NEVER) {
            return new Doors(open, barred, failures, retryAt, reason);
        }
        return new Doors(open, barred, failures + 1, now + Math.min(Pause.after(failures + 1), LONGEST_PAUSE), reason);
    }

    /** These are open, after a refresh. */
    Doors of(Collection<String> names) {
        return new Doors(Set.copyOf(names), barred, failures, retryAt, why);
    }

    /** All but this one. */
    Doors without(String socket) {
        TreeSet<String> left = new TreeSet<>(open);
        left.remove(socket);
        return new Doors(left, barred, failures, retryAt, why);
    }

    Doors barring(Set<String> names) {
        return new Doors(open, names, failures, retryAt, why);
    }

    /** The next attempt is under way. */
    Doors trying() {
        return new Doors(open, barred, failures, Life.NEVER, why);
    }

    /** The bundle with those of its sockets that are to be open by now. */
    Bundle unbarred(Bundle bundle) {
        if (barred.isEmpty()) {
            return bundle;
        }
        List<ListeningSocket> sockets = new ArrayList<>(bundle.sockets());
        sockets.removeIf(socket -> barred.contains(socket.name()));
        return bundle.withSockets(sockets);
    }

    boolean areAllOpen(Bundle bundle) {
        for (ListeningSocket socket : bundle.sockets()) {
            if (!open.contains(socket.name())) {
                return false;
            }
        }
        return true;
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

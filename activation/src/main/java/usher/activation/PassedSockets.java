package usher.activation;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import usher.activation.posix.Descriptor;
import usher.activation.posix.Descriptors;
import usher.bundles.ListeningSocket;

/**
 * Sockets that this process was started with ({@code sd_listen_fds(3)}): descriptors from 3 up, as many as LISTEN_FDS
 * says, if LISTEN_PID is this process. Each is used by the first declaration of its address; the others stay open, so
 * that whoever connects waits for a bundle that declares it.
 */
public final class PassedSockets {
    private static final int FIRST = 3;
    private static final int MOST = 1 << 20;

    private final List<Descriptor> left = new ArrayList<>();

    private PassedSockets() {}

    public static PassedSockets of(Map<String, String> environment, long ownPid) {
        PassedSockets passed = new PassedSockets();
        if (Long.toString(ownPid).equals(environment.get("LISTEN_PID"))) {
            int count = number(environment.getOrDefault("LISTEN_FDS", ""));
            for (int fd = FIRST; fd < FIRST + count && Descriptors.isCloseOnExec(fd) >= 0; fd++) {
                passed.left.add(Descriptor.adopt(fd));
            }
        }
        return passed;
    }

    private static int number(String text) {
        return text.matches("[0-9]{1,7}") ? Math.min(MOST, Integer.parseInt(text)) : 0;
    }

    /** The passed socket that is open at the declared address, if there is one left. */
    public Optional<Listener> take(ListeningSocket declaration) {
        for (Iterator<Descriptor> each = left.iterator(); each.hasNext(); ) {
            Descriptor descriptor = each.next();
            if (Listener.isOpenAt(declaration.address(), descriptor)) {
                each.remove();
                return Optional.of(Listener.adopt(declaration, descriptor));
            }
        }
        return Optional.empty();
    }
}

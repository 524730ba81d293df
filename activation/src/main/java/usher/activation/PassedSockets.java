package usher.activation;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import usher.activation.posix.Descriptor;
import usher.activation.posix.Descriptors;
import usher.bundles.ListeningSocket;

/**
 * Sockets that this process was started with ({@code sd_listen_fds(3)}): descriptors from 3 up, as many as LISTEN_FDS
 * says, if LISTEN_PID is this process. Each is used by the first declaration of its address; the others stay open, so
 * that whoever connects waits for a bundle that declares it.
 */
public final class PassedSockets {
    /** How the names begin under which they are kept. */
    public static final String NAME = "passed/";

    private static final int FIRST = 3;
    private static final int MOST = 1 << 20;

    private final Map<String, Descriptor> left;
    private final List<String> taken = new ArrayList<>();

    /** Those that have been passed on before, by the names under which they are kept. */
    public PassedSockets(Map<String, Descriptor> passed) {
        left = new TreeMap<>(passed);
    }

    /** Those that were passed to this process. */
    public static PassedSockets of(Map<String, String> environment, long ownPid) {
        Map<String, Descriptor> passed = new TreeMap<>();
        if (Long.toString(ownPid).equals(environment.get("LISTEN_PID"))) {
            int count = number(environment.getOrDefault("LISTEN_FDS", ""));
            for (int fd = FIRST; fd < FIRST + count && Descriptors.isCloseOnExec(fd) >= 0; fd++) {
                passed.put(NAME + fd, Descriptor.adopt(fd));
            }
        }
        return new PassedSockets(passed);
    }

    private static int number(String text) {
        return text.matches("[0-9]{1,7}") ? Math.min(MOST, Integer.parseInt(text)) : 0;
    }

    /** The passed socket that is open at the declared address, if there is one left. */
    public Optional<Listener> take(ListeningSocket declaration) {
        for (Iterator<Map.Entry<String, Descriptor>> all = left.entrySet().iterator(); all.hasNext(); ) {
            Map.Entry<String, Descriptor> each = all.next();
            Descriptor descriptor = each.getValue();
            if (Listener.isOpenAt(declaration.address(), descriptor)) {
                taken.add(each.getKey());
                all.remove(); // from here on the entry may be another one's
                return Optional.of(Listener.adopt(declaration, descriptor));
            }
        }
        return Optional.empty();
    }

    /** Has all that is left kept. */
    public void keep(Keeper keeper) {
        left.forEach((name, descriptor) -> keeper.keep(name, List.of(descriptor)));
    }

    /** What has been taken is kept under another name by now. */
    public void forgetTaken(Keeper keeper) {
        taken.forEach(keeper::forget);
        taken.clear();
    }
}

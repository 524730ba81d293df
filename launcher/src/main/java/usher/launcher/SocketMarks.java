package usher.launcher;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import usher.bundles.ListeningSocket;

/**
 * By what an open socket of a bundle is known when its files have changed: a mark, {@code NAME/ADDRESS}, the address in its
 * canonical form (no name has a slash). Where the file of a socket was renamed, the address is the same, and the socket
 * stays open under its new name. An earlier build left marks that are names only.
 */
final class SocketMarks {
    private SocketMarks() {}

    static String of(ListeningSocket socket) {
        return socket.name() + "/" + socket.address();
    }

    /**
     * For each open socket, by its mark, the declaration that goes on with it: of the same name and address, else of the same
     * address. Those that none goes on with are left out.
     */
    static Map<String, ListeningSocket> heirs(Collection<String> open, List<ListeningSocket> declared) {
        Map<String, ListeningSocket> heirs = new LinkedHashMap<>();
        Set<String> left = new TreeSet<>(open);
        List<ListeningSocket> others = new ArrayList<>();
        for (ListeningSocket socket : declared) {
            String mark = of(socket);
            if (left.remove(mark)) {
                heirs.put(mark, socket);
            } else if (left.remove(socket.name())) {
                heirs.put(socket.name(), socket);
            } else {
                others.add(socket);
            }
        }
        if (!left.isEmpty()) {
            for (ListeningSocket socket : others) {
                takeOver(left, socket, heirs);
            }
        }
        return heirs;
    }

    private static void takeOver(Set<String> left, ListeningSocket socket, Map<String, ListeningSocket> heirs) {
        String address = "/" + socket.address();
        for (String mark : left) {
            int slash = mark.indexOf('/');
            if (slash >= 0 && mark.substring(slash).equals(address)) {
                left.remove(mark);
                heirs.put(mark, socket);
                return;
            }
        }
    }

    /** The name by which each open socket goes on, by the name it had; those that are declared no more are left out. */
    static Map<String, String> names(Collection<ListeningSocket> open, List<ListeningSocket> declared) {
        Map<String, String> before = new HashMap<>();
        for (ListeningSocket socket : open) {
            before.put(of(socket), socket.name());
        }
        Map<String, String> names = new HashMap<>();
        heirs(before.keySet(), declared).forEach((mark, socket) -> names.put(before.get(mark), socket.name()));
        return names;
    }
}

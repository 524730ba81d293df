package usher.depgraph;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import usher.bundles.Address;
import usher.bundles.Bundle;
import usher.bundles.ListeningSocket;

/**
 * Who listens where. A client finds those that listen on exactly its address; failing that, those that listen on the
 * same port of all interfaces; and a client that names no host finds whoever listens on that port.
 */
final class Listeners {
    private static final List<Integer> NOBODY = List.of();

    private final Map<Address, List<Integer>> exact = new HashMap<>();
    private final Map<Port, List<Integer>> wildcard = new HashMap<>();
    private final Map<Port, List<Integer>> port = new HashMap<>();

    /** A port in an address family; {@code bytes} in its host, 0 for both families. */
    private record Port(Address.Transport transport, int port, int bytes) {}

    static Listeners of(Bundle[] bundles) {
        Listeners listeners = new Listeners();
        for (int i = 0; i < bundles.length; i++) {
            for (ListeningSocket socket : bundles[i].sockets()) {
                listeners.add(socket, i);
            }
        }
        return listeners;
    }

    private void add(ListeningSocket socket, int bundle) {
        add(exact, socket.address(), bundle);
        if (socket.address() instanceof Address.Inet inet) {
            add(port, new Port(inet.transport(), inet.port(), 0), bundle);
            if (inet.isWildcard()) {
                // Without a host, and as [::] by default, a socket takes both families.
                boolean both = size(inet.host()) != 4;
                add(wildcard, new Port(inet.transport(), inet.port(), 4), bundle);
                if (both) {
                    add(wildcard, new Port(inet.transport(), inet.port(), 16), bundle);
                }
            }
        } else if (socket.address() instanceof Address.Unix unix) {
            for (String link : socket.node().symlinks()) {
                add(exact, new Address.Unix(unix.type(), link, false), bundle);
            }
        }
    }

    /** The bundles that a client of {@code address} talks to, in byte order. */
    List<Integer> at(Address address) {
        List<Integer> found = exact.getOrDefault(address, NOBODY);
        if (!found.isEmpty() || !(address instanceof Address.Inet inet)) {
            return found;
        }
        return inet.isWildcard()
                ? port.getOrDefault(new Port(inet.transport(), inet.port(), 0), NOBODY)
                : wildcard.getOrDefault(new Port(inet.transport(), inet.port(), size(inet.host())), NOBODY);
    }

    private static <K> void add(Map<K, List<Integer>> map, K key, int bundle) {
        List<Integer> there = map.computeIfAbsent(key, k -> new ArrayList<>());
        if (there.isEmpty() || there.get(there.size() - 1) != bundle) {
            there.add(bundle);
        }
    }

    private static int size(Optional<ByteBuffer> host) {
        return host.map(ByteBuffer::remaining).orElse(0);
    }
}

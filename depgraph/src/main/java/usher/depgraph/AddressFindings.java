package usher.depgraph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import usher.bundles.Address;
import usher.bundles.ListeningSocket;
import usher.bundles.Problem;
import usher.bundles.SocketOptions;

/** What is wrong or doubtful about who listens where and who connects to whom. */
final class AddressFindings {
    private static final int EITHER = 0;
    private static final int V6 = 16;

    private final Ties ties;
    private final List<Problem> problems;
    private final Map<Address, Placed> first = new HashMap<>();
    private final Map<Integer, List<Placed>> everywhere = new HashMap<>();
    private final Map<Integer, List<Placed>> somewhere = new HashMap<>();

    private record Placed(int bundle, ListeningSocket socket) {}

    AddressFindings(Ties ties, List<Problem> problems) {
        this.ties = ties;
        this.problems = problems;
    }

    void collect() {
        boolean connects = false;
        for (int i = 0; i < ties.size(); i++) {
            for (ListeningSocket socket : ties.bundles[i].sockets()) {
                Placed placed = new Placed(i, socket);
                Placed other = first.putIfAbsent(socket.address(), placed);
                if (other != null) {
                    if (clash(placed, other)) {
                        report(placed, other, "listens on " + socket.address() + ", and so does ");
                    }
                } else if (socket.address() instanceof Address.Inet inet && inet.transport() == Address.Transport.TCP) {
                    overlap(placed, inet);
                }
            }
            connects |= !ties.bundles[i].connects().isEmpty();
        }
        if (connects) {
            connects();
        }
    }

    /** The kernel gives a port of all interfaces to one listener, or to those of single addresses, not to both. */
    private void overlap(Placed placed, Address.Inet inet) {
        List<Placed> all = everywhere.computeIfAbsent(inet.port(), port -> new ArrayList<>());
        List<Placed> single = somewhere.computeIfAbsent(inet.port(), port -> new ArrayList<>());
        boolean wildcard = Listeners.isWildcard(inet.host());
        List<Placed> others = new ArrayList<>(all);
        if (wildcard) {
            others.addAll(single);
        }
        (wildcard ? all : single).add(placed);
        for (Placed other : others) {
            int one = family(placed.socket);
            int two = family(other.socket);
            if ((one == two || one == EITHER || two == EITHER) && clash(placed, other)) {
                String words = wildcard ? ", which takes in " : ", which is taken in by ";
                report(
                        placed,
                        other,
                        "listens on " + placed.socket.address() + words + other.socket.address() + " of ");
                return;
            }
        }
    }

    private static int family(ListeningSocket socket) {
        Address.Inet inet = (Address.Inet) socket.address();
        if (inet.host().isEmpty()) {
            return EITHER;
        }
        boolean only = socket.options().bindIpv6Only() == SocketOptions.BindIpv6Only.IPV6_ONLY;
        int size = inet.host().get().remaining();
        return size == V6 && Listeners.isWildcard(inet.host()) && !only ? EITHER : size;
    }

    private boolean clash(Placed one, Placed other) {
        SocketOptions a = one.socket.options();
        SocketOptions b = other.socket.options();
        boolean apart = a.bindToDevice().isPresent()
                && b.bindToDevice().isPresent()
                && !a.bindToDevice().equals(b.bindToDevice());
        boolean shared = a.reusePort() && b.reusePort();
        // Two sockets of one bundle are a matter of its own files, and reported there if they are the same.
        boolean known = one.bundle == other.bundle && one.socket.address().equals(other.socket.address());
        return !apart && !shared && !known && !ties.conflicts.has(one.bundle, other.bundle);
    }

    private void report(Placed placed, Placed other, String words) {
        String remedy = placed.bundle == other.bundle
                ? "remove one of them"
                : "change one of them, or link " + ties.name(placed.bundle) + "/conflicts/" + ties.name(other.bundle);
        problems.add(
                Problem.error(ties.name(placed.bundle), placed.socket.source(), words + other.socket.source(), remedy));
    }

    private void connects() {
        Listeners listeners = Listeners.of(ties.bundles);
        for (int i = 0; i < ties.size(); i++) {
            for (Map.Entry<String, Address> client : ties.bundles[i].connects().entrySet()) {
                if (listeners.at(client.getValue()).isEmpty()) {
                    problems.add(Problem.warning(
                            ties.name(i),
                            client.getKey(),
                            "holds " + client.getValue() + ", where no bundle listens, so it wants and orders nothing",
                            "correct the address, or remove the file"));
                }
            }
        }
    }
}

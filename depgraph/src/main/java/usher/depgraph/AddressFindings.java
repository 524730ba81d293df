package usher.depgraph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import usher.bundles.Address;
import usher.bundles.Collision;
import usher.bundles.ListeningSocket;
import usher.bundles.Problem;

/** What is wrong or doubtful about who listens where and who connects to whom. */
final class AddressFindings {
    private final Ties ties;
    private final List<Problem> problems;
    private final Map<String, Placed> first = new HashMap<>();
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
                Placed other = first.putIfAbsent(socket.address().place(), placed);
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

    private void overlap(Placed placed, Address.Inet inet) {
        List<Placed> all = everywhere.computeIfAbsent(inet.port(), port -> new ArrayList<>());
        List<Placed> single = somewhere.computeIfAbsent(inet.port(), port -> new ArrayList<>());
        List<Placed> others = new ArrayList<>(all);
        if (inet.isWildcard()) {
            others.addAll(single);
        }
        (inet.isWildcard() ? all : single).add(placed);
        for (Placed other : others) {
            if (clash(placed, other)) {
                String words = inet.isWildcard() ? ", which takes in " : ", which is taken in by ";
                report(
                        placed,
                        other,
                        "listens on " + placed.socket.address() + words + other.socket.address() + " of ");
                return;
            }
        }
    }

    private boolean clash(Placed one, Placed other) {
        // Two sockets of one bundle are a matter of its own files, and reported there if they are at the same place.
        boolean known = one.bundle == other.bundle
                && one.socket.address().place().equals(other.socket.address().place());
        return !known && Collision.between(one.socket, other.socket) && !ties.conflicts.has(one.bundle, other.bundle);
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

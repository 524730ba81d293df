package usher.depgraph;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import usher.bundles.Address;
import usher.bundles.ListeningSocket;
import usher.bundles.Problem;

/** What is wrong or doubtful about the tree as a whole. */
final class Findings {
    private final Ties ties;
    private final List<Problem> problems = new ArrayList<>();

    Findings(Ties ties) {
        this.ties = ties;
    }

    void collect() {
        Map<Address, ListeningSocket> sockets = new HashMap<>();
        Map<Address, Integer> holders = new HashMap<>();
        Map<Object, Integer> directories = new HashMap<>();
        Map<Object, Integer> mounts = new HashMap<>();
        for (int i = 0; i < ties.size(); i++) {
            problems.addAll(ties.problems.getOrDefault(i, List.of()));
            lonelyOrders(i);
            for (ListeningSocket socket : ties.bundles[i].sockets()) {
                ListeningSocket first = sockets.putIfAbsent(socket.address(), socket);
                Integer holder = holders.putIfAbsent(socket.address(), i);
                if (first != null && holder != null) {
                    sameAddress(i, socket, holder, first);
                }
            }
            twice(directories, ties.bundles[i].directory().normalize(), i, "is the same directory as ");
            int bundle = i;
            ties.bundles[i]
                    .service()
                    .flatMap(service -> service.mount())
                    .ifPresent(mount -> twice(mounts, mount.normalize(), bundle, "mounts " + mount + ", and so does "));
        }
        cycles();
    }

    /** An order is no wish: without a link that takes the other in, it often says less than was meant. */
    private void lonelyOrders(int i) {
        for (int place = ties.orders.inStart(i); place < ties.orders.inEnd(i); place++) {
            Edge edge = ties.orders.label(ties.orders.in(place));
            int first = ties.orders.tail(ties.orders.in(place));
            boolean own = edge.source().startsWith(ties.name(i) + "/after/");
            if (own && edge.reason() == Reason.EXPLICIT && first != i && !isWanted(first)) {
                warn(
                        i,
                        edge.source(),
                        "orders " + ties.name(i) + " after " + edge.from() + ", but nothing wants or requires "
                                + edge.from(),
                        "link " + ties.name(i) + "/wants/" + edge.from() + " too if it is needed");
            }
        }
    }

    private boolean isWanted(int bundle) {
        return ties.pulls.inStart(bundle) < ties.pulls.inEnd(bundle);
    }

    private void sameAddress(int i, ListeningSocket socket, int holder, ListeningSocket first) {
        boolean alternatives = ties.conflicts.has(i, holder);
        boolean shared = socket.options().reusePort() && first.options().reusePort();
        if (!alternatives && !shared) {
            String message = "listens on " + socket.address() + ", and so does " + first.source();
            String remedy = holder == i
                    ? "remove one of them"
                    : "change one of them, or link " + ties.name(i) + "/conflicts/" + ties.name(holder);
            problems.add(Problem.error(ties.name(i), socket.source(), message, remedy));
        }
    }

    private void twice(Map<Object, Integer> known, Object what, int i, String words) {
        Integer first = known.putIfAbsent(what, i);
        if (first != null && !ties.conflicts.has(i, first)) {
            warn(i, ties.name(i).value(), words + ties.name(first), "keep one of the two names");
        }
    }

    private void cycles() {
        int[] all = new int[ties.size()];
        for (int i = 0; i < all.length; i++) {
            all[i] = i;
        }
        OrderGraph graph = new OrderGraph(ties, all, new BitSet());
        if (Sorting.topological(graph.arcs()).length < graph.arcs().vertices()) {
            for (Cycle cycle : graph.cycles(Sorting.knots(graph.arcs()))) {
                problems.add(Words.problem(cycle));
            }
        }
    }

    private void warn(int i, String source, String message, String remedy) {
        problems.add(Problem.warning(ties.name(i), source, message, remedy));
    }

    /** These findings and what a plan adds to them (its conflicts), each once, errors first. */
    List<Problem> with(Plan plan) {
        Set<Problem> own = new HashSet<>();
        for (int i = 0; i < ties.size(); i++) {
            own.addAll(ties.bundles[i].problems());
        }
        Set<Problem> known = new HashSet<>(problems);
        for (Problem problem : plan.problems()) {
            if (!own.contains(problem) && !problem.message().startsWith("a cycle of ") && known.add(problem)) {
                problems.add(problem);
            }
        }
        problems.sort(Words.BY_WEIGHT);
        return problems;
    }
}

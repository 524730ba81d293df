package usher.depgraph;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import usher.bundles.Bundle;
import usher.bundles.BundleName;
import usher.bundles.Link;
import usher.bundles.ListeningSocket;
import usher.bundles.Problem;
import usher.bundles.Relation;
import usher.bundles.Service;

/** What is wrong or doubtful about the tree as a whole, or, of that, what concerns some bundles. */
final class Findings {
    private static final BundleName DEFAULT = new BundleName("default");

    private final Ties ties;
    private final List<Problem> problems = new ArrayList<>();
    /** By number, what the tree's bundles call for by wanted-by and required-by. */
    private final BitSet calling = new BitSet();

    Findings(Ties ties) {
        this.ties = ties;
    }

    /** Collects them, or those of the bundles with these numbers. */
    void collect(Optional<BitSet> only) {
        Map<Object, Integer> directories = new HashMap<>();
        Map<Object, Integer> mounts = new HashMap<>();
        Mounts below = Mounts.of(ties.bundles);
        new AddressFindings(ties, problems).collect();
        for (int i = 0; i < ties.size(); i++) {
            Bundle bundle = ties.bundles[i];
            problems.addAll(ties.problems.getOrDefault(i, List.of()));
            links(i, below);
            twice(directories, bundle.directory().normalize(), i, "is the same directory as ");
            Optional<Path> mount = bundle.mount();
            if (mount.isPresent()) {
                twice(mounts, mount.get(), i, "mounts " + mount.get() + ", and so does ");
            }
        }
        for (int i = 0; i < ties.size(); i++) {
            lonelyOrders(i);
        }
        if (only.isPresent()) {
            problems.removeIf(problem -> problem.bundle()
                    .filter(bundle -> !only.get().get(ties.find(bundle)))
                    .isPresent());
        }
        cycles(only);
    }

    private void links(int i, Mounts mounts) {
        for (Link link : ties.bundles[i].links()) {
            Relation relation = link.relation();
            if (relation == Relation.WANTED_BY || relation == Relation.REQUIRED_BY) {
                calling.set(i);
            }
            int to = ties.find(link.to());
            int mounter = to < 0 ? mounts.above(link) : -1;
            if (mounter >= 0) {
                warn(
                        i,
                        link.source(),
                        "leads below what " + ties.name(mounter) + " mounts, so it is not known before that is up",
                        "");
            }
            if (relation == Relation.LOG && to >= 0 && to != i) {
                logger(i, link, ties.bundles[to]);
            }
        }
    }

    private void logger(int i, Link link, Bundle logger) {
        boolean runs = logger.service()
                .filter(service -> service.has(Service.Script.RUN))
                .isPresent();
        if (!runs) {
            warn(
                    i,
                    link.source(),
                    "names " + logger.name() + ", which has no run that could read the log",
                    "give it one");
        }
        for (ListeningSocket socket : logger.sockets()) {
            if (socket.handover() == ListeningSocket.Handover.STDIN) {
                warn(
                        i,
                        link.source(),
                        "names " + logger.name() + ", whose standard input is " + socket.source() + " already",
                        "hand that socket over as listen-fds, or log to another bundle");
                return;
            }
        }
    }

    /** An order is no wish: without a link that takes the other in, it often says less than was meant. */
    private void lonelyOrders(int i) {
        for (int place = ties.orders.inStart(i); place < ties.orders.inEnd(i); place++) {
            lonelyOrder(i, "after", ties.orders.tail(ties.orders.in(place)), ties.orders.label(ties.orders.in(place)));
        }
        for (int arc = ties.orders.outStart(i); arc < ties.orders.outEnd(i); arc++) {
            lonelyOrder(i, "before", ties.orders.head(arc), ties.orders.label(arc));
        }
    }

    private void lonelyOrder(int i, String relation, int other, Edge edge) {
        boolean own = edge.reason() == Reason.EXPLICIT
                && edge.source().startsWith(ties.name(i) + "/" + relation + "/")
                && other != i;
        if (own && !isWanted(other)) {
            warn(
                    i,
                    edge.source(),
                    "orders " + ties.name(i) + " " + relation + " " + ties.name(other)
                            + ", but nothing wants or requires " + ties.name(other),
                    "link " + ties.name(i) + "/wants/" + ties.name(other) + " too if it is needed");
        }
    }

    /** Whether anything starts it: another bundle's link, one that {@code enable} would make, or {@code run}. */
    private boolean isWanted(int bundle) {
        int first = ties.find(DEFAULT);
        boolean run = first < 0 ? !ties.bundles[bundle].isDown() : bundle == first;
        return ties.pulls.inStart(bundle) < ties.pulls.inEnd(bundle) || calling.get(bundle) || run;
    }

    private void twice(Map<Object, Integer> known, Object what, int i, String words) {
        Integer first = known.putIfAbsent(what, i);
        if (first != null && !ties.conflicts.has(i, first)) {
            warn(i, ties.name(i).value(), words + ties.name(first), "keep one of the two names");
        }
    }

    private void cycles(Optional<BitSet> only) {
        int[] all = new int[ties.size()];
        for (int i = 0; i < all.length; i++) {
            all[i] = i;
        }
        OrderGraph graph = new OrderGraph(ties, all, new BitSet());
        if (Sorting.topological(graph.arcs()).length < graph.arcs().vertices()) {
            for (Cycle cycle : graph.cycles(Sorting.knots(graph.arcs()))) {
                boolean concerns = only.isEmpty();
                for (BundleName bundle : cycle.bundles()) {
                    concerns = concerns || only.get().get(ties.find(bundle));
                }
                if (concerns) {
                    problems.add(Words.problem(cycle));
                }
            }
        }
    }

    private void warn(int i, String source, String message, String remedy) {
        problems.add(Problem.warning(ties.name(i), source, message, remedy));
    }

    /** Adds what a plan finds beyond the files of its bundles and the tree: its conflicts, each once. */
    void add(Plan plan) {
        Set<Object> known = new HashSet<>();
        for (Problem problem : problems) {
            known.add(key(problem));
        }
        Set<Problem> own = new HashSet<>();
        for (int i = 0; i < ties.size(); i++) {
            own.addAll(ties.bundles[i].problems());
            own.addAll(ties.problems.getOrDefault(i, List.of()));
        }
        for (Problem problem : plan.problems()) {
            if (!own.contains(problem) && !Words.isCycle(problem) && known.add(key(problem))) {
                problems.add(problem);
            }
        }
    }

    /** One conflict is found by several plans, with other chains each time. */
    private static Object key(Problem problem) {
        int end = problem.message().indexOf(", and this takes in both");
        return List.of(
                problem.source(),
                end < 0 ? problem.message() : problem.message().substring(0, end));
    }

    /** All, errors first. */
    List<Problem> sorted() {
        problems.sort(Problem.BY_WEIGHT);
        return problems;
    }
}

package usher.depgraph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import usher.bundles.Address;
import usher.bundles.Bundle;
import usher.bundles.Link;
import usher.bundles.Problem;
import usher.bundles.Relation;

/** Reads links, addresses and mounts into arcs; derived orders yield here. */
final class TieReader {
    private final Bundle[] bundles;
    private final Map<String, Integer> index;
    private final Arcs.Builder<Pull> pulls = new Arcs.Builder<>();
    private final Arcs.Builder<Edge> said = new Arcs.Builder<>();
    private final List<Derived> derived = new ArrayList<>();
    private final Arcs.Builder<Edge> listens = new Arcs.Builder<>();
    private final Arcs.Builder<Edge> conflicts = new Arcs.Builder<>();
    private final Map<Integer, List<Problem>> problems = new HashMap<>();
    private final Map<Integer, String> missing = new HashMap<>();
    private Arcs<Edge> orders;
    private Arcs<Edge> yielded;

    private record Derived(int first, int second, Edge edge) {}

    TieReader(Bundle[] bundles, Map<String, Integer> index) {
        this.bundles = bundles;
        this.index = index;
        orders = said.build(0, ByReason.INSTANCE);
        yielded = orders;
    }

    void readAll() {
        Mounts mounts = Mounts.of(bundles);
        Listeners listeners = null;
        for (int i = 0; i < bundles.length; i++) {
            Bundle bundle = bundles[i];
            boolean target = bundle.isTarget();
            List<Link> links = bundle.links();
            for (int k = 0; k < links.size(); k++) {
                read(i, links.get(k), target, mounts);
            }
            if (!bundle.connects().isEmpty()) {
                if (listeners == null) {
                    listeners = Listeners.of(bundles);
                }
                connect(i, bundle, listeners);
            }
            if (!mounts.isEmpty()) {
                mount(i, mounts);
            }
        }
        settle();
    }

    private void read(int i, Link link, boolean target, Mounts mounts) {
        Integer found = index.get(link.to().value());
        if (found == null) {
            report(i, link, mounts);
            return;
        }
        int j = found;
        String source = link.source();
        if (i == j && link.relation() != Relation.AFTER && link.relation() != Relation.BEFORE) {
            warn(i, source, "links " + bundles[i].name() + " to itself, which has no effect", "remove it");
            return;
        }
        switch (link.relation()) {
            case WANTS -> {
                pulls.add(i, j, new Pull(Pull.Kind.WANTS, source));
                if (target) {
                    derive(j, i, Reason.TARGET, source);
                }
            }
            case REQUIRES -> {
                pulls.add(i, j, new Pull(Pull.Kind.REQUIRES, source));
                derive(j, i, Reason.REQUIRES, source);
                if (target) {
                    derive(j, i, Reason.TARGET, source);
                }
            }
            case CONFLICTS -> {
                conflicts.add(j, i, edge(j, i, Reason.CONFLICTS, source));
                conflicts.add(i, j, edge(i, j, Reason.CONFLICTS, source));
            }
            case AFTER -> said.add(j, i, edge(j, i, Reason.EXPLICIT, source));
            case BEFORE -> said.add(i, j, edge(i, j, Reason.EXPLICIT, source));
            case LOG -> {
                pulls.add(i, j, new Pull(Pull.Kind.LOG, source));
                derive(j, i, Reason.LOG, source);
            }
            case WANTED_BY, REQUIRED_BY -> {
                // Not relations: what `enable` puts in place as wants and requires links of the other bundle.
            }
        }
    }

    private void connect(int i, Bundle bundle, Listeners listeners) {
        for (Map.Entry<String, Address> client : bundle.connects().entrySet()) {
            for (int j : listeners.at(client.getValue())) {
                if (i != j) {
                    pulls.add(i, j, new Pull(Pull.Kind.CONNECTS, client.getKey()));
                    derive(j, i, Reason.CONNECTS, client.getKey());
                }
            }
        }
    }

    private void mount(int i, Mounts mounts) {
        for (Mounts.Below below : mounts.of(i)) {
            int j = below.mounter();
            pulls.add(i, j, new Pull(below.listens() ? Pull.Kind.LISTENS : Pull.Kind.PATH, below.source()));
            derive(j, i, Reason.PATH, below.source());
            if (below.listens()) {
                listens.add(j, i, edge(j, i, Reason.PATH, below.source()));
            }
        }
    }

    private void derive(int first, int second, Reason reason, String source) {
        derived.add(new Derived(first, second, edge(first, second, reason, source)));
    }

    private Edge edge(int first, int second, Reason reason, String source) {
        return new Edge(bundles[first].name(), bundles[second].name(), reason, source);
    }

    /** Splits the derived orders into those that hold and those that yield to an explicit link of the same two. */
    private void settle() {
        int n = bundles.length;
        Arcs<Edge> explicit = said.build(n, ByReason.INSTANCE);
        Arcs.Builder<Edge> giving = new Arcs.Builder<>();
        for (Derived order : derived) {
            boolean yields = explicit.has(order.first, order.second) || explicit.has(order.second, order.first);
            (yields ? giving : said).add(order.first, order.second, order.edge);
        }
        derived.clear();
        orders = said.build(n, ByReason.INSTANCE);
        yielded = giving.build(n, ByReason.INSTANCE);
    }

    private void report(int i, Link link, Mounts mounts) {
        int mounter = link.missing().isPresent() ? mounts.above(link.missing().get()) : -1;
        if (mounter >= 0) {
            if (link.relation() == Relation.REQUIRES && mounter != i) {
                pulls.add(i, mounter, new Pull(Pull.Kind.PATH, link.source()));
                derive(mounter, i, Reason.PATH, link.source());
            }
            return;
        }
        String message = "names " + link.to() + ", and there is no such bundle";
        add(i, Problem.error(bundles[i].name(), link.source(), message, "remove the link, or make that bundle"));
        if (link.relation() == Relation.REQUIRES) {
            String known = missing.get(i);
            if (known == null || known.compareTo(link.source()) > 0) {
                missing.put(i, link.source());
            }
        }
    }

    private void warn(int i, String source, String message, String remedy) {
        add(i, Problem.warning(bundles[i].name(), source, message, remedy));
    }

    private void add(int i, Problem problem) {
        List<Problem> known = problems.get(i);
        if (known == null) {
            known = new ArrayList<>();
            problems.put(i, known);
        }
        known.add(problem);
    }

    Arcs<Pull> pulls() {
        return pulls.build(bundles.length, Pull.ORDER);
    }

    Arcs<Edge> orders() {
        return orders;
    }

    Arcs<Edge> yielded() {
        return yielded;
    }

    Arcs<Edge> listens() {
        return listens.build(bundles.length, ByReason.INSTANCE);
    }

    Arcs<Edge> conflicts() {
        return conflicts.build(bundles.length, ByReason.INSTANCE);
    }

    Map<Integer, List<Problem>> problems() {
        return problems;
    }

    Map<Integer, String> missing() {
        return missing;
    }
}

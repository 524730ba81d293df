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
import usher.bundles.SourcePath;

/** Reads links, addresses and mounts of some bundles into arcs; derived orders yield here. */
final class TieReader {
    private final Bundle[] bundles;
    private final Map<String, Integer> index;
    private final Mounts mounts;
    private final Listeners listeners;
    private final Arcs.Builder<Pull> pulls = new Arcs.Builder<>();
    private final Arcs.Builder<Edge> said = new Arcs.Builder<>();
    private final Arcs.Builder<Edge> derived = new Arcs.Builder<>();
    private final Arcs.Builder<Edge> listens = new Arcs.Builder<>();
    private final Arcs.Builder<Edge> conflicts = new Arcs.Builder<>();
    private final Map<Integer, List<Problem>> problems = new HashMap<>();
    private final Map<Integer, String> missing = new HashMap<>();

    /** Orders that hold, and derived ones that do not, because of what is said of the same two bundles. */
    record Settled(Arcs<Edge> holding, Arcs<Edge> yielded) {}

    private TieReader(Bundle[] bundles, Map<String, Integer> index, Mounts mounts, Listeners listeners) {
        this.bundles = bundles;
        this.index = index;
        this.mounts = mounts;
        this.listeners = listeners;
    }

    /** Reads all bundles; {@code index} has their places by name. */
    static TieReader read(Bundle[] bundles, Map<String, Integer> index) {
        Mounts mounts = Mounts.of(bundles);
        Listeners listeners = Listeners.of(hasClients(bundles) ? bundles : new Bundle[0]);
        int shares = Shares.of(bundles.length);
        List<TieReader> readers = Shares.each(shares, share -> {
            TieReader reader = new TieReader(bundles, index, mounts, listeners);
            reader.read(bundles.length * share / shares, bundles.length * (share + 1) / shares);
            return reader;
        });
        TieReader whole = readers.get(0);
        for (TieReader other : readers.subList(1, shares)) {
            whole.addAll(other);
        }
        return whole;
    }

    private static boolean hasClients(Bundle[] bundles) {
        for (Bundle bundle : bundles) {
            if (!bundle.connects().isEmpty()) {
                return true;
            }
        }
        return false;
    }

    private void read(int from, int to) {
        for (int i = from; i < to; i++) {
            Bundle bundle = bundles[i];
            boolean target = bundle.isTarget();
            List<Link> links = bundle.links();
            for (int k = 0; k < links.size(); k++) {
                read(i, links.get(k), target);
            }
            connect(i, bundle);
            if (!mounts.isEmpty()) {
                mount(i);
            }
        }
    }

    /** Adds what was read of later bundles. */
    private void addAll(TieReader later) {
        pulls.addAll(later.pulls);
        said.addAll(later.said);
        derived.addAll(later.derived);
        listens.addAll(later.listens);
        conflicts.addAll(later.conflicts);
        problems.putAll(later.problems);
        missing.putAll(later.missing);
    }

    private void read(int i, Link link, boolean target) {
        Integer found = index.get(link.to().value());
        if (found == null) {
            report(i, link);
            return;
        }
        int j = found;
        SourcePath source = link.path();
        if (i == j && link.relation() != Relation.AFTER && link.relation() != Relation.BEFORE) {
            warn(i, link.source(), "links " + bundles[i].name() + " to itself, which has no effect", "remove it");
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

    private void connect(int i, Bundle bundle) {
        for (Map.Entry<String, Address> client : bundle.connects().entrySet()) {
            for (int j : listeners.at(client.getValue())) {
                if (i != j) {
                    SourcePath source = SourcePath.of(client.getKey());
                    pulls.add(i, j, new Pull(Pull.Kind.CONNECTS, source));
                    derive(j, i, Reason.CONNECTS, source);
                }
            }
        }
    }

    private void mount(int i) {
        for (Mounts.Below below : mounts.of(i)) {
            int j = below.mounter();
            pulls.add(i, j, new Pull(below.listens() ? Pull.Kind.LISTENS : Pull.Kind.PATH, below.source()));
            derive(j, i, Reason.PATH, below.source());
            if (below.listens()) {
                listens.add(j, i, edge(j, i, Reason.PATH, below.source()));
            }
        }
    }

    private void derive(int first, int second, Reason reason, SourcePath source) {
        derived.add(first, second, edge(first, second, reason, source));
    }

    private Edge edge(int first, int second, Reason reason, SourcePath source) {
        return new Edge(bundles[first].name(), bundles[second].name(), reason, source);
    }

    private void report(int i, Link link) {
        int mounter = mounts.above(link);
        if (mounter >= 0) {
            if (link.relation() == Relation.REQUIRES && mounter != i) {
                pulls.add(i, mounter, new Pull(Pull.Kind.PATH, link.path()));
                derive(mounter, i, Reason.PATH, link.path());
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

    /** Splits the derived orders into those that hold and those that yield to an explicit link of the same two. */
    Settled settled() {
        int n = bundles.length;
        Arcs<Edge> explicit = said.build(n, ByReason.INSTANCE);
        Arcs.Builder<Edge> giving = new Arcs.Builder<>();
        for (int i = 0; i < derived.size(); i++) {
            int first = derived.tail(i);
            int second = derived.head(i);
            boolean yields = explicit.has(first, second) || explicit.has(second, first);
            (yields ? giving : said).add(first, second, derived.label(i));
        }
        Arcs<Edge> holding = said.size() == explicit.size() ? explicit : said.build(n, ByReason.INSTANCE);
        return new Settled(holding, giving.build(n, ByReason.INSTANCE));
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

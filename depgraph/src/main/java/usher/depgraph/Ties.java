package usher.depgraph;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import usher.bundles.Bundle;
import usher.bundles.BundleName;
import usher.bundles.BundleSet;
import usher.bundles.Problem;
import usher.bundles.Service;

/**
 * The bundles by number, in byte order of their names, and everything that ties them together. Two graphs over the same
 * vertices, as taking in and ordering are two relations.
 */
final class Ties {
    final Bundle[] bundles;
    final boolean[] lazy;
    /** Flagged so: not all that are not lazy. */
    final boolean[] eager;
    /** From the asking bundle to the one asked for. */
    final Arcs<Pull> pulls;
    /** From the bundle that comes first to the one after it. */
    final Arcs<Edge> orders;
    /** Derived orders that yielded to an explicit one between the same two. */
    final Arcs<Edge> yielded;
    /** From a bundle that mounts to one with a socket below that mount; the source names the socket's file. */
    final Arcs<Edge> listens;
    /** From the bundle that must be stopped to the one to be started, and the other way round. */
    final Arcs<Edge> conflicts;
    /** By bundle, what is wrong with its links; absent where nothing is. */
    final Map<Integer, List<Problem>> problems;
    /** By bundle, the first of its requires links that leads nowhere. */
    final Map<Integer, String> missing;

    private final BundleSet set;
    private final Map<String, Integer> index;

    Ties(BundleSet set) {
        this.set = set;
        Collection<Bundle> all = set.bundles();
        bundles = all.toArray(new Bundle[0]);
        lazy = new boolean[bundles.length];
        eager = new boolean[bundles.length];
        index = new HashMap<>(bundles.length * 2);
        for (int i = 0; i < bundles.length; i++) {
            lazy[i] = bundles[i].isLazy();
            eager[i] = bundles[i].service().filter(Service::eager).isPresent();
            index.put(bundles[i].name().value(), i);
        }
        for (Map.Entry<BundleName, BundleName> alias : set.aliases().entrySet()) {
            Integer bundle = index.get(alias.getValue().value());
            if (bundle != null) {
                index.putIfAbsent(alias.getKey().value(), bundle);
            }
        }
        TieReader reader = TieReader.read(bundles, index);
        Supplier<Arcs<Pull>> asked = Shares.beside(bundles.length, reader::pulls);
        TieReader.Settled settled = reader.settled();
        orders = settled.holding();
        yielded = settled.yielded();
        pulls = asked.get();
        listens = reader.listens();
        conflicts = reader.conflicts();
        problems = reader.problems();
        missing = reader.missing();
    }

    boolean anyLazy() {
        for (boolean one : lazy) {
            if (one) {
                return true;
            }
        }
        return false;
    }

    BundleSet set() {
        return set;
    }

    int size() {
        return bundles.length;
    }

    BundleName name(int bundle) {
        return bundles[bundle].name();
    }

    /** The number of the bundle of that name or alias, or -1. */
    int find(BundleName name) {
        @Nullable Integer bundle = index.get(name.value());
        return bundle == null ? -1 : bundle;
    }

    /** Whether a link puts the one before the other. */
    boolean isExplicit(int first, int second) {
        int arc = orders.find(first, second);
        return arc >= 0 && orders.label(arc).reason() == Reason.EXPLICIT;
    }

    /** What is wrong with the bundle's own files and with its links. */
    void collectProblems(int bundle, Collection<Problem> into) {
        into.addAll(bundles[bundle].problems());
        into.addAll(problems.getOrDefault(bundle, List.of()));
    }
}

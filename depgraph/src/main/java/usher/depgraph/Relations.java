package usher.depgraph;

import java.util.Collection;
import java.util.List;
import java.util.Set;

import usher.bundles.BundleName;
import usher.bundles.BundleSet;

/**
 * All relations and orders among the bundles of a set: an immutable value, and pure functions on it. Names are
 * canonical (aliases resolved). Nothing here throws on any tree.
 */
public final class Relations {
    private final BundleSet bundles;

    private Relations(BundleSet bundles) {
        this.bundles = bundles;
    }

    public static Relations of(BundleSet bundles) {
        return new Relations(bundles);
    }

    public BundleSet bundles() {
        return bundles;
    }

    /** What the bundle requires, directly: explicitly, by another's {@code required-by}, by a path. */
    public Set<BundleName> requires(BundleName bundle) {
        throw new UnsupportedOperationException(bundle + "");
    }

    /** What the bundle conflicts with, said from either side. */
    public Set<BundleName> conflicts(BundleName bundle) {
        throw new UnsupportedOperationException(bundle + "");
    }

    /**
     * What starting these bundles would do. With {@code now}, the processes of the named lazy bundles are started too,
     * as a first knock would. {@code inFlight} names bundles with a start already under way: orders between them and
     * the plan's members are edges of the plan, and a member on a cycle with them is refused.
     */
    public Plan start(Collection<BundleName> names, boolean now, Set<BundleName> inFlight) {
        throw new UnsupportedOperationException(names + " " + now + inFlight);
    }

    /** What stopping these bundles would do: they and all that require them, of those that are {@code up}. */
    public Plan stop(Collection<BundleName> names, Set<BundleName> up) {
        throw new UnsupportedOperationException(names + " " + up);
    }

    /** Every edge between two of these bundles. */
    public List<Edge> edges(Set<BundleName> among) {
        throw new UnsupportedOperationException(among + "");
    }
}

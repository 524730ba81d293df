package usher.bundles;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * All bundles found along a search path at one moment, in byte order of their names, with the aliases that lead to
 * them and the problems of the tree.
 */
public final class BundleSet {
    private final List<Bundle> bundles;
    private final Map<BundleName, Bundle> byName;
    private final Map<BundleName, BundleName> aliases;
    private final List<Problem> problems;

    public BundleSet(Collection<Bundle> bundles, Map<BundleName, BundleName> aliases, List<Problem> problems) {
        List<Bundle> sorted = new ArrayList<>(bundles);
        sorted.sort(BY_NAME);
        this.bundles = Collections.unmodifiableList(sorted);
        this.byName = new HashMap<>(bundles.size() * 2);
        for (Bundle bundle : sorted) {
            byName.put(bundle.name(), bundle);
        }
        this.aliases = Collections.unmodifiableMap(new TreeMap<>(aliases));
        this.problems = List.copyOf(problems);
    }

    private static final Comparator<Bundle> BY_NAME = new Comparator<>() {
        @Override
        public int compare(Bundle a, Bundle b) {
            return a.name().compareTo(b.name());
        }
    };

    /** The bundle of that name or alias. */
    public Optional<Bundle> find(BundleName name) {
        return Optional.ofNullable(byName.get(canonical(name)));
    }

    /** The name itself, or the name of the bundle it is an alias of. */
    public BundleName canonical(BundleName name) {
        return aliases.isEmpty() ? name : aliases.getOrDefault(name, name);
    }

    public Collection<Bundle> bundles() {
        return bundles;
    }

    /** The bundles' names by their aliases, in byte order. */
    public Map<BundleName, BundleName> aliases() {
        return aliases;
    }

    /** Problems of the directories on the search path and of entries that are no bundles; those of a bundle are with it. */
    public List<Problem> problems() {
        return problems;
    }
}

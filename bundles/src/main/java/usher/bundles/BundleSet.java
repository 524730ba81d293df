package usher.bundles;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * All bundles found along a search path at one moment, in byte order of their names, with the aliases that lead to
 * them and the problems of the tree.
 */
public final class BundleSet {
    private final TreeMap<BundleName, Bundle> bundles;
    private final TreeMap<BundleName, BundleName> aliases;
    private final List<Problem> problems;

    public BundleSet(Collection<Bundle> bundles, Map<BundleName, BundleName> aliases, List<Problem> problems) {
        this.bundles = new TreeMap<>();
        bundles.forEach(bundle -> this.bundles.put(bundle.name(), bundle));
        this.aliases = new TreeMap<>(aliases);
        this.problems = List.copyOf(problems);
    }

    /** The bundle of that name or alias. */
    public Optional<Bundle> find(BundleName name) {
        return Optional.ofNullable(bundles.get(canonical(name)));
    }

    /** The name itself, or the name of the bundle it is an alias of. */
    public BundleName canonical(BundleName name) {
        return aliases.getOrDefault(name, name);
    }

    public Collection<Bundle> bundles() {
        return Collections.unmodifiableCollection(bundles.values());
    }

    public Map<BundleName, BundleName> aliases() {
        return Collections.unmodifiableMap(aliases);
    }

    /** Problems of the directories on the search path themselves; those of a bundle are with the bundle. */
    public List<Problem> problems() {
        return problems;
    }
}

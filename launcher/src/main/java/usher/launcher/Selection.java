package usher.launcher;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import usher.bundles.Bundle;
import usher.bundles.BundleName;
import usher.bundles.BundleSet;
import usher.depgraph.Relations;

/**
 * Which bundles a command line means.
 *
 * @param names canonical, in byte order
 * @param unknown words that name no bundle, as they were given
 */
record Selection(Set<BundleName> names, List<String> unknown) {
    private static final BundleName DEFAULT = new BundleName("default");

    /** The bundles named; without words those of {@code run}: {@code default}, or else every one without {@code down}. */
    static Selection of(Collection<String> words, BundleSet bundles) {
        Set<BundleName> names = new TreeSet<>();
        List<String> unknown = new ArrayList<>();
        for (String word : words) {
            if (BundleName.isValid(word) && bundles.find(new BundleName(word)).isPresent()) {
                names.add(bundles.canonical(new BundleName(word)));
            } else {
                unknown.add(word);
            }
        }
        if (words.isEmpty() && bundles.find(DEFAULT).isPresent()) {
            names.add(bundles.canonical(DEFAULT));
        } else if (words.isEmpty()) {
            for (Bundle bundle : bundles.bundles()) {
                if (!bundle.isDown()) {
                    names.add(bundle.name());
                }
            }
        }
        return new Selection(names, unknown);
    }

    /** These bundles and all that they ask for, directly or not: whatever may be up once they were started. */
    Set<BundleName> closure(Relations relations) {
        Set<BundleName> closure = new TreeSet<>(names);
        ArrayDeque<BundleName> queue = new ArrayDeque<>(names);
        while (!queue.isEmpty()) {
            for (BundleName next : relations.wants(queue.remove())) {
                if (closure.add(next)) {
                    queue.add(next);
                }
            }
        }
        return closure;
    }
}

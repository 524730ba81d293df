package usher.bundles;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Names for imported bundles, none given twice. They are ASCII, because they name descriptors too. */
final class BundleNames {
    /** Well below what a file's name may have, so that a number fits behind it. */
    private static final int LONGEST = 200;

    /** A bundle {@code default} would be what {@code run} without names is about, instead of all. */
    private final Set<String> given = new HashSet<>(Set.of("default"));

    private final Map<String, Integer> latest = new HashMap<>();

    /** The first name that is free: what is wished for, its alternative, or that with a number. */
    String give(String wish, String alternative) {
        String name = clean(wish);
        if (given.add(name)) {
            return name;
        }
        String second = clean(alternative);
        name = second;
        while (!given.add(name)) {
            name = second + "-" + latest.merge(second, 2, (number, two) -> number + 1);
        }
        return name;
    }

    /** The wish with {@code _} for all that a name may not have, or that would have to be quoted in a command. */
    private static String clean(String wish) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < wish.length() && out.length() < LONGEST; i++) {
            char c = wish.charAt(i);
            boolean letter = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
            out.append(letter || i > 0 && "._+@-".indexOf(c) >= 0 ? c : '_');
        }
        return out.isEmpty() ? "service" : out.toString();
    }
}

package usher.bundles;

import java.util.Collection;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Names near to a misspelt one. */
final class Spelling {
    private static final int FARTHEST = 2;

    private Spelling() {}

    /** The first name in byte order at the least edit distance of at most two; null if there is none so near. */
    static @Nullable String nearest(String name, Collection<String> names) {
        String folded = name.toLowerCase(Locale.ROOT).replace('_', '-');
        String nearest = null;
        int least = FARTHEST + 1;
        for (String candidate : names) {
            // Two changes make any word of three letters any other.
            int distance = candidate.length() <= 3 && !folded.equals(candidate)
                    ? distance(folded, candidate) + 1
                    : distance(folded, candidate);
            boolean better = distance < least;
            if (better || (distance == least && nearest != null && ByteOrder.order(candidate, nearest) < 0)) {
                nearest = candidate;
                least = distance;
            }
        }
        return nearest;
    }

    /** Levenshtein's distance; some number above two if it is above two. */
    static int distance(String a, String b) {
        if (Math.abs(a.length() - b.length()) > FARTHEST) {
            return FARTHEST + 1;
        }
        int[] previous = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] row = new int[b.length() + 1];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replaced, Math.min(previous[j], row[j - 1]) + 1);
            }
            previous = row;
        }
        return previous[b.length()];
    }
}

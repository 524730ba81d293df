package usher.bundles;

import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;

/** The order of two strings' UTF-8 bytes, which is the order of their code points. */
final class ByteOrder implements Comparator<String> {
    static final ByteOrder INSTANCE = new ByteOrder();

    private ByteOrder() {}

    static void sort(String[] names) {
        // The natural order of strings is this order, and quicker, unless there are surrogates.
        boolean surrogates = false;
        for (String name : names) {
            for (int i = 0; i < name.length() && !surrogates; i++) {
                surrogates = Character.isSurrogate(name.charAt(i));
            }
        }
        if (surrogates) {
            Arrays.sort(names, INSTANCE);
        } else {
            Arrays.sort(names);
        }
    }

    /** An unmodifiable copy in this order, so that whoever iterates does so alike on every machine. */
    static <V> Map<String, V> copyOf(Map<String, V> map) {
        if (map.isEmpty()) {
            return Map.of();
        }
        TreeMap<String, V> sorted = new TreeMap<>(INSTANCE);
        sorted.putAll(map);
        return Collections.unmodifiableMap(sorted);
    }

    @Override
    public int compare(String a, String b) {
        return order(a, b);
    }

    static int order(String a, String b) {
        int common = Math.min(a.length(), b.length());
        for (int i = 0; i < common; i++) {
            char x = a.charAt(i);
            char y = b.charAt(i);
            if (x != y) {
                // Surrogates sort below U+E000 in UTF-16 but stand for code points above it.
                boolean oneIsSurrogate = Character.isSurrogate(x) != Character.isSurrogate(y);
                return oneIsSurrogate ? (Character.isSurrogate(x) ? 1 : -1) : Character.compare(x, y);
            }
        }
        return Integer.compare(a.length(), b.length());
    }
}

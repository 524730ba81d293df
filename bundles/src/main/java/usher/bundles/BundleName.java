package usher.bundles;

/**
 * A bundle's name: a file name of at least one character, not starting with {@code .}, without {@code /}, {@code :} or
 * control characters. Names are ordered by the bytes of their UTF-8 form, so that every listing is the same on every
 * machine.
 */
public record BundleName(String value) implements Comparable<BundleName> {
    public BundleName {
        if (!isValid(value)) {
            throw new IllegalArgumentException("not a bundle name: " + value);
        }
    }

    /** Whether {@code text} may name a bundle. */
    public static boolean isValid(String text) {
        return !text.isEmpty()
                && text.charAt(0) != '.'
                && text.chars().noneMatch(c -> c == '/' || c == ':' || Character.isISOControl(c));
    }

    @Override
    public int compareTo(BundleName other) {
        return ByteOrder.compare(value, other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}

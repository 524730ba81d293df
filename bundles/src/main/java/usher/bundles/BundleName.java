package usher.bundles;

import org.jspecify.annotations.Nullable;

/**
 * A bundle's name: a file name of at least one character, not starting with {@code .}, without {@code /}, {@code :} or
 * control characters, in the encoding of the file system's names. Names are ordered by the bytes of their UTF-8 form, so that every listing is the same on every
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
        if (text.isEmpty() || text.charAt(0) == '.') {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            // U+FFFD stands for bytes that are no text, so that the name would not lead back to its directory.
            if (c == '/' || c == ':' || c == '\uFFFD' || Character.isISOControl(c)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int compareTo(BundleName other) {
        return ByteOrder.order(value, other.value);
    }

    // Written out: what the compiler makes for records costs a visible part of the start of a small command.
    @Override
    public boolean equals(@Nullable Object other) {
        return other == this || (other instanceof BundleName name && value.equals(name.value));
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    @Override
    public String toString() {
        return value;
    }
}

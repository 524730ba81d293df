package usher.bundles;

import org.jspecify.annotations.Nullable;

/**
 * Where something is said: a path relative to the bundle directory it was found in, such as {@code web/after/db}. Kept as
 * the two parts that others keep anyway, because a large tree has a million of these and few of them are ever printed.
 *
 * @param directory {@code web/after}; empty if the path is not in parts
 * @param entry {@code db}, or the whole path
 */
public record SourcePath(String directory, String entry) implements Comparable<SourcePath> {
    /** That path, whatever its parts. */
    public static SourcePath of(String path) {
        return new SourcePath("", path);
    }

    /** By the bytes of the whole path. */
    @Override
    public int compareTo(SourcePath other) {
        return directory.equals(other.directory)
                ? ByteOrder.order(entry, other.entry)
                : ByteOrder.order(toString(), other.toString());
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SourcePath path && compareTo(path) == 0;
    }

    @Override
    public int hashCode() {
        return toString().hashCode();
    }

    @Override
    public String toString() {
        return directory.isEmpty() ? entry : directory + "/" + entry;
    }
}

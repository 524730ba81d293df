package usher.bundles;

import java.nio.file.Path;
import java.util.Optional;

/**
 * A link from one bundle to another: the bundle named {@code from} holds {@code path} (such as
 * {@code web/after/db}), whose text names the bundle {@code to}.
 *
 * @param to what the last component of the link's text says, after resolving aliases; no such bundle need exist
 * @param missing where the link's text leads, absolute, if {@code to} is no bundle and nothing is there: the link
 *     dangles, or waits for what is to be mounted above that path
 */
public record Link(BundleName from, Relation relation, BundleName to, SourcePath path, Optional<Path> missing) {

    /** The path as text. */
    public String source() {
        return path.toString();
    }
}

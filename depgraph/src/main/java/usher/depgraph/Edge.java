package usher.depgraph;

import usher.bundles.BundleName;
import usher.bundles.SourcePath;

/**
 * {@code from} starts before {@code to} (and stops after it), because of {@code reason}; {@code path} is the link or
 * file that says so, relative to the bundle directory it was found in.
 */
public record Edge(BundleName from, BundleName to, Reason reason, SourcePath path) {
    /** The path as text. */
    public String source() {
        return path.toString();
    }
}

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

    /** The end that is not this bundle. */
    public BundleName other(BundleName bundle) {
        return from.equals(bundle) ? to : from;
    }

    /** The link or file behind it, after the reason where that does not say it: {@code connects: a/connects/db}. */
    public String because() {
        return (reason == Reason.EXPLICIT ? "" : reason + ": ") + path;
    }
}

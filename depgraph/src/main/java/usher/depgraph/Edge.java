package usher.depgraph;

import usher.bundles.BundleName;

/**
 * {@code from} starts before {@code to} (and stops after it), because of {@code reason}; {@code source} is the link or
 * file that says so, relative to the bundle directory it was found in.
 */
public record Edge(BundleName from, BundleName to, Reason reason, String source) {}

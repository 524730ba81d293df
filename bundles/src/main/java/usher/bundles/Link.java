package usher.bundles;

/**
 * A link from one bundle to another: the bundle named {@code from} holds {@code source}, a path relative to the bundle
 * directory it was found in (such as {@code web/after/db}), whose text names the bundle {@code to}. {@code to} is what
 * the last component of the link's text says, after resolving aliases where such a bundle exists; it need not exist.
 * {@code resolves} tells whether the link itself leads to something (a link below an unmounted directory may not).
 */
public record Link(BundleName from, Relation relation, BundleName to, String source, boolean resolves) {}

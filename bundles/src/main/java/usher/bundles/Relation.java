package usher.bundles;

import java.util.Locale;

/** The directories of a bundle whose entries are links to other bundles. */
public enum Relation {
    WANTS,
    REQUIRES,
    CONFLICTS,
    AFTER,
    BEFORE,
    WANTED_BY,
    REQUIRED_BY,
    /** The single link {@code log}. */
    LOG;

    /** The directory's (or for {@link #LOG}, the link's) name in a bundle: {@code wanted-by}. */
    public String fileName() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}

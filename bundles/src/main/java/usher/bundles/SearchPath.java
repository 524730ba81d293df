package usher.bundles;

import java.nio.file.Path;
import java.util.List;

/** The directories in which bundles are looked up, first hit wins. */
public record SearchPath(List<Path> directories) {
    public SearchPath {
        directories = List.copyOf(directories);
    }

    /**
     * Reads every bundle along the path. Never throws because of what the tree holds: what is wrong becomes a
     * {@link Problem}.
     */
    public BundleSet read(Trust trust) {
        throw new UnsupportedOperationException(trust + " " + directories);
    }

    /** Whose files are believed: root's, those of the user with this id, and, if {@code anybody}, everyone's. */
    public record Trust(int uid, boolean anybody) {}
}

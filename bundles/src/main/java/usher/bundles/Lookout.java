package usher.bundles;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A look into directories that takes fewer system calls than the JDK's, for trees of thousands of bundles. It may always
 * answer null: then the JDK is asked, which also finds the words for what is wrong. So nothing depends on it but time.
 * For one thread.
 */
public interface Lookout extends AutoCloseable {
    /** Leaves everything to the JDK. */
    Lookout JDK = new Lookout() {
        @Override
        public @Nullable Sight directory(Path path, boolean through, boolean links) {
            return null;
        }

        @Override
        public @Nullable Stat file(Path path) {
            return null;
        }

        @Override
        public void close() {}
    };

    /** What a directory holds. */
    final class Sight {
        private final Stat stat;
        private final String[] names;
        private final @Nullable String[] leads;

        /**
         * @param names in byte order, hidden ones left out
         * @param leads for each name the last component of the text of the link of that name; null where that must be
         *     found out otherwise, as where it is no link
         */
        public Sight(Stat stat, String[] names, @Nullable String[] leads) {
            this.stat = stat;
            this.names = names;
            this.leads = leads;
        }

        public Stat stat() {
            return stat;
        }

        public String[] names() {
            return names;
        }

        public @Nullable String[] leads() {
            return leads;
        }
    }

    /**
     * Owner, names and perhaps the links of a directory.
     *
     * @param through whether the path itself may be a symbolic link
     */
    @Nullable
    Sight directory(Path path, boolean through, boolean links);

    /** Type and owner of what the path leads to. */
    @Nullable
    Stat file(Path path);

    @Override
    void close();

    /** Makes lookouts, one a thread. */
    interface Source {
        /** Leaves everything to the JDK. */
        Source JDK = (directories, entries) -> Lookout.JDK;

        /** For paths in these directories, which have so many entries in all. */
        Lookout over(List<Path> directories, int entries);
    }
}

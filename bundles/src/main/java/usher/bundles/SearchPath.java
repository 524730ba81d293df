package usher.bundles;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The directories in which bundles are looked up, first hit wins.
 *
 * @param directories absolute
 * @param explicit whether somebody named these directories, so that one that does not exist is an error; those of the
 *     default path may be absent
 */
public record SearchPath(List<Path> directories, boolean explicit) {
    private static final List<String> SYSTEM = List.of(
            "/etc/usher/bundles", "/run/usher/bundles", "/usr/local/lib/usher/bundles", "/usr/lib/usher/bundles");

    public SearchPath {
        List<Path> absolute = new ArrayList<>();
        for (Path directory : directories) {
            Path path = directory.toAbsolutePath();
            if (!absolute.contains(path)) {
                absolute.add(path);
            }
        }
        directories = List.copyOf(absolute);
    }

    /** A path of directories that somebody named. */
    public SearchPath(List<Path> directories) {
        this(directories, true);
    }

    /**
     * The path for those who name none on the command line: USHER_BUNDLES, separated by {@code :}; or the system's
     * directories, preceded for others than root by {@code $XDG_CONFIG_HOME/usher/bundles} (XDG base directories: by
     * default {@code $HOME/.config}, and a value that is not absolute is ignored).
     */
    public static SearchPath defaults(Map<String, String> environment, boolean root) {
        List<Path> named = paths(environment.getOrDefault("USHER_BUNDLES", ""));
        if (!named.isEmpty()) {
            return new SearchPath(named, true);
        }
        List<Path> directories = new ArrayList<>();
        Path home = root ? null : configHome(environment);
        if (home != null) {
            directories.add(home.resolve("usher").resolve("bundles"));
        }
        for (String directory : SYSTEM) {
            directories.add(Path.of(directory));
        }
        return new SearchPath(directories, false);
    }

    private static List<Path> paths(String text) {
        List<Path> paths = new ArrayList<>();
        int start = 0;
        while (start <= text.length()) {
            int colon = text.indexOf(':', start);
            int end = colon < 0 ? text.length() : colon;
            if (end > start) {
                Path path = Paths.orNull(text.substring(start, end));
                if (path != null) {
                    paths.add(path);
                }
            }
            start = end + 1;
        }
        return paths;
    }

    private static @Nullable Path configHome(Map<String, String> environment) {
        Path config = Paths.orNull(environment.getOrDefault("XDG_CONFIG_HOME", ""));
        if (config != null && config.isAbsolute()) {
            return config;
        }
        Path home = Paths.orNull(environment.getOrDefault("HOME", ""));
        return home != null && home.isAbsolute() ? home.resolve(".config") : null;
    }

    /**
     * Reads every bundle along the path. Never throws because of what the tree holds: what is wrong becomes a
     * {@link Problem}.
     */
    public BundleSet read(Trust trust) {
        return read(trust, Lookout.Source.JDK);
    }

    /** The same, of a large tree in less time with such lookouts. */
    public BundleSet read(Trust trust, Lookout.Source lookouts) {
        return new TreeReader(this, trust, lookouts).read();
    }

    /** Whose files are believed: root's, those of the user with this id, and, if {@code anybody}, everyone's. */
    public record Trust(int uid, boolean anybody) {}
}

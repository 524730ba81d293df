package usher.bundles;

import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The links that a bundle's {@code wanted-by/} and {@code required-by/} call for: {@code web/wanted-by/default} calls
 * for {@code default/wants/web}, and {@code web/required-by/default} for {@code default/requires/web}.
 *
 * <p>New links go into the first directory of the search path that can be written, so that bundles may be read-only;
 * each appears whole or not at all, and what is there already is left alone. A bundle's directory that is made for them
 * holds a mark, which readers do not see, so that it is removed with the last of them. Nothing here throws because of what the
 * file system holds or refuses: that becomes a {@link Problem}.
 */
public final class Enablement {
    private static final String MARK = ".made-by-enable";

    private final SearchPath path;
    private final BundleSet bundles;
    /** By target, once it was asked for: where each of its links stands. */
    private final Map<BundleName, Map<Wanted, List<String>>> links = new HashMap<>();

    /** @param bundles as read from the path just now; what is changed here does not show in it */
    public Enablement(SearchPath path, BundleSet bundles) {
        this.path = path;
        this.bundles = bundles;
    }

    /** How many of the links that a bundle calls for are there. */
    public enum State {
        ENABLED,
        PARTLY,
        DISABLED,
        /** It calls for none. */
        NOT_APPLICABLE
    }

    /**
     * What was done.
     *
     * @param changed links made or removed
     * @param unchanged links that were there already (or, for disable, called for and not there), relative to a bundle
     *     directory
     */
    public record Result(List<Path> changed, List<String> unchanged, List<Problem> problems) {
        public Result {
            changed = List.copyOf(changed);
            unchanged = List.copyOf(unchanged);
            problems = List.copyOf(problems);
        }
    }

    /** A link that is called for: {@code target/relation/bundle}. */
    private record Wanted(BundleName target, Relation relation, BundleName bundle) {
        String source() {
            return target + "/" + relation.fileName() + "/" + bundle;
        }

        /** Where such links are, in a directory of the search path. */
        Path links(Path directory) {
            return directory.resolve(target.value()).resolve(relation.fileName());
        }
    }

    /** Whether the links that the bundle calls for are there, in whichever directory of the path. */
    public State state(Bundle bundle) {
        List<Wanted> wanted = wanted(bundle);
        int present = 0;
        for (Wanted link : wanted) {
            present += sources(link).isEmpty() ? 0 : 1;
        }
        if (wanted.isEmpty()) {
            return State.NOT_APPLICABLE;
        }
        return present == wanted.size() ? State.ENABLED : present == 0 ? State.DISABLED : State.PARTLY;
    }

    /** Whether all links that the bundle calls for are there; or, if it calls for none, whether it has no {@code down}. */
    public boolean isEnabled(Bundle bundle) {
        State state = state(bundle);
        return state == State.NOT_APPLICABLE ? !bundle.isDown() : state == State.ENABLED;
    }

    /** Makes the links that are not there yet. */
    public Result enable(Bundle bundle) {
        List<Path> changed = new ArrayList<>();
        List<String> unchanged = new ArrayList<>();
        List<Problem> problems = new ArrayList<>();
        for (Wanted link : wanted(bundle)) {
            if (!sources(link).isEmpty()) {
                unchanged.add(link.source());
                continue;
            }
            Path directory = writable();
            if (directory == null) {
                problems.add(Problem.error(
                        bundle.name(),
                        link.source(),
                        "cannot be made, because no directory on the search path can be written: " + path.directories(),
                        "do it as another user, or name a directory of your own with --bundles"));
            } else {
                make(link, directory, changed, problems);
                if (bundles.find(link.target()).isEmpty()) {
                    problems.add(Problem.warning(
                            bundle.name(),
                            link.source(),
                            "makes " + link.target() + " a target, as there was no bundle of that name",
                            "if it is misspelt: usher disable " + bundle.name()));
                }
            }
        }
        return new Result(changed, unchanged, problems);
    }

    /** Removes the links that are there, from every directory of the path, and directories of links that are empty then. */
    public Result disable(Bundle bundle) {
        List<Path> changed = new ArrayList<>();
        List<String> unchanged = new ArrayList<>();
        List<Problem> problems = new ArrayList<>();
        for (Wanted link : wanted(bundle)) {
            List<String> sources = sources(link);
            if (sources.isEmpty()) {
                unchanged.add(link.source());
            }
            for (String source : sources) {
                for (Path directory : path.directories()) {
                    remove(link, directory, source, changed, problems);
                }
            }
        }
        return new Result(changed, unchanged, problems);
    }

    private static List<Wanted> wanted(Bundle bundle) {
        List<Wanted> wanted = new ArrayList<>();
        for (Link link : bundle.links()) {
            if (link.relation() == Relation.WANTED_BY) {
                wanted.add(new Wanted(link.to(), Relation.WANTS, bundle.name()));
            } else if (link.relation() == Relation.REQUIRED_BY) {
                wanted.add(new Wanted(link.to(), Relation.REQUIRES, bundle.name()));
            }
        }
        return wanted;
    }

    /** The links that say what is wanted, whatever they are called. */
    private List<String> sources(Wanted wanted) {
        return links.computeIfAbsent(wanted.target(), this::links).getOrDefault(wanted, List.of());
    }

    private Map<Wanted, List<String>> links(BundleName target) {
        Map<Wanted, List<String>> sources = new HashMap<>();
        for (Link link : bundles.find(target).map(Bundle::links).orElse(List.of())) {
            sources.computeIfAbsent(new Wanted(target, link.relation(), link.to()), wanted -> new ArrayList<>(1))
                    .add(link.source());
        }
        return sources;
    }

    private @Nullable Path writable() {
        for (Path directory : path.directories()) {
            // The default path's directories may be made; that somebody's own does not exist is more likely a slip.
            if (Files.notExists(directory) && !path.explicit()) {
                try {
                    createDirectories(directory);
                } catch (IOException e) {
                    continue;
                }
            }
            if (Files.isDirectory(directory) && Files.isWritable(directory)) {
                return directory;
            }
        }
        return null;
    }

    private static void createDirectories(Path directory) throws IOException {
        Files.createDirectories(directory, mode("rwxr-xr-x"));
    }

    /** Never writable for others, whatever the umask: such a bundle would be refused. */
    private static FileAttribute<?> mode(String permissions) {
        return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions));
    }

    private static void createBundle(Path directory) throws IOException {
        if (!Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
            createDirectories(directory);
            Files.createFile(directory.resolve(MARK), mode("rw-r--r--"));
        }
    }

    private static void make(Wanted wanted, Path directory, List<Path> changed, List<Problem> problems) {
        Path link = directory.resolve(wanted.source());
        Path parent = wanted.links(directory);
        Path text = Path.of("..", "..", wanted.bundle().value());
        try {
            createBundle(directory.resolve(wanted.target().value()));
            createDirectories(parent);
            if (Files.exists(link, LinkOption.NOFOLLOW_LINKS)) {
                boolean same = Files.isSymbolicLink(link) && text.equals(Files.readSymbolicLink(link));
                if (!same) {
                    String message = "is there already, but does not lead to " + wanted.bundle();
                    problems.add(Problem.error(wanted.bundle(), wanted.source(), message, "remove it: rm " + link));
                }
                return;
            }
            Path temporary = parent.resolve(".usher-" + ProcessHandle.current().pid() + "-" + wanted.bundle());
            Files.deleteIfExists(temporary);
            Files.createSymbolicLink(temporary, text);
            Files.move(temporary, link, StandardCopyOption.ATOMIC_MOVE);
            changed.add(link);
        } catch (AtomicMoveNotSupportedException e) {
            problems.add(Problem.error(wanted.bundle(), wanted.source(), "cannot be made in one step here", ""));
        } catch (IOException e) {
            String message = "cannot be made in " + directory + ": " + Reading.reason(e);
            problems.add(Problem.error(wanted.bundle(), wanted.source(), message, ""));
        }
    }

    private static void remove(
            Wanted wanted, Path directory, String source, List<Path> changed, List<Problem> problems) {
        Path link = directory.resolve(source);
        if (!Files.isSymbolicLink(link)) {
            return;
        }
        try {
            Files.delete(link);
            changed.add(link);
            // Where it lay, which may be beside an alias of the target.
            Path place = Path.of(source);
            removeIfEmpty(directory.resolve(place.subpath(0, 2)));
            removeIfMade(directory.resolve(place.getName(0)));
        } catch (IOException e) {
            String message = "cannot be removed from " + directory + ": " + Reading.reason(e);
            problems.add(Problem.error(wanted.bundle(), source, message, "do it as a user who may write there"));
        }
    }

    /** The directory of links, which {@code enable} has made. */
    private static void removeIfEmpty(Path directory) throws IOException {
        try {
            Files.delete(directory);
        } catch (DirectoryNotEmptyException others) {
            // They are called for by other bundles.
        }
    }

    /** The target's directory, if {@code enable} has made it and nothing else is in it; it stays if somebody else has. */
    private static void removeIfMade(Path directory) throws IOException {
        String[] names = directory.toFile().list();
        if (names != null && names.length == 1 && names[0].equals(MARK)) {
            Files.delete(directory.resolve(MARK));
            removeIfEmpty(directory);
        }
    }
}

package usher.bundles;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds out what an entry of the search path is: a bundle, an alias of a neighbour, or neither; and reads it. */
final class EntryReader {
    private final List<Path> directories;
    private final TrustRule trust;
    private final RelationReader relations;

    EntryReader(List<Path> directories, TrustRule trust, RelationReader relations) {
        this.directories = directories;
        this.trust = trust;
        this.relations = relations;
    }

    List<Path> directories() {
        return directories;
    }

    /**
     * Fills the entry. The bundle is the first directory of that name which holds anything but relation directories:
     * those alone hide nothing, so that links can be put beside a bundle, or an alias, that is read-only further down the
     * path.
     */
    void read(Entry entry, Lookout lookout) {
        BundleReader reader = new BundleReader(new Reading(entry.name, trust, lookout), relations);
        Path home = null;
        Path first = null;
        for (int place : entry.places()) {
            Path path = directories.get(place).resolve(entry.name.value());
            Place found = place(path, entry, home == null && entry.alias == null, lookout);
            if (found == null || (entry.alias != null && !isRelationsOnly(found.directory()))) {
                continue;
            }
            Path directory = found.directory();
            first = first == null ? directory : first;
            if (home == null && entry.alias == null) {
                home = readAll(found, reader) ? directory : null;
            } else {
                readRelations(directory, reader);
            }
        }
        if (first != null && entry.alias != null) {
            entry.additions = reader.bundle(first);
        } else if (first != null) {
            entry.bundle = reader.bundle(home == null ? first : home);
            entry.logger = reader.logger();
        }
    }

    /** Reads the directory; false if it holds nothing but relation directories. */
    private static boolean readAll(Place place, BundleReader reader) {
        Path directory = place.directory();
        Reading reading = reader.reading();
        reading.believe(place.stat(), directory, reading.bundle().value());
        String[] names = place.sight() == null
                ? reading.list(directory, reading.bundle().value(), place.stat())
                : place.sight().names();
        if (names == null) {
            return true;
        }
        if (isRelationsOnly(names)) {
            reader.readRelations(directory, names);
            return false;
        }
        reader.read(directory, names);
        return true;
    }

    private static void readRelations(Path directory, BundleReader reader) {
        String[] names = Reading.names(directory);
        if (names != null) {
            for (String name : names) {
                if (BundleReader.relation(name) != null) {
                    reader.reading()
                            .believeIfThere(directory, reader.reading().bundle().value());
                    reader.readRelations(directory, names);
                    return;
                }
            }
        }
    }

    private static boolean isRelationsOnly(Path directory) {
        String[] names = Reading.names(directory);
        return names != null && isRelationsOnly(names);
    }

    private static boolean isRelationsOnly(String[] names) {
        for (String name : names) {
            if (BundleReader.relation(name) == null) {
                return false;
            }
        }
        return true;
    }

    /** A directory, and what was seen in it if that is known already. */
    private record Place(Path directory, Stat stat, Lookout.@Nullable Sight sight) {}

    private static @Nullable Place place(Path path, Entry entry, boolean mayBeAlias, Lookout lookout) {
        Lookout.Sight sight = lookout.directory(path, false, false);
        return sight == null ? directory(path, entry, mayBeAlias) : new Place(path, sight.stat(), sight);
    }

    /** The directory that may be this bundle; null if there is none. Or else the entry becomes an alias. */
    private static @Nullable Place directory(Path path, Entry entry, boolean mayBeAlias) {
        try {
            Stat stat = Stat.ofLink(path);
            if (stat.isDirectory()) {
                return new Place(path, stat, null);
            }
            if (!stat.isLink()) {
                reportStray(path, entry, stat);
                return null;
            }
            BundleName neighbour = neighbour(path);
            if (neighbour != null) {
                entry.alias = mayBeAlias ? neighbour : entry.alias;
                return null;
            }
            return linked(path, entry);
        } catch (IOException e) {
            report(entry, "cannot be read: " + Reading.reason(e), "");
            return null;
        }
    }

    /** The neighbour in the same directory that the link leads to in one step, unless that is hidden. */
    private static @Nullable BundleName neighbour(Path link) throws IOException {
        Path parent = link.getParent();
        // Made anew, as it may end in a slash, which shells add to the names of directories.
        Path text = Path.of(Files.readSymbolicLink(link).toString());
        if (parent == null) {
            return null;
        }
        // The link is resolved from where it really lies, which may not be where the search path says.
        Path target = parent.toRealPath().resolve(text);
        Path name = target.getFileName();
        Path beside = target.getParent();
        if (name == null || beside == null || !BundleName.isValid(name.toString())) {
            return null;
        }
        boolean same = beside.equals(parent.toRealPath()) || (Files.exists(beside) && Files.isSameFile(beside, parent));
        return same ? new BundleName(name.toString()) : null;
    }

    private static @Nullable Place linked(Path path, Entry entry) throws IOException {
        Stat stat;
        try {
            stat = Stat.of(path);
        } catch (IOException e) {
            String text = Shown.quoted(Files.readSymbolicLink(path).toString());
            report(
                    entry,
                    "is a link to " + text + ", but " + Reading.reason(e),
                    "make that directory, or remove the link");
            return null;
        }
        if (!stat.isDirectory()) {
            reportStray(path, entry, stat);
            return null;
        }
        return new Place(path.toRealPath(), stat, null);
    }

    private static void report(Entry entry, String message, String remedy) {
        Optional<BundleName> bundle = Optional.of(entry.name);
        entry.problems.add(new Problem(Problem.Severity.ERROR, bundle, entry.name.value(), message, remedy));
    }

    private static void reportStray(Path path, Entry entry, Stat stat) {
        if (!entry.name.value().startsWith("README")) {
            String message = "is " + stat.kind() + ", so it is no bundle: a bundle is a directory";
            String source = Shown.name(path.toString());
            entry.problems.add(Problem.ofPath(Problem.Severity.WARNING, source, message, ""));
        }
    }
}

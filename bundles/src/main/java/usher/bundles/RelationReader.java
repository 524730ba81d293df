package usher.bundles;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NotLinkException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads links to other bundles: by their text alone, so that a copy earlier on the search path overrides for all. */
final class RelationReader {
    /** The names of all entries on the search path; one instance a name. */
    private final Map<String, BundleName> names;

    RelationReader(Map<String, BundleName> names) {
        this.names = names;
    }

    boolean isKnown(String name) {
        return names.containsKey(name);
    }

    /** Adds the links in the directory of that relation in a bundle's directory. */
    void read(Relation relation, Path bundleDirectory, Reading reading, List<Link> into) {
        Path directory = bundleDirectory.resolve(relation.fileName());
        String source = reading.bundle().value() + "/" + relation.fileName();
        Lookout.Sight sight = reading.look(directory, source, true);
        if (sight == null) {
            return;
        }
        String prefix = source + "/";
        for (int i = 0; i < sight.names().length; i++) {
            String entry = sight.names()[i];
            String lead = sight.leads()[i];
            BundleName to = lead == null ? null : names.get(lead);
            if (to != null) {
                into.add(new Link(reading.bundle(), relation, to, path(source, entry, to), Optional.empty()));
            } else if (entry.indexOf('\uFFFD') >= 0) {
                reading.error(prefix + entry, "is not read: its name is not UTF-8", "");
            } else {
                read(relation, directory, entry, prefix.concat(entry), reading, into);
            }
        }
    }

    private static SourcePath path(String directory, String entry, BundleName to) {
        // Not the entry's own text, which is then needed no more: most links have the name of what they lead to.
        return new SourcePath(directory, entry.equals(to.value()) ? to.value() : entry);
    }

    /** Adds the one link {@code directory/entry}. */
    void read(Relation relation, Path directory, String entry, String source, Reading reading, List<Link> into) {
        Path path = directory.resolve(entry);
        try {
            Path text = Files.readSymbolicLink(path);
            String name = last(text.toString());
            BundleName to = names.get(name);
            if (to != null) {
                into.add(new Link(reading.bundle(), relation, to, SourcePath.of(source), Optional.empty()));
            } else if (BundleName.isValid(name)) {
                Optional<Path> missing = Files.exists(path) ? Optional.empty() : Optional.of(target(directory, text));
                into.add(new Link(reading.bundle(), relation, new BundleName(name), SourcePath.of(source), missing));
            } else {
                String message = "leads to " + Shown.quoted(text.toString()) + ", whose last part names no bundle";
                reading.error(source, message, remedy(directory, entry));
            }
        } catch (NotLinkException e) {
            String kind = Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS) ? "a directory" : "a file";
            reading.error(source, "is " + kind + ", but must be a symbolic link to a bundle", remedy(directory, entry));
        } catch (IOException e) {
            reading.error(source, "cannot be read: " + Reading.reason(e), "");
        }
    }

    /** The last component of a path's text, without the objects that {@link Path#getFileName} makes for every link. */
    private static String last(String text) {
        int end = text.length();
        while (end > 0 && text.charAt(end - 1) == '/') {
            end--;
        }
        return text.substring(text.lastIndexOf('/', end - 1) + 1, end);
    }

    /** Where a link in {@code directory} leads by its text. */
    static Path target(Path directory, Path text) {
        return directory.resolve(text).normalize();
    }

    private static String remedy(Path directory, String entry) {
        return "ln -sfn ../../" + Shown.name(entry) + " "
                + Shown.name(directory.resolve(entry).toString());
    }
}

package usher.bundles;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Writes bundles into a directory, each whole or not at all: it is made beside its place under a hidden name, read as
 * {@code usher check} would read it, and moved to its place only if nothing is wrong with it.
 */
final class BundleWriter {
    private final Path into;
    private final Remarks remarks;

    BundleWriter(Path into, Remarks remarks) {
        this.into = into;
        this.remarks = remarks;
    }

    /** Makes the directory that the bundles are to stand in; false, and a remark, if that cannot be. */
    boolean prepare() {
        try {
            if (!Files.isDirectory(into)) {
                Files.createDirectories(into);
                Files.setPosixFilePermissions(into, PosixFilePermissions.fromString("rwxr-xr-x"));
            }
            return true;
        } catch (IOException e) {
            remarks.lostAll(into.toString(), "cannot be made: " + Reading.reason(e));
            return false;
        }
    }

    /** Where the bundle stands now; null, and a remark, if it was not written. */
    @Nullable
    Path write(DraftedBundle bundle) {
        Path place = into.resolve(bundle.name());
        if (Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
            String remedy = "remove it first, or import into another directory";
            remarks.lost(
                    bundle.origin(), "is not imported: " + Shown.name(place.toString()) + " is there already", remedy);
            return null;
        }
        try {
            Path workshop = Files.createTempDirectory(into, ".usher-import-");
            try {
                Path made = workshop.resolve(bundle.name());
                make(bundle, made);
                if (isFit(bundle, workshop)) {
                    Files.move(made, place, StandardCopyOption.ATOMIC_MOVE);
                    return place;
                }
            } finally {
                remove(workshop);
            }
        } catch (IOException e) {
            String message = "is not imported: " + Shown.name(place.toString()) + " cannot be written: ";
            remarks.lost(bundle.origin(), message + Reading.reason(e));
        }
        return null;
    }

    private static void make(DraftedBundle bundle, Path directory) throws IOException {
        for (Map.Entry<String, DraftedBundle.Content> file : bundle.files().entrySet()) {
            Path path = directory.resolve(file.getKey());
            makeDirectories(directory, path);
            Files.write(path, file.getValue().bytes());
            // Set, not asked for: the umask must not have a say, because what others may write is refused.
            String permissions = file.getValue().script() ? "rwxr-xr-x" : "rw-r--r--";
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
        }
    }

    private static void makeDirectories(Path bundle, Path file) throws IOException {
        Path directory = bundle;
        for (Path name : bundle.relativize(file)) {
            if (!Files.isDirectory(directory)) {
                Files.createDirectory(directory);
                Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
            }
            directory = directory.resolve(name);
        }
    }

    private boolean isFit(DraftedBundle bundle, Path workshop) {
        // Whose files these are is of no interest yet.
        BundleSet read = new SearchPath(List.of(workshop)).read(new SearchPath.Trust(0, true));
        Optional<Bundle> found = read.find(new BundleName(bundle.name()));
        if (found.isEmpty()) {
            remarks.lost(bundle.origin(), "is not imported: there would be no bundle of the name " + bundle.name());
            return false;
        }
        boolean fit = true;
        for (Problem problem : found.get().problems()) {
            if (problem.isError()) {
                remarks.lost(bundle.origin(), "is not imported, because the bundle would be refused: " + problem);
                fit = false;
            } else {
                remarks.note(bundle.origin(), "would make this of it: " + problem);
            }
        }
        return fit;
    }

    private static void remove(Path directory) throws IOException {
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path emptied, @Nullable IOException failure) throws IOException {
                Files.delete(emptied);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}

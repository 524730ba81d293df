package usher.bundles;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/** A directory of bundles under construction, and what reading it gives. */
final class Tree {
    static final int SELF = uidOf(Path.of("/proc/self"));

    private final Path root;

    Tree(Path root) {
        this.root = root;
        make(root);
    }

    private static int uidOf(Path path) {
        try {
            return Stat.of(path).uid();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path root() {
        return root;
    }

    Path path(String path) {
        return root.resolve(path);
    }

    private static void make(Path directory) {
        try {
            Files.createDirectories(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Tree dir(String path) {
        make(root.resolve(path));
        return this;
    }

    Tree file(String path, String text) {
        return file(path, text.getBytes(StandardCharsets.UTF_8));
    }

    Tree file(String path, byte[] bytes) {
        Path file = root.resolve(path);
        make(root.resolve(path + "/..").normalize());
        try {
            Files.write(file, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return mode(path, "rw-r--r--");
    }

    /** An executable script. */
    Tree script(String path) {
        return file(path, "#!/bin/sh\nexec sleep 1000\n").mode(path, "rwxr-xr-x");
    }

    Tree link(String path, String text) {
        Path link = root.resolve(path);
        make(root.resolve(path + "/..").normalize());
        try {
            Files.createSymbolicLink(link, Path.of(text));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    Tree mode(String path, String permissions) {
        try {
            Files.setPosixFilePermissions(root.resolve(path), PosixFilePermissions.fromString(permissions));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    BundleSet read() {
        return read(List.of(this));
    }

    static BundleSet read(List<Tree> path) {
        List<Path> directories = new ArrayList<>();
        path.forEach(tree -> directories.add(tree.root));
        return new SearchPath(directories).read(new SearchPath.Trust(SELF, false));
    }

    Bundle read(String name) {
        return read().find(new BundleName(name)).orElseThrow();
    }

    /** The problems of a bundle as {@code ERROR source: message}, without remedies. */
    static List<String> problems(Bundle bundle) {
        List<String> lines = new ArrayList<>();
        bundle.problems().forEach(problem -> lines.add(line(problem)));
        return lines;
    }

    static List<String> problems(BundleSet set) {
        List<String> lines = new ArrayList<>();
        set.problems().forEach(problem -> lines.add(line(problem)));
        return lines;
    }

    private static String line(Problem problem) {
        return problem.severity() + " " + problem.source() + ": " + problem.message();
    }

    /** The links of a bundle as {@code source -> name}. */
    static List<String> links(Bundle bundle) {
        List<String> lines = new ArrayList<>();
        bundle.links().forEach(link -> lines.add(link.source() + " -> " + link.to()));
        return lines;
    }
}

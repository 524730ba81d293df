package usher.depgraph;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import usher.bundles.BundleSet;
import usher.bundles.SearchPath;

/** Writes a drawn tree as directories of bundles, and reads it as usher does. */
final class BundleWriter {
    private final DrawnTree tree;
    private final Path root;

    private BundleWriter(DrawnTree tree, Path root) {
        this.tree = tree;
        this.root = root;
    }

    static BundleSet write(DrawnTree tree, Path root) throws IOException {
        BundleWriter writer = new BundleWriter(tree, root);
        for (String bundle : tree.entries().keySet()) {
            writer.write(bundle);
        }
        return new SearchPath(List.of(root)).read(new SearchPath.Trust(0, true));
    }

    private void write(String bundle) throws IOException {
        Path directory = Files.createDirectories(root.resolve(bundle));
        if (!tree.has(bundle, "target")) {
            Path run = file(directory.resolve("service/run"), "#!/bin/sh\nexec sleep 1000\n");
            Files.setPosixFilePermissions(run, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        for (String entry : tree.entries(bundle)) {
            String relation = entry.split("/", 2)[0];
            String name = entry.substring(entry.indexOf('/') + 1);
            switch (relation) {
                case "target" -> {}
                case "eager" -> file(directory.resolve("service/eager"), "");
                case "sockets" -> file(directory.resolve(entry), tree.address(bundle, name) + "\n");
                case "connects" -> file(directory.resolve(entry), tree.address(name, "s0") + "\n");
                case "log" -> Files.createSymbolicLink(directory.resolve("log"), Path.of("../" + name));
                default -> {
                    Files.createDirectories(directory.resolve(relation));
                    Files.createSymbolicLink(directory.resolve(entry), Path.of("../../" + name));
                }
            }
        }
    }

    private static Path file(Path path, String text) throws IOException {
        Files.createDirectories(path.getParent());
        return Files.writeString(path, text);
    }
}

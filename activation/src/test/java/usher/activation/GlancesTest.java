package usher.activation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import usher.bundles.BundleSet;
import usher.bundles.Lookout;
import usher.bundles.SearchPath;
import usher.bundles.Stat;

/** Glances see what the JDK sees, or nothing. */
final class GlancesTest {
    private static final long SEED = Long.getLong("usher.seed", 20_261_125);
    private static final int TREES = 8;

    private static final List<String> NAMES =
            List.of("a", "b", "c-1", "d.e", "web", "web~", ".hidden", "übung", "x y", "n".repeat(200), "log");
    private static final List<String> PARTS = List.of(
            "service",
            "after",
            "before",
            "wants",
            "requires",
            "conflicts",
            "sockets",
            "connects",
            "log",
            "run",
            "odd",
            "wanted-by",
            "README",
            ".git");
    private static final List<String> TARGETS = List.of(
            "../../a",
            "../../b",
            "../../c-1",
            "../../d.e",
            "../../web",
            "../../nosuch",
            "../../a/",
            "../../",
            "..",
            "../../übung",
            "../../../elsewhere/web",
            "web",
            "../../x y",
            "../../" + "n".repeat(200),
            "../web");
    private static final List<String> MODES = List.of("rwxr-xr-x", "rwxr-xr-x", "rwxr-xr-x", "rwxrwxrwx", "rwx------");

    @TempDir
    Path temporary;

    @Test
    void seesOwnerNamesAndWhereLinksLead() throws IOException {
        Path after = Files.createDirectories(temporary.resolve("web/after"));
        Files.createSymbolicLink(after.resolve("log"), Path.of("../../log"));
        Files.createSymbolicLink(after.resolve("db"), Path.of("/elsewhere/postgres"));
        Files.createFile(after.resolve("file"));
        Files.createFile(after.resolve(".hidden"));
        try (Lookout glances = Glances.over(List.of(temporary))) {
            Lookout.Sight sight = Objects.requireNonNull(glances.directory(after, false, true));
            assertThat(sight.names()).containsExactly("db", "file", "log");
            assertThat(sight.leads()).containsExactly("postgres", null, "log");
            assertThat(sight.stat()).isEqualTo(stat(after));
            assertThat(glances.file(after.resolve("file"))).isEqualTo(stat(after.resolve("file")));
        }
    }

    @Test
    void leavesToTheJdkWhatItCannotTell() throws IOException {
        Files.createDirectories(temporary.resolve("directory"));
        Files.createSymbolicLink(temporary.resolve("link"), Path.of("directory"));
        Files.createFile(temporary.resolve("file"));
        Files.createDirectories(temporary.resolve("foreign/ümlaut"));
        try (Lookout glances = Glances.over(List.of(temporary))) {
            assertThat(glances.directory(temporary.resolve("link"), true, false))
                    .isNotNull();
            assertThat(glances.directory(temporary.resolve("link"), false, false))
                    .isNull();
            assertThat(glances.directory(temporary.resolve("file"), true, false))
                    .isNull();
            assertThat(glances.directory(temporary.resolve("nosuch"), true, false))
                    .isNull();
            assertThat(glances.directory(temporary.resolve("foreign"), true, false))
                    .isNull();
            assertThat(glances.directory(temporary.resolve("foreign/ümlaut"), true, false))
                    .isNull();
            assertThat(glances.directory(Path.of("/proc/self"), true, false)).isNull();
            assertThat(glances.file(temporary.resolve("nosuch"))).isNull();
        }
    }

    /** More than the kernel tells in one call. */
    @Test
    void seesAllOfALargeDirectory() throws IOException {
        Path wants = Files.createDirectories(temporary.resolve("all/wants"));
        for (int i = 0; i < 2000; i++) {
            Files.createSymbolicLink(wants.resolve("bundle-number-" + i), Path.of("../../bundle-number-" + i));
        }
        try (Lookout glances = Glances.over(List.of(temporary))) {
            Lookout.Sight sight = Objects.requireNonNull(glances.directory(wants, true, true));
            assertThat(sight.names()).hasSize(2000).isSorted().doesNotHaveDuplicates();
            assertThat(sight.leads()).containsExactly(sight.names());
        }
    }

    @Test
    void readsRandomTreesAsTheJdkDoes() throws IOException {
        System.out.println("random trees with -Dusher.seed=" + SEED);
        Random random = new Random(SEED);
        AtomicInteger seen = new AtomicInteger();
        for (int i = 0; i < TREES; i++) {
            List<Path> directories =
                    List.of(temporary.resolve("x/y/z/" + i + "-1"), temporary.resolve("x/y/z/" + i + "-2"));
            for (Path directory : directories) {
                grow(directory, random);
            }
            SearchPath path = new SearchPath(directories);
            SearchPath.Trust trust =
                    new SearchPath.Trust(stat(Path.of("/proc/self")).uid(), random.nextInt(8) == 0);
            BundleSet plain = path.read(trust);
            BundleSet quick = path.read(trust, (places, entries) -> counted(Glances.over(places), seen));
            assertThat(quick.bundles()).as("tree %d", i).isEqualTo(plain.bundles());
            assertThat(quick.aliases()).as("tree %d", i).isEqualTo(plain.aliases());
            assertThat(quick.problems()).as("tree %d", i).isEqualTo(plain.problems());
        }
        assertThat(seen).hasValueGreaterThan(100);
    }

    private static Lookout counted(Lookout lookout, AtomicInteger seen) {
        return new Lookout() {
            @Override
            public @Nullable Sight directory(Path path, boolean through, boolean links) {
                Sight sight = lookout.directory(path, through, links);
                seen.addAndGet(sight == null ? 0 : 1);
                return sight;
            }

            @Override
            public @Nullable Stat file(Path path) {
                return lookout.file(path);
            }

            @Override
            public void close() {
                lookout.close();
            }
        };
    }

    private static void grow(Path root, Random random) throws IOException {
        Files.createDirectories(root);
        for (String name : NAMES) {
            switch (random.nextInt(8)) {
                case 0 -> Files.createFile(root.resolve(name));
                case 1 -> Files.createSymbolicLink(root.resolve(name), Path.of(pick(NAMES, random)));
                case 2 -> Files.createSymbolicLink(root.resolve(name), Path.of("../0-1/" + pick(NAMES, random)));
                default -> growBundle(root.resolve(name), random);
            }
        }
    }

    private static void growBundle(Path bundle, Random random) throws IOException {
        Files.createDirectories(bundle);
        for (String part : PARTS) {
            Path path = bundle.resolve(part);
            switch (random.nextInt(9)) {
                case 0 -> Files.writeString(path, pick(List.of("", "1", "8080", "#!/bin/sh\n"), random));
                case 1 -> Files.createSymbolicLink(path, Path.of(pick(TARGETS, random)));
                case 2, 3, 4, 5 -> growDirectory(Files.createDirectories(path), random);
                default -> {
                    // Not there.
                }
            }
        }
        permit(bundle, random);
    }

    private static void growDirectory(Path directory, Random random) throws IOException {
        List<String> names = new ArrayList<>(NAMES);
        names.addAll(List.of("run", "umask", "eager"));
        for (String name : names) {
            Path path = directory.resolve(name);
            switch (random.nextInt(6)) {
                case 0 -> {
                    Files.writeString(path, pick(List.of("", "022", "127.0.0.1:8080"), random));
                    permit(path, random);
                }
                case 1, 2 -> Files.createSymbolicLink(path, Path.of(pick(TARGETS, random)));
                case 3 -> Files.createDirectories(path);
                default -> {
                    // Not there.
                }
            }
        }
        permit(directory, random);
    }

    private static void permit(Path path, Random random) throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(pick(MODES, random)));
    }

    private static <T> T pick(List<T> from, Random random) {
        return from.get(random.nextInt(from.size()));
    }

    private static Stat stat(Path path) throws IOException {
        return new Stat(
                (int) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS),
                (int) Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS),
                (int) Files.getAttribute(path, "unix:gid", LinkOption.NOFOLLOW_LINKS));
    }
}

package usher.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The examples of the documentation do what they show; docs/testing.md says how they are written. */
final class DocumentationIT {
    private static final Path ROOT = Path.of("..");
    private static final Path DOCS = ROOT.resolve("docs");

    /** {@link ImportIT} follows the steps of this one. */
    private static final String IMPORT = "import.md";

    @RegisterExtension
    final Launcher launcher = new Launcher();

    static List<Path> pages() throws IOException {
        List<Path> pages = new ArrayList<>(List.of(ROOT.resolve("README.md")));
        try (Stream<Path> files = Files.list(DOCS)) {
            files.filter(file -> file.toString().endsWith(".md")).sorted().forEach(pages::add);
        }
        return pages;
    }

    static List<Path> pagesWithExamples() throws IOException {
        List<Path> pages = new ArrayList<>();
        for (Path page : pages()) {
            if (!page.endsWith(IMPORT)
                    && Page.read(page).blocks().stream()
                            .anyMatch(block -> block.word().equals("console"))) {
                pages.add(page);
            }
        }
        return pages;
    }

    @ParameterizedTest
    @MethodSource("pagesWithExamples")
    void doesWhatThePageShows(Path page) throws IOException {
        List<String> ports = List.of("8470", "8471", "8472", "8473", "8480");
        List<String> free = ports.stream()
                .map(port -> Integer.toString(launcher.freePort()))
                .toList();
        Tree.copy(
                ROOT.resolve("bundles/examples"),
                launcher.bundles().resolve("examples"),
                text -> translated(text, ports, free));
        Path usher = script("bin/usher");
        Files.createDirectories(launcher.directory().resolve("launcher/bin"));
        Files.createSymbolicLink(launcher.directory().resolve("launcher/bin/usher"), usher);
        launcher.environment(
                Map.of("PATH", usher.getParent() + ":" + System.getenv("PATH"), "USHER_BUNDLES", tree().toString()));
        Files.createDirectory(tree());
        for (Page.Block block : Page.read(page).blocks()) {
            switch (block.word()) {
                case "tree" ->
                    grow(block.lines().stream()
                            .map(line -> translated(line, ports, free))
                            .toList());
                case "console" -> {
                    for (Page.Command command : Page.commands(block)) {
                        call(page, block, command, ports, free);
                    }
                }
                default -> {
                    // Shown, not run.
                }
            }
        }
    }

    /** Else it would never be run. */
    @Test
    void noCommandHidesInAPicture() throws IOException {
        for (Path page : pages()) {
            for (Page.Block block : Page.read(page).blocks()) {
                if (block.word().isEmpty()) {
                    assertThat(block.lines())
                            .as(
                                    "%s, line %d: a block of commands is ```console, or ```sh if it must not be run",
                                    page, block.line())
                            .noneMatch(line -> line.matches("(\\$ |usher |launcher/|curl |mvn ).*"));
                }
            }
        }
    }

    /** Ports have other numbers of digits here, so columns lie elsewhere. */
    private static List<String> evened(List<String> lines) {
        return lines.stream().map(line -> line.replaceAll(" {2,}", "  ")).toList();
    }

    /** What the pages call /etc/usher/bundles. */
    private Path tree() {
        return launcher.directory().resolve("tree");
    }

    /** All in one go, since one number may be part of what another is replaced by. */
    private static String translated(String text, List<String> from, List<String> to) {
        return Pattern.compile(String.join("|", from))
                .matcher(text)
                .replaceAll(found -> to.get(from.indexOf(found.group())));
    }

    /** The command as it is typed, with run and log directories of this test's own. */
    private Path script(String name) throws IOException {
        Path script = launcher.directory().resolve(name);
        Files.createDirectories(script.getParent());
        Files.writeString(
                script,
                "#!/bin/sh\nexec '" + Launcher.builtCommand() + "' --run-dir '" + launcher.runDirectory()
                        + "' --log-dir '" + launcher.logs() + "' \"$@\"\n");
        Tree.mode(script, "rwxr-xr-x");
        return script;
    }

    /** A file a line: its path below the tree, and what it holds (what a script runs begins with {@code exec}); a link is {@code PATH -> TEXT}. */
    private void grow(List<String> lines) throws IOException {
        for (String line : lines) {
            String[] link = line.split(" +-> +", 2);
            String[] words = line.split(" +", 2);
            Path path = tree().resolve(link.length == 2 ? link[0] : words[0]);
            Path directory = Objects.requireNonNull(path.getParent());
            Files.createDirectories(directory);
            if (link.length == 2) {
                Files.createSymbolicLink(path, Path.of(link[1]));
            } else if (words.length == 2 && directory.endsWith("service") && words[1].startsWith("exec ")) {
                Files.writeString(path, "#!/bin/sh\n" + words[1] + "\n");
                Tree.mode(path, "rwxr-xr-x");
            } else {
                Files.writeString(path, words.length == 2 ? words[1] + "\n" : "");
            }
        }
    }

    private void call(Path page, Page.Block block, Page.Command command, List<String> ports, List<String> free)
            throws IOException {
        String words = translated(command.words(), ports, free).replace("/etc/usher/bundles", tree().toString());
        if (words.matches("(launcher/bin/)?usher run( .*)?")) {
            launcher.runThrough(List.of("sh", "-c", "exec " + words));
            return;
        }
        Result result = Result.of(launcher.marked(List.of("sh", "-c", words)), Await.GENEROUS);
        String said = translated(result.all(), free, ports).replace(tree().toString(), "/etc/usher/bundles");
        if (command.shown().isEmpty()) {
            assertThat(result.exit())
                    .as("%s, line %d: %s", page, block.line(), result)
                    .isZero();
        } else if (!Page.isShown(evened(said.lines().toList()), evened(command.shown()))) {
            fail(
                    "%s, line %d: $ %s%nprints%n%s%nbut the page shows%n%s",
                    page, block.line(), words, said, String.join("\n", command.shown()));
        }
    }
}

package usher.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Graphviz draws what {@code order --format dot} prints. */
final class DotIT {
    private static final Path BUNDLES = Path.of("../bundles");

    @RegisterExtension
    final Launcher launcher = new Launcher();

    @BeforeEach
    void needGraphviz() {
        boolean there = Files.isExecutable(Path.of("/usr/bin/dot"));
        Needs.without(there ? Optional.empty() : Optional.of("dot: is not there (install the package graphviz)"));
    }

    private String drawn(String... words) throws IOException {
        List<String> all = new ArrayList<>(List.of("order", "--format", "dot"));
        all.addAll(List.of(words));
        Result order = launcher.usher(all.toArray(String[]::new));
        Path file = Files.writeString(launcher.directory().resolve("order.dot"), order.out());
        Result dot = Result.of(launcher.marked(List.of("/usr/bin/dot", "-Tsvg", file.toString())), Await.GENEROUS);
        assertThat(dot.exit()).as("%s", dot).isZero();
        assertThat(dot.err()).as("warnings of dot").isEmpty();
        return dot.out();
    }

    @ParameterizedTest
    @ValueSource(strings = {"examples", "hosts/web", "hosts/mail", "hosts/desktop"})
    void drawsStartAndStopOfRealTrees(String tree) throws IOException {
        Tree.copy(BUNDLES.resolve(tree), launcher.bundles(), text -> text);
        assertThat(drawn()).contains("<svg").contains("Start of ").contains(">start default</text>");
        assertThat(drawn("--why")).contains("default/wants/");
        assertThat(drawn("--stop")).contains(">stop default</text>");
    }

    @Test
    void drawsNamesThatMeanSomethingToIt() throws IOException {
        List<String> names = List.of("graph", "a\"b", "a\\n", "<b>", "a&amp;b", "übung", "{x|y}", "x -> ;");
        for (String name : names) {
            launcher.bundle(name).runsIdle();
        }
        launcher.bundle("graph").link("requires", "a\"b").link("requires", "a\\n");
        String svg = drawn(names.toArray(String[]::new));
        for (String name : names) {
            String text = name.replace("&", "&amp;")
                    .replace("<", "&lt;")
                    .replace(">", "&gt;")
                    .replace("\"", "&quot;");
            assertThat(svg.replace("&#45;", "-").replace("&#160;", " ")).contains(">start " + text + "</text>");
        }
    }
}

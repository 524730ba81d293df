package usher.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SyntaxTest {
    @Test
    void takesOptionsBeforeAndAfterTheVerb() {
        Arguments before = call("--bundles", "/a", "--run-dir=/r", "--format", "json", "order", "web");
        Arguments after = call("order", "web", "--bundles=/a", "--run-dir", "/r", "--format=json");

        assertThat(before).isEqualTo(after);
        assertThat(after.bundles()).containsExactly(Path.of("/a"));
        assertThat(after.runDirectory()).contains(Path.of("/r"));
        assertThat(after.json()).isTrue();
        assertThat(after.operands()).containsExactly("web");
    }

    @Test
    void looksUpBundlesInTheOrderInWhichDirectoriesAreGiven() {
        assertThat(call("--bundles", "/a", "order", "--bundles", "/b", "--bundles", "/c")
                        .bundles())
                .containsExactly(Path.of("/a"), Path.of("/b"), Path.of("/c"));
    }

    @Test
    void takesVerbsAsNamesOfBundlesAfterTheVerb() {
        Arguments arguments = call("start", "stop", "run");
        assertThat(arguments.subcommand()).isEqualTo(Subcommand.START);
        assertThat(arguments.operands()).containsExactly("stop", "run");
    }

    @Test
    void takesAnythingAsANameAfterTwoDashes() {
        assertThat(call("order", "--", "--stop").operands()).containsExactly("--stop");
    }

    @ParameterizedTest
    @CsvSource({"start --now --no-wait x,now no-wait", "order --why --stop,stop why", "logs -f x,follow"})
    void namesFlagsByTheirLongForm(String words, String flags) {
        assertThat(call(words.split(" ")).flags()).containsExactlyInAnyOrder(flags.split(" "));
    }

    @Test
    void countsTheLinesOfALog() {
        assertThat(call("logs", "-n", "5", "x").lines()).hasValue(5);
        assertThat(call("logs", "x").lines()).isEmpty();
    }

    @Test
    void takesFilesToImport() {
        Arguments arguments = call("import", "--into", "/d", "xinetd", "a", "b");
        assertThat(arguments.into()).contains(Path.of("/d"));
        assertThat(arguments.operands()).containsExactly("xinetd", "a", "b");
        assertThat(call("order").into()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''|no verb is given",
                "frob|frob: no such verb",
                "help frob|frob: no such verb",
                "--bundles /b help --format json frob|frob: no such verb",
                "--bundles help frob|frob: no such verb",
                "check --bundles=|--bundles: is empty",
                "--run-dir= status|--run-dir: is empty",
                "import inetd f --into=|--into: is empty",
                "order --frob|--frob: no such option",
                "start|start: no bundle is named",
                "logs a b|logs: takes one bundle, not 2",
                "import|import: what stands first is inetd or xinetd, whose files follow",
                "import systemd f --into d|import: what stands first is inetd or xinetd, whose files follow",
                "import inetd --into d|import: no file is named",
                "import inetd f|import: --into must name the directory that the bundles are to stand in",
                "order --into d|--into: no such option",
                "why a|why: takes two bundles, not 1",
                "logs -n -3 a|-n: -3 is not a number of lines",
                "shutdown web|web: one too many",
                "status --format yaml|--format: yaml is not one of text and json",
                "status --run-dir|--run-dir: needs a value",
                "status --run-dir a --run-dir b|--run-dir: is given twice"
            })
    void saysWhatIsWrongWithACommandLine(String words, String message) {
        Syntax.Understood understood = Syntax.understand(words.isEmpty() ? new String[0] : words.split(" "));
        assertThat(understood)
                .isInstanceOfSatisfying(
                        Syntax.Misuse.class,
                        misuse -> assertThat(misuse.message()).isEqualTo(message));
    }

    @ParameterizedTest
    @EnumSource(Subcommand.class)
    void explainsEachVerb(Subcommand verb) {
        assertThat(answer(verb.toString(), "--help"))
                .startsWith(("usher " + verb + " [OPTIONS] " + verb.operands()).stripTrailing() + "\n")
                .satisfies(text -> assertThat(text.replaceAll("\\s+", " "))
                        .contains(verb.description().get(0)));
        assertThat(answer("--help")).contains("\n  " + verb + " ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--bundles /b help order",
                "--bundles=/b --insecure-bundles help order",
                "help --bundles /b order",
                "help order --bundles /b",
                "--bundles help help order"
            })
    void takesOptionsBeforeAndAfterHelp(String words) {
        assertThat(answer(words.split(" "))).isEqualTo(answer("order", "--help"));
        assertThat(answer("--bundles", "/b", "help")).isEqualTo(answer("--help"));
        assertThat(call("order", "help").operands()).containsExactly("help");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--version", "order --version"})
    void tellsTheVersion(String words) {
        assertThat(answer(words.split(" "))).startsWith("usher ").hasLineCount(1);
    }

    private static Arguments call(String... words) {
        return ((Syntax.Call) Syntax.understand(words)).arguments();
    }

    private static String answer(String... words) {
        return ((Syntax.Answer) Syntax.understand(words)).text();
    }
}

package usher.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code usher import} as it is called; what it makes of real files runs in the scenarios whose names begin with import. */
final class ImportIT {
    private static final Path PAGE = Path.of("../docs/import.md");

    @RegisterExtension
    final Launcher launcher = new Launcher();

    private Result imported(String... arguments) {
        return launcher.usher(arguments);
    }

    private String write(String name, String text) throws IOException {
        return Files.writeString(launcher.directory().resolve(name), text).toString();
    }

    @Test
    void doesWhatItsPageShows() throws IOException {
        write("inetd.conf", block("inetd.conf"));

        Result result = imported("import", "inetd", "inetd.conf", "--into", "bundles");

        List<String> shown = block("console").lines().skip(1).toList();
        assertThat((result.out() + result.err()).lines()).containsExactlyElementsOf(shown);
        assertThat(result.exit()).isEqualTo(1);
        Result check = launcher.usher("check");
        assertThat(check.out()).contains(" 0 errors");
        for (String line : block("bundle").lines().toList()) {
            String[] words = line.split(" +", 2);
            String text = Files.readString(launcher.bundles().resolve(words[0]));
            if (words[0].endsWith("/run")) {
                assertThat(text).endsWith("\n" + words[1] + "\n");
            } else {
                assertThat(text.strip()).as(words[0]).isEqualTo(words.length == 1 ? "" : words[1]);
            }
        }
    }

    /** The block of the page that begins with three backticks and this word. */
    private static String block(String kind) throws IOException {
        String text = Files.readString(PAGE);
        int start = text.indexOf("\n```" + kind + "\n") + kind.length() + 5;
        return text.substring(start, text.indexOf("\n```\n", start) + 1);
    }

    @Test
    void exitsWith0IfEverythingWasTranslated() throws IOException {
        String file = write("inetd.conf", "2121 stream tcp nowait root /bin/true true\n");
        Result result =
                imported("import", "inetd", file, "--into", launcher.bundles().toString(), "--format", "json");

        assertThat(result.exit()).as("%s", result).isZero();
        assertThat(Json.object(result.out()).get("made"))
                .isEqualTo(List.of(launcher.bundles().resolve("true-2121").toString()));
        assertThat(launcher.bundles().resolve("true-2121/service/run")).isExecutable();
    }

    @Test
    void exitsWith1AndNamesTheBundleThatIsThereAlready() throws IOException {
        launcher.bundle("true-2121").runsIdle();
        String file = write("inetd.conf", "2121 stream tcp nowait root /bin/true true\n");

        Result result =
                imported("import", "inetd", file, "--into", launcher.bundles().toString());

        assertThat(result.exit()).isEqualTo(1);
        assertThat(result.err())
                .startsWith("usher: " + file + ":1: is not imported: "
                        + launcher.bundles().resolve("true-2121") + " is there already");
        assertThat(Files.readString(launcher.bundles().resolve("true-2121/service/run")))
                .contains("sleep");
    }

    @Test
    void exitsWith1IfAFileIsNotThere() {
        Result result = imported(
                "import", "xinetd", "/nonexistent", "--into", launcher.bundles().toString());
        assertThat(result.exit()).isEqualTo(1);
        assertThat(result.err()).startsWith("usher: /nonexistent: cannot be read");
    }

    @Test
    void exitsWith2ForOtherUsage() {
        for (String words : List.of("import", "import inetd", "import inetd /x", "import systemd /x --into /y")) {
            assertThat(imported(words.split(" ")).exit()).as(words).isEqualTo(2);
        }
    }
}

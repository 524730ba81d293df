package usher.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine.Model.OptionSpec;

final class ManualTest {
    private static final Path DOCS = Path.of("../docs");

    @TempDir
    Path directory = Path.of("/");

    @Test
    void tellsEveryVerbAndEveryOption() throws IOException {
        String page = Manual.usher(Files.readAllLines(DOCS.resolve("commands.md")));
        for (Subcommand verb : Subcommand.values()) {
            assertThat(page).contains(".SS \"usher " + verb.toString().replace("-", "\\-"));
            assertThat(Syntax.understand("help", verb.toString()))
                    .isEqualTo(Syntax.understand(verb.toString(), "--help"))
                    .isInstanceOf(Syntax.Answer.class);
            for (OptionSpec option : Grammar.of(verb).getCommandSpec().options()) {
                for (String name : option.names()) {
                    assertThat(page).contains("\\fB" + name.replace("-", "\\-") + "\\fP");
                }
            }
        }
        assertThat(page).contains(".SH \"EXIT STATUS\"").contains(".SH \"STATES\"");
    }

    @Test
    void tellsEverySettingOfABundle() throws IOException {
        String page = Manual.bundle(Files.readAllLines(DOCS.resolve("bundle-format.md")));
        assertThat(page).contains("\\fBidle\\-timeout\\fP", "\\fBmax\\-connections\\fP", ".SS \"Attributes\"");
    }

    @Test
    void groffHasNothingToComplainAbout() throws Exception {
        Manual.main(new String[] {DOCS.toString(), directory.toString()});
        assumeTrue(Files.exists(Path.of("/usr/bin/groff")), "groff is not installed (apt install groff)");
        for (String page : new String[] {"usher.1", "usher-bundle.5"}) {
            Path errors = directory.resolve("errors");
            Process groff = new ProcessBuilder(
                            "groff",
                            "-man",
                            "-Tutf8",
                            "-P-cbu",
                            "-ww",
                            directory.resolve(page).toString())
                    .redirectError(errors.toFile())
                    .redirectOutput(directory.resolve("output").toFile())
                    .start();
            assertThat(groff.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(Files.readString(errors)).as(page).isEmpty();
            assertThat(groff.exitValue()).isZero();
            assertThat(Files.readString(directory.resolve("output"), StandardCharsets.UTF_8))
                    .contains("SEE ALSO");
        }
    }
}

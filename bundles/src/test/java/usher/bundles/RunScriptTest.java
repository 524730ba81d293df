package usher.bundles;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The scripts that imports make, run by the shells they name. */
final class RunScriptTest {
    private static final Origin ORIGIN = new Origin("a\nfile; exit 1", 1);

    @TempDir
    private Path temporary;

    private List<String> words(RunScript script) throws IOException, InterruptedException {
        Path run = temporary.resolve("run");
        Files.write(run, script.text(ORIGIN).getBytes(StandardCharsets.ISO_8859_1));
        assertThat(run.toFile().setExecutable(true)).isTrue();
        ProcessBuilder builder = new ProcessBuilder(run.toString()).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("KEPT", "as it is; $(exit)");
        builder.environment().put("LOST", "1");
        Process process = builder.start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        assertThat(process.waitFor()).isZero();
        return List.of(out.split("\0", -1));
    }

    /** Every argument in every byte that an argument may have: all but NUL. */
    @ParameterizedTest
    @CsvSource({"/usr/bin/printf", "printf", "other name"})
    void passesEveryByteOn(String argv0) throws IOException, InterruptedException {
        long seed = Long.getLong("usher.seed", 20261122L);
        Random random = new Random(seed);
        List<String> arguments = new ArrayList<>(List.of("%s\\0"));
        StringBuilder all = new StringBuilder();
        for (char c = 1; c < 256; c++) {
            all.append(c);
            arguments.add(String.valueOf(c));
        }
        arguments.add(all.toString());
        arguments.add("");
        for (int i = 0; i < 1000; i++) {
            StringBuilder word = new StringBuilder();
            for (int length = random.nextInt(12); length > 0; length--) {
                word.append(
                        random.nextBoolean()
                                ? (char) (1 + random.nextInt(255))
                                : "'\"\\$`!~*?".charAt(random.nextInt(9)));
            }
            arguments.add(word.toString());
        }
        List<String> expected = new ArrayList<>(arguments.subList(1, arguments.size()));
        expected.add("");

        RunScript script = new RunScript("/usr/bin/printf", argv0, arguments, OptionalInt.empty(), null);

        assertThat(words(script)).as("seed %d", seed).isEqualTo(expected);
    }

    @Test
    void givesTheServerTheNameItIsToHave() throws IOException, InterruptedException {
        List<String> arguments = List.of("-c", "printf '%s\\0' \"$0\"");
        String name = "$(exit 1)'x";

        assertThat(words(new RunScript("/bin/sh", name, arguments, OptionalInt.empty(), null)))
                .containsExactly(name, "");
        assertThat(words(new RunScript("/bin/sh", name, arguments, OptionalInt.of(1), Set.of("KEPT"))))
                .containsExactly(name, "");
    }

    @Test
    void keepsOfTheEnvironmentWhatItIsTold() throws IOException, InterruptedException {
        List<String> arguments = List.of("-c", "printf '%s\\0' \"$KEPT\" \"${LOST-gone}\" \"${NEVER-gone}\"");
        assertThat(words(new RunScript("/bin/sh", "sh", arguments, OptionalInt.empty(), Set.of("KEPT", "NEVER"))))
                .containsExactly("as it is; $(exit)", "gone", "gone", "");
    }

    @Test
    void runsAsNicelyAsItIsTold() throws IOException, InterruptedException {
        List<String> arguments = List.of("-c", "nice");
        List<String> usual = words(new RunScript("/bin/sh", "sh", arguments, OptionalInt.empty(), null));
        int expected = Math.min(19, Integer.parseInt(usual.get(0).strip()) + 3);
        assertThat(words(new RunScript("/bin/sh", "sh", arguments, OptionalInt.of(3), null)))
                .containsExactly(expected + "\n");
    }
}

package usher.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Which file is shown, of these:
 *
 * <pre>
 * log/NAME/current       says "log"
 * run/log/NAME/current   says "diary"
 * run/log/NAME:/current  says "spare"
 * </pre>
 */
final class LogsCommandTest {
    @TempDir
    Path directory = Path.of("/");

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeEach
    void makeDirectories() throws IOException {
        Files.createDirectory(directory.resolve("bundles"));
        Files.createDirectory(directory.resolve("run"));
    }

    private void write(String log, String said) throws IOException {
        Files.writeString(Files.createDirectories(directory.resolve(log)).resolve("current"), said + "\n");
    }

    private void bundle(String name) throws IOException {
        Files.createDirectories(directory.resolve("bundles").resolve(name));
    }

    private String logs(String name, String logDirectory) {
        Arguments arguments = ((Syntax.Call) Syntax.understand(List.of(
                                "logs",
                                name,
                                "--bundles",
                                directory.resolve("bundles").toString(),
                                "--run-dir",
                                directory.resolve("run").toString(),
                                "--log-dir",
                                directory.resolve(logDirectory).toString())
                        .toArray(new String[0])))
                .arguments();
        out.reset();
        Places places = Places.of(arguments, Map.of(), Places.ownUid());
        LogsCommand.run(arguments, places, print(out), print(err));
        return out.toString(StandardCharsets.UTF_8).trim();
    }

    private static PrintStream print(ByteArrayOutputStream into) {
        return new PrintStream(into, false, StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @ValueSource(strings = {"launcher", "guard"})
    void aBundleComesBeforeADiaryOfItsName(String name) throws IOException {
        write("log/" + name, "log");
        write("run/log/" + name, "diary");
        assertThat(logs(name, "log")).as("what is left of a bundle").isEqualTo("diary");
        bundle(name);
        assertThat(logs(name, "log")).isEqualTo("log");
        Files.delete(directory.resolve("log/" + name + "/current"));
        write("run/log/" + name + ":", "spare");
        assertThat(logs(name, "log")).isEqualTo("spare");
        assertThat(logs(name, "run/log")).as("there is no other").isEqualTo("spare");
        assertThat(err.size()).isZero();
    }

    /** It was told of other directories of bundles than this command. */
    @Test
    void aBundleThatOnlyTheRunningLauncherKnowsComesBeforeTheDiary() throws IOException {
        write("run/log/launcher", "diary");
        write("log/launcher", "log");
        Files.createDirectories(directory.resolve("run/bundles/launcher"));
        assertThat(logs("launcher", "log")).isEqualTo("log");
    }

    @Test
    void whatIsLeftOfABundleIsShownWhereThereIsNoDiary() throws IOException {
        write("log/guard", "log");
        assertThat(logs("guard", "log")).isEqualTo("log");
    }
}

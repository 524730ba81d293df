package usher.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Exit codes and messages of the verbs, and the ways in which the command may be called. */
final class CommandLineIT {
    private static final int FAILED = 1;
    private static final int USAGE = 2;
    private static final int NOT_UP = 3;
    private static final int NO_SUCH_BUNDLE = 4;
    private static final int NO_LAUNCHER = 5;

    @RegisterExtension
    final Launcher launcher = new Launcher();

    private void exits(int expected, String... arguments) {
        Result result = launcher.usher(arguments);
        assertThat(result.exit()).as("%s", result).isEqualTo(expected);
        if (expected != 0 && expected != NOT_UP) {
            assertThat(result.err()).as("%s", result).startsWith("usher: ");
        }
    }

    @Nested
    final class WithoutALauncher {
        @ParameterizedTest
        @ValueSource(
                strings = {
                    "nosuchverb",
                    "start",
                    "stop",
                    "restart",
                    "status --nosuchoption",
                    "order --format xml",
                    "logs"
                })
        void exitsWith2AtWrongUsage(String arguments) {
            exits(USAGE, arguments.split(" "));
        }

        @Test
        void exitsWith2WithoutAVerb() {
            exits(USAGE);
        }

        @ParameterizedTest
        @ValueSource(strings = {"--help", "--version", "run --help", "start --help"})
        void exitsWith0ForHelp(String arguments) {
            Result help = launcher.usher(arguments.split(" "));

            assertThat(help.exit()).as("%s", help).isZero();
            assertThat(help.out()).contains("usher");
            assertThat(help.err()).isEmpty();
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "status",
                    "status daemon",
                    "sockets",
                    "start daemon",
                    "stop daemon",
                    "restart daemon",
                    "shutdown"
                })
        void exitsWith5(String arguments) {
            launcher.bundle("daemon").runsIdle();

            exits(NO_LAUNCHER, arguments.split(" "));
        }

        @ParameterizedTest
        @ValueSource(strings = {"order", "check", "order --format json", "--help"})
        void saysThatItsOutputIsNotWhole(String arguments) {
            launcher.bundle("daemon").runsIdle();
            launcher.startThrough("sh", "-c", "exec \"$@\" >/dev/full", "sh");

            exits(FAILED, arguments.split(" "));
        }

        @Test
        void isContentIfItsReaderHasHadEnough() {
            launcher.bundle("daemon").runsIdle();
            launcher.startThrough("sh", "-c", "{ \"$@\"; echo $? >&2; } | true", "sh");

            assertThat(launcher.usher("order").err()).isEqualTo("0\n");
        }

        @Test
        void ordersAllTheSame() {
            launcher.bundle("daemon").runsIdle();

            exits(0, "order");
            exits(NO_SUCH_BUNDLE, "order", "nosuch");
            exits(NO_SUCH_BUNDLE, "run", "nosuch");
        }
    }

    @Test
    void tellsByItsExitStatusWhatBecameOfTheRequest() {
        int port = launcher.freePort();
        launcher.bundle("waiting").runsIdle().socket("tcp", "127.0.0.1:" + port);
        launcher.bundle("running").runsIdle();
        launcher.bundle("resting").runsIdle().flag("service/down");
        launcher.bundle("broken").file("service/run", "not executable").flag("service/down");
        launcher.run();

        exits(0, "status");
        exits(0, "sockets");
        exits(0, "status", "waiting", "running");
        exits(NOT_UP, "status", "waiting", "resting");
        exits(NO_SUCH_BUNDLE, "status", "nosuch");
        exits(NO_SUCH_BUNDLE, "start", "nosuch");
        exits(NO_SUCH_BUNDLE, "stop", "nosuch");
        exits(NO_SUCH_BUNDLE, "restart", "nosuch");
        exits(NO_SUCH_BUNDLE, "logs", "nosuch");
        exits(FAILED, "start", "broken");
        exits(0, "start", "resting");
        exits(0, "status", "resting");
        exits(0, "stop", "resting");
        exits(0, "stop", "resting");
        exits(NOT_UP, "status", "resting");
        exits(0, "restart", "running");
    }

    @Test
    void tellsTheSameByStatusAndIsEnabled() {
        launcher.bundle("mail").runsIdle().link("wanted-by", "site");
        launcher.bundle("site").runsIdle();
        launcher.run();

        assertThat(enabled("mail")).isEqualTo(false);
        exits(NOT_UP, "is-enabled", "mail");
        exits(0, "enable", "mail");
        assertThat(enabled("mail")).isEqualTo(true);
        exits(0, "is-enabled", "mail");
    }

    private Object enabled(String bundle) {
        Result result = launcher.usher("status", "--format", "json", bundle);
        List<?> bundles = Json.as(List.class, Json.object(result.out()).get("bundles"));
        return Json.as(Boolean.class, Json.as(Map.class, bundles.get(0)).get("enabled"));
    }

    @Test
    void worksThroughLinksAndFromAnotherDirectory() throws IOException {
        launcher.bundle("daemon").runsIdle();
        Path place = Files.createDirectories(launcher.directory().resolve("a place/bin"));
        Path link = Files.createSymbolicLink(place.resolve("launch"), Launcher.builtCommand());
        launcher.callAs(Files.createSymbolicLink(place.resolve("usher"), link.getFileName()));

        launcher.run();

        exits(0, "status", "daemon");
    }

    @Test
    void takesOptionsAfterTheVerbToo() {
        launcher.bundle("daemon").runsIdle();
        launcher.options();
        List<String> places = List.of(
                "--run-dir",
                launcher.runDirectory().toString(),
                "--log-dir",
                launcher.logs().toString(),
                "--bundles",
                launcher.bundles().toString());

        Result before = launcher.usher("--bundles", launcher.bundles().toString(), "--format", "json", "order");
        Result after = launcher.usher(
                "order", "--format", "json", "--bundles", launcher.bundles().toString());
        Result without = launcher.usher("status", places.get(0), places.get(1));

        assertThat(after.out()).isEqualTo(before.out()).contains("daemon");
        assertThat(without.exit()).isEqualTo(NO_LAUNCHER);
    }

    @Test
    void findsDirectoriesByTheEnvironment() {
        launcher.bundle("daemon").runsIdle();
        launcher.options();
        launcher.environment(Map.of(
                "USHER_BUNDLES", launcher.directory().resolve("nothing") + ":" + launcher.bundles(),
                "USHER_RUN_DIR", launcher.runDirectory().toString(),
                "XDG_STATE_HOME", launcher.directory().resolve("state").toString()));

        launcher.run();

        assertThat(launcher.status("daemon").state()).isEqualTo("up");
        assertThat(launcher.runDirectory().resolve("control")).exists();
    }
}

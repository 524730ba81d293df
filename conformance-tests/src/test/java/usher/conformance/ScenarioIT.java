package usher.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every directory of {@code src/test/scenarios}: a real daemon, started by its real client. */
final class ScenarioIT {
    @RegisterExtension
    final Launcher launcher = new Launcher();

    static List<Scenario> scenarios() {
        return Scenario.all();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("scenarios")
    void startsTheDaemonAtTheFirstKnockAndItsClientIsAnswered(Scenario scenario) throws IOException {
        Needs.without(scenario.obstacle());
        Map<String, String> values = scenario.install(launcher);
        launcher.environment(values);
        if (scenario.has("setup")) {
            assertSucceeds(scenario, "setup");
        }
        scenario.imported().ifPresent(this::assertImports);
        launcher.run();
        assertEveryDaemonWaits();

        Result client = assertSucceeds(scenario, "client");

        scenario.expected()
                .ifPresent(expected -> assertThat(client.out().stripTrailing())
                        .as("%s", client)
                        .isEqualTo(expected));
        assertEveryDaemonIsUp();
    }

    private Result assertSucceeds(Scenario scenario, String script) {
        Path file = scenario.directory().resolve(script).toAbsolutePath();
        Result result = Result.of(launcher.marked(List.of("sh", file.toString())), Await.GENEROUS);
        assertThat(result.exit()).as("%s", result).isZero();
        return result;
    }

    /** Files of another system become bundles in which nothing is wrong or even doubtful. */
    private void assertImports(List<String> arguments) {
        List<String> words =
                new ArrayList<>(List.of("import", "--into", launcher.bundles().toString()));
        words.addAll(arguments);
        Result imported = launcher.usher(words.toArray(new String[0]));
        assertThat(imported.exit()).as("%s", imported).isZero();
        assertThat(imported.out()).as("%s", imported).startsWith("made ");
        Result check = launcher.usher("check");
        assertThat(check.out()).as("%s", check).contains(" 0 errors, 0 warnings");
    }

    private void assertEveryDaemonWaits() {
        for (BundleStatus bundle : statuses()) {
            assertThat(bundle.state())
                    .as("%s before any client", bundle)
                    .isEqualTo(accepts(bundle) ? "up" : "listening");
            assertThat(bundle.starts())
                    .as("starts of %s before any client", bundle)
                    .isZero();
            assertThat(bundle.instances())
                    .as("instances of %s before any client", bundle)
                    .isZero();
        }
    }

    private void assertEveryDaemonIsUp() {
        for (BundleStatus bundle : statuses()) {
            assertThat(bundle.state()).as("%s after the client", bundle).isEqualTo("up");
            if (!accepts(bundle)) {
                assertThat(bundle.starts()).as("starts of %s", bundle).isOne();
                assertThat(ProcessHandle.of(bundle.pid()))
                        .as("process of %s", bundle)
                        .isPresent();
            }
        }
    }

    private List<BundleStatus> statuses() {
        return BundleStatus.parse(launcher.usher("status", "--format", "json").out());
    }

    private boolean accepts(BundleStatus bundle) {
        try (Stream<Path> files =
                Files.walk(launcher.bundles().resolve(bundle.name()).resolve("sockets"))) {
            return files.anyMatch(file -> file.endsWith("accept"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

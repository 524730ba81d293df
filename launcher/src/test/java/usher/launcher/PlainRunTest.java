package usher.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PlainRunTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "run",
                "run web db",
                "run run",
                "run é",
                "--bundles a run",
                "--bundles a --bundles b --run-dir c --log-dir d run",
                "--run-dir c run --log-dir d web",
                "--run-dir c run start",
                "run --bundles a",
                "run --bundles=a web --log-dir=d",
                "--bundles a run --bundles=b --bundles c web",
                "--run-dir=a run",
            })
    void saysWhatTheGrammarSays(String line) {
        String[] words = line.split(" ", -1);
        Arguments expected = ((Syntax.Call) Syntax.understand(words)).arguments();
        assertThat(PlainRun.understand(words)).contains(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "start web",
                "web run",
                "--bundles",
                "--bundles run",
                "--bundles a",
                "--run-dir a --run-dir b run",
                "run --run-dir",
                "--run-dir --log-dir run",
                "--run-dir= run",
                "--run-dir=run run",
                "--run-dir start run",
                "--help run",
                "run --help",
                "run -- web",
                "--format json run",
                "--control-group wheel run",
                "--insecure-bundles run",
                "--nosuch a run"
            })
    void leavesTheRestToTheGrammar(String line) {
        assertThat(PlainRun.understand(line.split(" ", -1))).isEmpty();
    }
}

package usher.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code bundles/examples} as a newcomer runs them, with other ports, because these tests may not be alone. */
final class ExamplesIT {
    private static final Path EXAMPLES = Path.of("../bundles/examples");
    private static final String REQUEST = "GET / HTTP/1.0\r\n\r";

    @RegisterExtension
    final Launcher launcher = new Launcher();

    private final List<Integer> ports = new ArrayList<>();

    @BeforeEach
    void runTheExamples() throws IOException {
        for (int i = 0; i < 4; i++) {
            ports.add(launcher.freePort());
        }
        Tree.copy(EXAMPLES, launcher.bundles(), text -> {
            String edited = text;
            for (int i = 0; i < ports.size(); i++) {
                edited = edited.replace("847" + i, Integer.toString(ports.get(i)));
            }
            return edited;
        });
        launcher.run();
    }

    @Test
    void sayWhatTheyListenOn() {
        assertThat(launcher.standardOutput() + launcher.standardError())
                .contains(ports.stream().map(port -> "127.0.0.1:" + port).toList());
    }

    @Test
    void waitForTheFirstKnockUnlessTheyAreEager() {
        assertThat(launcher.status("default").state()).isEqualTo("up");
        assertThat(launcher.status("web").state()).isEqualTo("listening");
        assertThat(launcher.status("front").state()).isEqualTo("listening");
        assertThat(launcher.status("hello")).returns("up", BundleStatus::state).returns(0, BundleStatus::instances);
        assertThat(launcher.status("counter"))
                .returns("up", BundleStatus::state)
                .returns(1, BundleStatus::starts);
    }

    @Test
    void answerAsTheirCommentsPromise() throws IOException {
        assertThat(Client.ask(ports.get(0), REQUEST)).contains("you are visitor 1.");
        assertThat(Client.ask(ports.get(0), REQUEST)).contains("you are visitor 2.");
        assertThat(Client.ask(ports.get(1), "Ada\033[1m$(id)"))
                .startsWith("Hello, 127.0.0.1! What is your name?\nGood to see you, Ada[1m$(id). ");
        assertThat(Client.ask(ports.get(3), REQUEST)).endsWith("The counter stands at 1.\n");
        assertThat(Client.hear(ports.get(2))).isEqualTo("2\n");
    }
}

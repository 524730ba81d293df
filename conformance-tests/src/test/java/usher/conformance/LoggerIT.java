package usher.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A bundle with a logger of its own: {@code web/log -> ../keeper}. */
final class LoggerIT {

    /** Has things to say when it is told to end. */
    private static final String TALKER =
            "#!/bin/sh\ntrap 'seq 1 1000; echo last words; exit 0' TERM\necho first words\n"
                    + "while :; do sleep 600 & wait; done";

    /** Takes nothing before it may, and notes it when it gets a signal instead of the end of its input. */
    private static final String SLOW = "#!/bin/sh\ntrap 'echo TERM >>signals' TERM\n"
            + "until [ -e may ]; do sleep 0.05; done\ncat >>kept\necho end >>kept";

    @RegisterExtension
    final Launcher launcher = new Launcher();

    private void declare(String logger) throws IOException {
        launcher.bundle("web").run(TALKER);
        launcher.bundle("keeper").run(logger);
        Files.createSymbolicLink(launcher.bundles().resolve("web/log"), Path.of("../keeper"));
    }

    private Path ofKeeper(String file) {
        return launcher.bundles().resolve("keeper/service").resolve(file);
    }

    private void may() throws IOException {
        Files.createFile(ofKeeper("may"));
    }

    private List<String> kept() throws IOException {
        return Files.readAllLines(ofKeeper("kept"));
    }

    private static void endsWell(List<String> kept) {
        assertThat(kept).startsWith("first words", "1").endsWith("1000", "last words", "end");
    }

    @Test
    void readsAllThatIsWrittenAndEndsByTheEndOfItsInput() throws Exception {
        declare(SLOW);
        may();
        launcher.run();

        for (int round = 1; round <= 2; round++) {
            assertThat(launcher.usher("stop", "keeper", "web").exit()).isZero();
            endsWell(kept());
            assertThat(launcher.status("keeper").starts()).isEqualTo(round);
            Files.delete(ofKeeper("kept"));
            assertThat(launcher.usher("start", "web").exit()).isZero();
        }
        launcher.shutdown();
        endsWell(kept());
        assertThat(ofKeeper("signals")).doesNotExist();
    }

    @Test
    void isGivenItsTimeAndNoMore() throws IOException {
        declare(SLOW);
        launcher.bundle("keeper").file("service/timeout-down", "1s").file("service/timeout-kill", "200ms");
        launcher.run();

        assertThat(launcher.usher("stop", "keeper", "web").exit()).isZero();
        assertThat(launcher.status("keeper").lastExit()).hasToString("{signal=KILL}");
        assertThat(ofKeeper("signals")).exists();
        may();
        launcher.usher("start", "web");
        launcher.usher("stop", "keeper", "web");
        assertThat(kept())
                .as("what it had not read is there for the next")
                .startsWith("first words", "1")
                .endsWith("last words", "end")
                .contains("last words", "first words");
    }

    @Test
    void whoIsStoppedAloneGetsItsSignalAndTheNextReadsOn() throws IOException {
        declare("#!/bin/sh\nexec cat >>kept");
        launcher.run();
        assertThat(launcher.usher("stop", "keeper").exit()).isZero();
        assertThat(launcher.status("keeper").lastExit()).hasToString("{signal=TERM}");
        assertThat(launcher.status("web").state()).isEqualTo("up");
        assertThat(launcher.usher("stop", "web").exit()).isZero();
        assertThat(launcher.usher("start", "keeper").exit()).isZero();
        assertThat(launcher.usher("stop", "keeper").exit()).isZero();
        assertThat(launcher.status("keeper").lastExit()).hasToString("{exit=0.0}");
        assertThat(kept()).startsWith("first words").endsWith("last words");
    }

    @Test
    void isMultilog() throws IOException {
        Needs.command("multilog", "daemontools");
        keepsAllInMain("#!/bin/sh\nexec multilog ./main");
    }

    @Test
    void isSvlogd() throws IOException {
        Needs.command("svlogd", "runit");
        keepsAllInMain("#!/bin/sh\nmkdir -p main\nexec svlogd main");
    }

    private void keepsAllInMain(String logger) throws IOException {
        declare(logger);
        launcher.run();
        launcher.awaitState("keeper", "up");
        assertThat(launcher.usher("stop", "keeper", "web").exit()).isZero();

        assertThat(launcher.status("keeper").lastExit())
                .as("the end of its input")
                .hasToString("{exit=0.0}");
        List<String> kept = Files.readAllLines(ofKeeper("main/current"));
        assertThat(kept).hasSize(1002).startsWith("first words", "1").endsWith("1000", "last words");
    }

    @Test
    void drainsAlthoughTheLauncherIsKilled() throws IOException {
        declare(SLOW);
        launcher.run();
        assertThat(launcher.usher("stop", "--no-wait", "keeper", "web").exit()).isZero();
        launcher.awaitState("web", "down");
        launcher.awaitState("keeper", "stopping");

        launcher.killOutright();
        may();

        launcher.awaitState("keeper", "down");
        endsWell(kept());
        assertThat(ofKeeper("signals")).doesNotExist();
    }
}

package usher.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a job says of itself while it lasts: on a terminal, which {@code script} of util-linux gives it, and elsewhere. */
final class ProgressIT {
    private static final String ERASE = "\r\033[K";

    @RegisterExtension
    final Launcher launcher = new Launcher();

    @BeforeEach
    void declare() {
        launcher.bundle("slow").executable("service/start", "#!/bin/sh\nuntil [ -e go ]; do sleep 0.05; done");
        launcher.bundle("web").runsIdle();
        launcher.bundle("web").link("requires", "slow");
        launcher.bundle("none").runsIdle();
        launcher.run("none");
    }

    private Path terminal() {
        return launcher.directory().resolve("terminal.out");
    }

    private String shown() {
        try {
            return Files.exists(terminal()) ? Files.readString(terminal()) : "";
        } catch (IOException e) {
            return "";
        }
    }

    /** {@code usher start web} on a terminal of its own. */
    private Process startOnTerminal(Map<String, String> environment) throws IOException {
        String command = String.join(
                " ",
                Launcher.builtCommand().toString(),
                "--bundles",
                launcher.bundles().toString(),
                "--run-dir",
                launcher.runDirectory().toString(),
                "start",
                "web");
        ProcessBuilder builder =
                launcher.marked(List.of("script", "--quiet", "--return", "--flush", "--command", command, "/dev/null"));
        builder.environment().put("TERM", "xterm");
        builder.environment().putAll(environment);
        return builder.redirectErrorStream(true)
                .redirectOutput(terminal().toFile())
                .start();
    }

    private void go() throws IOException {
        Files.createFile(launcher.bundles().resolve("slow/service/go"));
    }

    @Test
    void saysOnATerminalWhatItWaitsForAndLeavesOnlyTheOutcomes() throws Exception {
        Needs.command("script", "bsdutils");
        Process client = startOnTerminal(Map.of("NO_COLOR", "1"));
        Await.until(
                "it counts the seconds",
                Await.GENEROUS,
                () -> shown().contains("waiting for slow (starting, 1s) and 1 more"));
        go();
        assertThat(client.waitFor()).isZero();
        String end = shown().substring(shown().lastIndexOf("slow: ready"));
        assertThat(shown()).contains(ERASE + "slow: ready").doesNotContain("\033[3");
        assertThat(end).contains("web: ready").doesNotContain("waiting for slow");
        assertThat(lastLine(shown())).as("nothing is left of the display").isEmpty();
    }

    /** What stands on the terminal's last line once all is written. */
    private static String lastLine(String written) {
        String line = written.substring(written.lastIndexOf('\n') + 1);
        return line.substring(Math.max(0, line.lastIndexOf(ERASE) + (line.contains(ERASE) ? ERASE.length() : 0)));
    }

    @Test
    void leavesTheJobRunningWhenInterrupted() throws Exception {
        Needs.command("script", "bsdutils");
        Process client = startOnTerminal(Map.of());
        Await.until("it is shown in colour", Await.GENEROUS, () -> shown().contains("slow (\033[33mstarting\033[0m"));
        client.getOutputStream().write(3);
        client.getOutputStream().flush();
        assertThat(client.waitFor()).isNotZero();
        assertThat(shown()).contains(ERASE + "usher: interrupted; the job goes on, and 'usher status' shows it");
        go();
        launcher.awaitState("web", "up");
    }

    @Test
    void goesOnWithTheNextLauncherWhenTheFirstIsKilled() throws Exception {
        Needs.command("script", "bsdutils");
        Process client = startOnTerminal(Map.of("NO_COLOR", "1"));
        Await.until("it is shown", Await.GENEROUS, () -> shown().contains("waiting for slow (starting"));
        launcher.killOutright();
        int shownBefore = shown().length();
        Await.until(
                "it is shown again",
                Await.GENEROUS,
                () -> shown().substring(shownBefore).contains("waiting for slow (starting"));
        go();
        assertThat(client.waitFor()).isZero();
        assertThat(shown()).containsOnlyOnce("slow: ready").containsOnlyOnce("web: ready");
        assertThat(lastLine(shown())).as("nothing is left of the display").isEmpty();
    }

    @Test
    void writesPlainLinesElsewhere() throws Exception {
        go();
        Result started = launcher.usher("start", "web");
        assertThat(started.out()).isEqualTo("slow: ready\nweb: ready\n");
        assertThat(started.out().getBytes(StandardCharsets.UTF_8)).doesNotContain((byte) 27);
    }
}

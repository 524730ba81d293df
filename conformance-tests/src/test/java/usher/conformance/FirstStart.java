package usher.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * {@code usher run} on some bundles, again and again.
 *
 * <pre>
 *   eager    a daemon with a socket, after prepared
 *   prepared a one-shot
 *   lazy     a daemon that the first question starts
 * </pre>
 */
final class FirstStart {
    private final Launcher launcher;
    private final Path shared;
    private final int eager;
    private final int lazy;

    FirstStart(Launcher launcher) throws IOException {
        this.launcher = launcher;
        shared = Files.createDirectory(launcher.directory().resolve("shared"));
        Tree.mode(shared, "rwxrwxrwx");
        eager = launcher.freePort();
        lazy = launcher.freePort();
    }

    void declare() {
        launcher.bundle("eager")
                .run(Storm.alone(shared.resolve("eager")))
                .socket("s", "127.0.0.1:" + eager)
                .flag("service/eager")
                .link("requires", "prepared");
        launcher.bundle("prepared").executable("service/start", "#!/bin/sh\necho prepared >> " + traces());
        launcher.bundle("lazy").run(Storm.alone(shared.resolve("lazy"))).socket("s", "127.0.0.1:" + lazy);
    }

    private Path traces() {
        return shared.resolve("traces");
    }

    private Control control() {
        return launcher.control();
    }

    void begin() throws IOException {
        Files.deleteIfExists(traces());
        launcher.start();
        launcher.awaitSettled();
    }

    void check() throws IOException {
        Statuses status = control().status();
        assertThat(status.of("prepared").state()).isEqualTo("up");
        BundleStatus daemon = status.of("eager");
        assertThat(daemon.state()).isEqualTo("up");
        assertThat(daemon.starts()).isEqualTo(1);
        assertThat(Client.ask(eager, "hello")).isEqualTo(daemon.pid() + "\n");
        assertThat(Client.ask(lazy, "hello"))
                .isEqualTo(control().status().of("lazy").pid() + "\n");
        // Twice, if it was started in the instant of the kill and had ended before the next launcher looked.
        assertThat(Files.readAllLines(traces())).isSubsetOf(List.of("prepared")).hasSizeBetween(1, 2);
        assertThat(launcher.processes("run")).hasSize(2);
    }
}

package usher.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Service directories of Debian's packages run as they stand, each with its {@code log/run}: git-daemon-run, mini-httpd-run
 * and the three of bcron. Their ports are fixed, so the launcher has a network of its own; bcron's spool is the one its
 * package made.
 */
final class ServiceDirectoriesIT {
    private static final List<String> DIRECTORIES =
            List.of("bcron-sched", "bcron-spool", "bcron-update", "git-daemon", "mini-httpd");

    @RegisterExtension
    final Launcher launcher = new Launcher();

    @BeforeEach
    void link() throws IOException {
        Needs.root();
        Needs.command("git", "git-daemon-run");
        Needs.command("mini_httpd", "mini-httpd-run");
        Needs.command("bcron-start", "bcron");
        Needs.command("chpst", "runit");
        for (String directory : DIRECTORIES) {
            Path original = Path.of("/etc/sv", directory);
            Needs.without(
                    Files.isDirectory(original)
                            ? java.util.Optional.empty()
                            : java.util.Optional.of(original + " is not there"));
            Files.createSymbolicLink(launcher.bundles().resolve(directory), original);
        }
        launcher.environment(Map.of(
                "SVDIR", launcher.runDirectory().resolve("bundles").toString(),
                "BCRON_SOCKET", launcher.directory().resolve("bcron").toString()));
        launcher.startThrough("unshare", "--net", "sh", "-c", "ip link set lo up 2>/dev/null; exec \"$0\" \"$@\"");
    }

    @Test
    void runWithTheirLoggersAndEndWhole() throws InterruptedException {
        launcher.run();

        for (String directory : DIRECTORIES) {
            launcher.awaitState(directory, "up");
            launcher.awaitState(directory + ".log", "up");
        }
        // svlogd runs in place of log/run, and each daemon is what its run has become.
        Await.until(
                "the loggers log",
                Await.GENEROUS,
                () -> launcher.processes("svlogd").size() == DIRECTORIES.size());
        Await.until(
                "git-daemon runs",
                Await.GENEROUS,
                () -> !launcher.processes("git-daemon").isEmpty());
        Await.until(
                "mini_httpd runs",
                Await.GENEROUS,
                () -> !launcher.processes("mini_httpd").isEmpty());
        Await.until(
                "bcron-sched runs",
                Await.GENEROUS,
                () -> !launcher.processes("bcron-sched").isEmpty());
        for (String directory : DIRECTORIES) {
            assertThat(launcher.status(directory).starts())
                    .as("starts of %s", directory)
                    .isEqualTo(1);
        }
        Result sv = Result.of(launcher.marked(List.of("sv", "status", "git-daemon")), Await.GENEROUS);
        assertThat(sv.out()).matches("run: git-daemon: \\(pid [0-9]+\\) [0-9]+s; run: log: \\(pid [0-9]+\\) [0-9]+s\n");
        launcher.shutdown();
    }
}

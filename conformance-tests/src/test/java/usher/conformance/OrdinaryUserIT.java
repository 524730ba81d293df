package usher.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Without privileges, without XDG_RUNTIME_DIR, without a home, and with a project that somebody else has built. */
final class OrdinaryUserIT {
    @RegisterExtension
    final Launcher launcher = new Launcher();

    private final int port = launcher.freePort();

    @BeforeEach
    void run() throws IOException {
        OrdinaryUser.is(launcher);
        launcher.options("--bundles", launcher.bundles().toString());
        launcher.bundle("daemon").run(Daemons.ANSWERING).socket("tcp", "127.0.0.1:" + port);
        launcher.bundle("talker").run("#!/bin/sh\necho heard from the talker\nexec sleep 600");
        launcher.run();
    }

    @Test
    void findsItsLauncherAgainAndIsAnswered() throws IOException {
        assertThat(Client.ask(port, "who")).isEqualTo(launcher.status("daemon").pid() + "\n");
    }

    @Test
    void readsTheLogOfABundleThatLivesInTheRunDirectory() {
        Result logs = Await.value(
                "the talker is heard",
                Await.GENEROUS,
                () -> launcher.usher("logs", "talker"),
                result -> result.out().contains("heard from the talker"));

        assertThat(logs.exit()).isZero();
    }

    @Test
    void keepsItsRunDirectoryToItself() throws IOException {
        Path temporary = Path.of("/tmp");
        String user = Scenario.isRoot() ? "nobody" : System.getProperty("user.name");

        try (Stream<Path> entries = Files.list(temporary)) {
            List<Path> own = entries.filter(entry -> isOwnedBy(entry, user))
                    .filter(entry -> Files.exists(entry.resolve("control")))
                    .toList();
            assertThat(own).as("directories with a control socket").hasSize(1);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(own.get(0))))
                    .isEqualTo("rwx------");
            assertThat(PosixFilePermissions.toString(
                            Files.getPosixFilePermissions(own.get(0).resolve("control"))))
                    .isEqualTo("rw-------");
        }
    }

    private static boolean isOwnedBy(Path entry, String user) {
        try {
            return Files.getOwner(entry).getName().equals(user);
        } catch (IOException gone) {
            return false;
        }
    }
}

package usher.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PlacesTest {
    private static final int SOMEBODY = 4711;

    private final int self = Places.ownUid();

    @TempDir
    Path directory = Path.of("/");

    @Test
    void rootHasTheSystemsDirectories() {
        Places places = places(0, Map.of("XDG_RUNTIME_DIR", directory.toString(), "HOME", "/root"));
        assertThat(places.runDirectory()).isEqualTo(new RunDirectory(Path.of("/run/usher"), false));
        assertThat(places.logDirectory()).isEqualTo(Path.of("/var/log/usher"));
        assertThat(places.control()).isEqualTo(Path.of("/run/usher/control"));
    }

    @Test
    void othersHaveTheirRuntimeAndStateDirectories() {
        Map<String, String> environment =
                Map.of("XDG_RUNTIME_DIR", directory.toString(), "XDG_STATE_HOME", "/home/me/state", "HOME", "/home/me");
        // Root's own directories do not depend on the environment, so that this needs a user that the directory is of.
        Places places = self == 0 ? null : places(self, environment);
        if (places != null) {
            assertThat(places.runDirectory()).isEqualTo(new RunDirectory(directory.resolve("usher"), false));
        }
        assertThat(places(SOMEBODY, environment).logDirectory()).isEqualTo(Path.of("/home/me/state/usher/log"));
        assertThat(places(SOMEBODY, Map.of("HOME", "/home/me")).logDirectory())
                .isEqualTo(Path.of("/home/me/.local/state/usher/log"));
    }

    @Test
    void aRuntimeDirectoryOfSomebodyElseIsNotUsed() {
        assertThat(places(SOMEBODY, Map.of("XDG_RUNTIME_DIR", directory.toString()))
                        .runDirectory())
                .isEqualTo(new RunDirectory(Path.of("/tmp/usher-4711"), true));
    }

    @Test
    void withoutARuntimeDirectoryThereIsOneBelowTheTemporaryDirectory() {
        assertThat(places(SOMEBODY, Map.of()).runDirectory().path()).isEqualTo(Path.of("/tmp/usher-4711"));
        assertThat(places(SOMEBODY, Map.of("TMPDIR", "/var/tmp")).runDirectory().path())
                .isEqualTo(Path.of("/var/tmp/usher-4711"));
        assertThat(places(SOMEBODY, Map.of("TMPDIR", "relative")).runDirectory().path())
                .isEqualTo(Path.of("/tmp/usher-4711"));
    }

    @Test
    void withoutAHomeTheRunDirectoryKeepsTheLogs() {
        assertThat(places(SOMEBODY, Map.of()).logDirectory()).isEqualTo(Path.of("/tmp/usher-4711/log"));
    }

    @Test
    void theCommandLineComesBeforeTheEnvironment() {
        Map<String, String> environment = Map.of("USHER_RUN_DIR", "/e", "USHER_BUNDLES", "/b1:/b2");
        Places told =
                Places.of(call("status", "--run-dir", "/o", "--log-dir", "/l", "--bundles", "/b"), environment, 0);
        assertThat(told.runDirectory().path()).isEqualTo(Path.of("/o"));
        assertThat(told.logDirectory()).isEqualTo(Path.of("/l"));
        assertThat(told.searchPath().directories()).containsExactly(Path.of("/b"));

        Places untold = places(0, environment);
        assertThat(untold.runDirectory().path()).isEqualTo(Path.of("/e"));
        assertThat(untold.searchPath().directories()).containsExactly(Path.of("/b1"), Path.of("/b2"));
    }

    @Test
    void aSharedRunDirectoryIsMadeForItsUserAlone() throws IOException {
        RunDirectory run = new RunDirectory(directory.resolve("usher-1"), true);
        assertThat(run.doubt(self)).isEmpty();
        assertThat(run.make(self)).isEmpty();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(run.path())))
                .isEqualTo("rwx------");
        assertThat(run.make(self)).as("the second time").isEmpty();
    }

    @Test
    void aSharedRunDirectoryThatOthersMayEnterIsNotBelieved() throws IOException {
        RunDirectory run = new RunDirectory(directory.resolve("usher-1"), true);
        Files.createDirectory(run.path());
        Files.setPosixFilePermissions(run.path(), PosixFilePermissions.fromString("rwxr-x---"));
        assertThat(run.make(self)).hasValueSatisfying(why -> assertThat(why).contains("mode 0700"));
        assertThat(run.doubt(self)).isPresent();
    }

    @Test
    void aSharedRunDirectoryOfSomebodyElseIsNotBelieved() throws IOException {
        RunDirectory run = new RunDirectory(directory.resolve("usher-1"), true);
        Files.createDirectory(
                run.path(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        assertThat(run.doubt(SOMEBODY)).isPresent();
        assertThat(run.make(SOMEBODY)).isPresent();
    }

    @Test
    void aSharedRunDirectoryThatIsALinkIsNotBelieved() throws IOException {
        Path own = Files.createDirectory(
                directory.resolve("own"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Path link = Files.createSymbolicLink(directory.resolve("usher-1"), own);
        assertThat(new RunDirectory(link, true).make(self)).isPresent();
    }

    @Test
    void aRunDirectoryThatIsAFileIsNamedAndSoIsTheOptionThatHelps() throws IOException {
        Path file = Files.createFile(directory.resolve("file"));
        assertThat(new RunDirectory(file, false).make(self))
                .hasValueSatisfying(
                        why -> assertThat(why).startsWith(file + ": ").contains("--run-dir"));
    }

    @Test
    void aRunDirectoryThatOthersMayWriteToIsRefusedWhereverItLies() throws IOException {
        Path run = Files.createDirectory(directory.resolve("run"));
        Files.setPosixFilePermissions(run, PosixFilePermissions.fromString("rwxr-xrwx"));
        assertThat(new RunDirectory(run, false).make(self))
                .hasValueSatisfying(why -> assertThat(why).contains("writable for others, mode 0757"));
        Files.setPosixFilePermissions(run, PosixFilePermissions.fromString("rwxr-xr-x"));
        assertThat(new RunDirectory(run, false).make(self)).isEmpty();
    }

    @Test
    void aRunDirectoryOfSomebodyElseIsRefusedWhereverItLies() throws IOException {
        Path run = Files.createDirectory(directory.resolve("run"));
        if (self == 0) {
            Files.setAttribute(run, "unix:uid", 1);
        }
        assertThat(new RunDirectory(run, false).make(SOMEBODY))
                .hasValueSatisfying(why -> assertThat(why).contains("belongs to user"));
    }

    private static Places places(int uid, Map<String, String> environment) {
        return Places.of(call("status"), environment, uid);
    }

    private static Arguments call(String... words) {
        return ((Syntax.Call) Syntax.understand(words)).arguments();
    }
}

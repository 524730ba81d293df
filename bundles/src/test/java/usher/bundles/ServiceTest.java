package usher.bundles;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ServiceTest {
    @TempDir
    private Path temporary;

    private Tree tree;

    @BeforeEach
    void makeADirectory() {
        tree = new Tree(temporary.resolve("bundles"));
    }

    private Service service() {
        return tree.read("web").service().orElseThrow();
    }

    @Test
    void hasTheDefaultsOfTheFormat() {
        tree.script("web/service/run");
        Service service = service();
        assertThat(tree.read("web").problems()).isEmpty();
        assertThat(service.directory()).isEqualTo(tree.path("web/service"));
        assertThat(service.scripts()).containsExactly(Service.Script.RUN);
        assertThat(service.timeouts()).isEqualTo(Service.Timeouts.DEFAULT);
        assertThat(service.downSignal()).isEqualTo(15);
        assertThat(service.log()).isEqualTo(Service.Log.DEFAULT);
        assertThat(service.place())
                .isEqualTo(new Service.Place(
                        Optional.empty(),
                        Optional.empty(),
                        022,
                        tree.path("web/service"),
                        Optional.empty(),
                        false,
                        Map.of()));
    }

    @Test
    void readsEverySetting() {
        tree.script("web/service/run").script("web/service/start").script("web/service/stop");
        tree.script("web/service/finish").file("web/service/down", "").file("web/service/eager", "yes\n");
        tree.file("web/service/idle-timeout", "5m\n").file("web/service/user", "www-data\n");
        tree.file("web/service/group", "33").file("web/service/umask", "027").file("web/service/directory", "/srv");
        tree.file("web/service/root", "/srv/jail").file("web/service/no-new-privileges", "");
        tree.file("web/service/limits/nofile", "1024:4096\n").file("web/service/limits/core", "unlimited");
        tree.file("web/service/notification-fd", "3\n").file("web/service/sd-notify", "");
        tree.file("web/service/down-signal", "SIGINT").file("web/service/timeout-up", "1s");
        tree.file("web/service/timeout-down", "2000").file("web/service/timeout-kill", "0");
        tree.file("web/service/timeout-finish", "4s").file("web/service/mount", "/srv/data\n");
        tree.file("web/log-format", "rfc3339").file("web/log-size", "1M").file("web/service/log-count", "20");
        tree.file("web/cgroup/memory.max", "512M\n").file("web/connects/db", "/run/db.sock\n");
        Bundle web = tree.read("web");
        assertThat(web.isSound()).as("%s", web.problems()).isTrue();
        assertThat(web.cgroup()).isEqualTo(Map.of("memory.max", "512M"));
        assertThat(web.connects())
                .isEqualTo(
                        Map.of("web/connects/db", Address.parse("/run/db.sock").orElseThrow()));
        assertThat(service())
                .isEqualTo(new Service(
                        tree.path("web/service"),
                        java.util.Set.of(Service.Script.values()),
                        true,
                        true,
                        Optional.of(Duration.ofMinutes(5)),
                        Map.of(),
                        new Service.Place(
                                Optional.of("www-data"),
                                Optional.of("33"),
                                027,
                                Path.of("/srv"),
                                Optional.of(Path.of("/srv/jail")),
                                true,
                                Map.of("nofile", new Service.Limit(1024, 4096), "core", new Service.Limit(-1, -1))),
                        java.util.OptionalInt.of(3),
                        true,
                        2,
                        new Service.Timeouts(
                                Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ZERO, Duration.ofSeconds(4)),
                        Optional.of(Path.of("/srv/data")),
                        new Service.Log(Service.Log.Stamp.RFC3339, 1 << 20, 20)));
    }

    @Test
    void readsTheEnvironmentAsEnvdirDoes() {
        tree.script("web/service/run")
                .file("web/service/env/PLAIN", "value \t\nsecond line\n")
                .file("web/service/env/NO_NEWLINE", " kept")
                .file("web/service/env/EMPTY", "\n")
                .file("web/service/env/UNSET", "")
                .file("web/service/env/LINES", "a\0b\n")
                .file("web/service/env/.hidden", "x")
                .file("web/service/env/OLD~", "x")
                .file("web/service/env/A=B", "x")
                .file("web/cgroup/cgroup.procs", "0")
                .file("web/service/env/LATIN", "caf\u00e9".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(service().environment())
                .containsOnly(
                        Map.entry("PLAIN", Optional.of("value")),
                        Map.entry("NO_NEWLINE", Optional.of(" kept")),
                        Map.entry("EMPTY", Optional.of("")),
                        Map.entry("UNSET", Optional.empty()),
                        Map.entry("LINES", Optional.of("a\nb")));
        assertThat(Tree.problems(tree.read("web")))
                .containsExactly(
                        "ERROR web/cgroup/cgroup.procs: moves or ends processes, which is no setting",
                        "WARNING web/service/env/OLD~: is not read: it looks like a copy that an editor or a package"
                                + " made",
                        "ERROR web/service/env/A=B: names a variable with =, which no variable has",
                        "ERROR web/service/env/LATIN: holds bytes that are not UTF-8");
    }

    @Test
    void namesTheFileAndWhatItHoldsAndMayHold() {
        tree.script("web/service/run").file("web/service/timeout-up", "90x\n").file("web/service/umask", "999");
        tree.file("web/service/down-signal", "TREM").file("web/service/limits/nofile", "lots");
        tree.file("web/service/eager", "perhaps")
                .file("web/service/user", "a\nb")
                .file("web/service/root", "jail");
        tree.file("web/service/notification-fd", "x")
                .file("web/log-format", "iso")
                .file("web/connects/x", "x:1");
        assertThat(tree.read("web").isSound()).isFalse();
        assertThat(Tree.problems(tree.read("web")))
                .containsExactlyInAnyOrder(
                        "ERROR web/connects/x: holds \"x:1\": an address is written in numbers, such as 127.0.0.1:8080"
                                + " or [::1]:8080, because host names are not looked up",
                        "ERROR web/log-format: holds \"iso\": tai64n or rfc3339 is wanted",
                        "ERROR web/service/down-signal: holds \"TREM\": a signal is a name such as TERM or SIGTERM, or"
                                + " a number from 1 to 64",
                        "ERROR web/service/eager: holds \"perhaps\": a flag is an empty file, or holds yes or no",
                        "ERROR web/service/limits/nofile: holds \"lots\": a limit is a number or unlimited, or two of"
                                + " them as in 1024:4096",
                        "ERROR web/service/notification-fd: holds \"x\": a number from 0 to 1000000 is wanted",
                        "ERROR web/service/root: holds \"jail\": a path starts with / here",
                        "ERROR web/service/timeout-up: holds \"90x\": a duration is a number with ms, s, m or h, such"
                                + " as 500ms or 90s (a bare number is milliseconds)",
                        "ERROR web/service/umask: holds \"999\": permissions are octal digits from 0 to 0777, such as"
                                + " 0660",
                        "ERROR web/service/user: holds \"a\\nb\": one line is wanted");
    }

    @Test
    void wantsSomethingToRun() {
        tree.dir("web/service");
        assertThat(Tree.problems(tree.read("web")))
                .containsExactly(
                        "ERROR web/service/run: does not exist, nor does web/service/start, so there is nothing to"
                                + " run");
        assertThat(tree.read("web").problems().get(0).remedy()).contains("chmod +x " + tree.path("web/service/run"));
    }

    @Test
    void wantsScriptsThatCanBeExecuted() {
        tree.file("web/service/run", "#!/bin/sh\n").dir("web/service/start").file("web/service/stop", "");
        tree.link("web/service/finish", "nowhere");
        assertThat(Tree.problems(tree.read("web")))
                .containsExactly(
                        "ERROR web/service/finish: cannot be read: it leads to nothing",
                        "ERROR web/service/run: is not executable (mode 0644)",
                        "ERROR web/service/start: is a directory, but must be an executable file",
                        "ERROR web/service/stop: is not executable (mode 0644)");
        assertThat(tree.read("web").problems().get(1).remedy()).isEqualTo("chmod +x " + tree.path("web/service/run"));
    }

    @Test
    void knowsOneShotsAndTargets() {
        tree.script("once/service/start").dir("target/wants").script("daemon/service/run");
        assertThat(tree.read("once").isOneShot()).isTrue();
        assertThat(tree.read("once").isTarget()).isFalse();
        assertThat(tree.read("target").isTarget()).isTrue();
        assertThat(tree.read("daemon").isOneShot()).isFalse();
        assertThat(tree.read("once").problems()).isEmpty();
    }

    @Test
    void suggestsTheNameThatWasMeant() {
        tree.script("web/service/run").file("web/service/timeout-upp", "1s").file("web/srevice", "");
        tree.file("web/README.md", "# Web\n")
                .file("web/user", "nobody")
                .file("web/service/limits/nofiles", "1")
                .file("web/service/run~", "");
        assertThat(tree.read("web").problems())
                .extracting(Problem::toString)
                .containsExactlyInAnyOrder(
                        "web/service/limits/nofiles: is not read: there is no setting of this name (did you mean"
                                + " nofile?)",
                        "web/service/run~: is not read: it looks like a copy that an editor or a package made",
                        "web/service/timeout-upp: is not read: there is no setting of this name (did you mean"
                                + " timeout-up?)",
                        "web/srevice: is not read: there is no setting of this name (did you mean service?)",
                        "web/user: is not read here (move it into web/service)");
        assertThat(tree.read("web").isSound()).isTrue();
    }

    @Test
    void reportsFilesForDirectoriesAndTheReverse() {
        tree.file("web/service", "").file("web/sockets", "").file("web/log", "");
        tree.script("db/service/run").dir("db/service/user").file("db/service/env", "A=b");
        assertThat(Tree.problems(tree.read("web")))
                .containsExactly(
                        "ERROR web/log: must be a symbolic link to the bundle that takes the output",
                        "ERROR web/service: is a file, but must be a directory",
                        "ERROR web/sockets: is a file, but must be a directory");
        assertThat(Tree.problems(tree.read("db")))
                .containsExactly(
                        "ERROR db/service/env: is a file, but must be a directory",
                        "ERROR db/service/user: is a directory, but must be a file");
    }

    @Test
    void takesADirectoryRelativeToTheService() {
        tree.script("web/service/run").file("web/service/directory", "../data\n");
        assertThat(service().place().directory()).isEqualTo(tree.path("web/data"));
    }

    @Test
    void readsNoSettingOfMoreThan64Kib() {
        tree.script("web/service/run").file("web/service/user", "x".repeat(70_000));
        assertThat(Tree.problems(tree.read("web")))
                .containsExactly("ERROR web/service/user: holds more than 64 KiB, which is too much for a setting");
    }
}

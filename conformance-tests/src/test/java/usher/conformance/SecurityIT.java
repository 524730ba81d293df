package usher.conformance;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** One test for each way in that is closed; forged messages are SdNotifyIT's, refused bundles TrustTest's. */
final class SecurityIT {
    /** Asks the control socket for the status and prints what comes back; exits with 3 if it may not even connect. */
    private static final String ASKING = "use Socket; socket(my $s, PF_UNIX, SOCK_STREAM, 0) or die; "
            + "connect($s, pack_sockaddr_un($ARGV[0])) or exit 3; $SIG{PIPE} = 'IGNORE'; "
            + "syswrite $s, \"usher 1\\nstatus\\n--format=text\\n--\\n\\n\"; print while <$s>;";

    @RegisterExtension
    final Launcher launcher = new Launcher();

    private Result askAs(String... identity) {
        List<String> words = new ArrayList<>(List.of("setpriv"));
        words.addAll(List.of(identity));
        words.addAll(List.of(
                "perl", "-e", ASKING, launcher.runDirectory().resolve("control").toString()));
        return Result.of(launcher.marked(words), Await.GENEROUS);
    }

    private void runWithStrangers(String... options) {
        assumeTrue(Scenario.isRoot(), "needs root, to be somebody else");
        launcher.bundle("web").runsIdle();
        List<String> all = new ArrayList<>(List.of(
                "--bundles",
                launcher.bundles().toString(),
                "--run-dir",
                launcher.runDirectory().toString(),
                "--log-dir",
                launcher.logs().toString()));
        all.addAll(List.of(options));
        launcher.options(all.toArray(String[]::new));
        launcher.run();
    }

    @Test
    void anotherUserCannotConnectAndIsNotAnsweredWhenTheModeIsWrong() {
        runWithStrangers();
        assertThat(askAs("--reuid=nobody", "--regid=nogroup", "--clear-groups").exit())
                .isEqualTo(3);

        Tree.mode(launcher.runDirectory().resolve("control"), "rw-rw-rw-");

        Result answer = askAs("--reuid=nobody", "--regid=nogroup", "--clear-groups");
        assertThat(answer.exit()).isZero();
        assertThat(answer.out())
                .startsWith("2usher: control: is not for you")
                .endsWith("01\n")
                .doesNotContain("web");
        assertThat(askAs("--reuid=0").out()).contains("web");
    }

    /** As where the directory is the user's own, below the temporary directory. */
    @Test
    void whoMayNotLookIsNotToldThatNoLauncherRuns() {
        runWithStrangers();
        Tree.mode(launcher.runDirectory(), "rwx------");

        launcher.startThrough("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups");
        Result status = launcher.usher("status");
        launcher.startThrough();

        assertThat(status.exit()).as("%s", status).isEqualTo(1);
        assertThat(status.err()).containsIgnoringCase("permission denied");
    }

    @Test
    void membersOfTheControlGroupAreAnsweredAndNobodyElse() {
        runWithStrangers("--control-group", "games");
        String games = Result.of(launcher.marked(List.of("getent", "group", "games")), Await.GENEROUS)
                .out()
                .split(":", -1)[2];

        assertThat(askAs("--reuid=nobody", "--regid=nogroup", "--groups=" + games)
                        .out())
                .contains("web");
        assertThat(askAs("--reuid=nobody", "--regid=nogroup", "--clear-groups").exit())
                .isEqualTo(3);
    }

    @Test
    void nothingInTheRunDirectoryIsWritableForOthersNorTheControlSocketReadable() throws IOException {
        launcher.bundle("web").runsIdle().socket("tcp", "127.0.0.1:" + launcher.freePort());
        launcher.run();

        // What is there for a moment only may be gone before find(1) has looked at it.
        String find = "find " + launcher.runDirectory() + " -ignore_readdir_race -not -type l -printf '%M %P\\n'";
        Map<String, String> modes = Result.of(launcher.marked(List.of("sh", "-c", find)), Await.GENEROUS)
                .out()
                .lines()
                .map(line -> line.split(" ", 2))
                .collect(toMap(words -> words[1], words -> words[0]));
        assertThat(modes).allSatisfy((name, mode) -> assertThat(mode).as(name).matches("[a-z-]r..[r-]-[x-][r-]-[x-]"));
        assertThat(modes).containsEntry("control", "srw-------").containsEntry("lock", "-rw-------");
    }

    @Test
    void aRunDirectoryThatSomebodyElseHasMadeIsRefused() throws IOException {
        assumeTrue(Scenario.isRoot(), "needs root, to make something for somebody else");
        launcher.bundle("web").runsIdle();
        Files.createDirectory(launcher.runDirectory());
        Files.setAttribute(launcher.runDirectory(), "unix:uid", 1);

        Result run = launcher.usher("run");

        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.err()).contains("usher: " + launcher.runDirectory() + ": belongs to user 1");
    }

    @Test
    void aRunDirectoryThatEverybodyMayWriteToIsRefused() throws IOException {
        launcher.bundle("web").runsIdle();
        Files.createDirectory(launcher.runDirectory());
        Tree.mode(launcher.runDirectory(), "rwxrwxrwx");

        Result run = launcher.usher("run");

        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.err()).contains("is writable for others, mode 0777");
    }

    @Test
    void linksInTheRunDirectoryAreNotFollowed() throws IOException {
        Path victim = Files.writeString(launcher.directory().resolve("victim"), "untouched\n");
        Files.createDirectories(launcher.runDirectory().resolve("log/launcher"));
        Files.createSymbolicLink(launcher.runDirectory().resolve("log/launcher/current"), victim);
        Files.createSymbolicLink(launcher.runDirectory().resolve("launcher.pid"), victim);
        Files.createSymbolicLink(launcher.runDirectory().resolve("logs"), launcher.directory());
        launcher.bundle("web").runsIdle();
        launcher.run();

        assertThat(victim).hasContent("untouched\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(victim)))
                .isEqualTo("rw-r--r--");
        assertThat(launcher.runDirectory().resolve("launcher.pid")).isRegularFile();
        assertThat(Files.readSymbolicLink(launcher.runDirectory().resolve("logs")))
                .isEqualTo(launcher.logs());
    }

    @Test
    void aLockThatIsALinkIsRefused() throws IOException {
        Path victim = launcher.directory().resolve("victim");
        Files.createDirectory(launcher.runDirectory());
        Files.createSymbolicLink(launcher.runDirectory().resolve("lock"), victim);
        launcher.bundle("web").runsIdle();

        Result run = launcher.usher("run");

        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.err()).contains("lock");
        assertThat(victim).doesNotExist();
    }

    @Test
    void aLogThatIsALinkIsNotWrittenTo() throws IOException {
        Path victim = Files.writeString(launcher.directory().resolve("victim"), "untouched\n");
        Files.createDirectories(launcher.logs().resolve("web"));
        Files.createSymbolicLink(launcher.logs().resolve("web/current"), victim);
        launcher.bundle("web").run("#!/bin/sh\necho said\nexec sleep 600");
        launcher.run();

        Path spare = launcher.runDirectory().resolve("log/web/current");
        Await.until("it is heard elsewhere", Await.GENEROUS, () -> {
            try {
                return Files.exists(spare) && Files.readString(spare).contains("said");
            } catch (IOException notYet) {
                return false;
            }
        });
        assertThat(victim).hasContent("untouched\n");
    }

    @Test
    void hostileNamesNeitherReachTheTerminalNorAnythingElse() throws IOException {
        String hostile = "evil\u001b[31m\nroot";
        Files.createDirectories(launcher.bundles().resolve(hostile).resolve("service"));
        launcher.bundle("a b'\"$(touch " + "pwned)`*;&|<>\\").runsIdle();
        String longest = "n".repeat(250);
        launcher.bundle(longest).runsIdle();
        Path told = launcher.directory().resolve("told");
        launcher.bundle("-rf").run("#!/bin/sh\necho \"$0\" >" + told + "\nexec sleep 600");
        launcher.run();

        Result check = launcher.usher("check");
        assertThat(check.out() + check.err()).contains("evil\\u001b[31m\\nroot").doesNotContain("\u001b");
        assertThat(launcher.status(longest).state()).isEqualTo("up");
        assertThat(launcher.status("a b'\"$(touch pwned)`*;&|<>\\").state()).isEqualTo("up");
        assertThat(launcher.usher("stop", "--", "-rf").exit()).isIn(0, 2, 4);
        assertThat(launcher.directory().resolve("pwned")).doesNotExist();
        assertThat(launcher.processes("sleep")).isNotEmpty();
    }
}

package usher.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What daemons say to NOTIFY_SOCKET, and what strangers say. */
final class SdNotifyIT {
    /** Sends messages, with a descriptor if one is named: {@code sendmsg(2)} by its number, for perl has no other way. */
    private static final String SPEAKING = """
            #!/usr/bin/perl
            use strict;
            use warnings;
            use Socket;
            (my $name = $ENV{NOTIFY_SOCKET}) =~ s/^@/\\0/;
            sub say_this {
                my ($text, @descriptors) = @_;
                socket(my $s, PF_UNIX, SOCK_DGRAM, 0) or die;
                my $address = pack('S', AF_UNIX) . $name;
                my $vector = pack('PQ', $text, length $text);
                my $control = @descriptors ? pack('Qiiix4', 20, 1, 1, $descriptors[0]) : '';
                my $message = pack('PLx4PQPQix4', $address, length $address, $vector, 1,
                        @descriptors ? ($control, 24) : (undef, 0), 0);
                syscall(46, fileno $s, $message, 0) >= 0 or die "sendmsg: $!";
            }
            """;

    @RegisterExtension
    final Launcher launcher = new Launcher();

    private Bundle daemon(String script) {
        return launcher.bundle("daemon").run(SPEAKING + script).flag("service/sd-notify");
    }

    @Test
    void isUpOnceItSaysThatItIsReady() throws IOException {
        Path go = launcher.directory().resolve("go");
        daemon("say_this('STATUS=loading'); select(undef, undef, undef, 0.01) until -e '" + go
                + "'; say_this(\"READY=1\\nSTATUS=serving \\tall\"); sleep 600;");
        launcher.runUntil("daemon", "starting");
        Await.until(
                "its status is told",
                Await.GENEROUS,
                () -> launcher.usher("status", "daemon").out().contains("loading"));

        Files.createFile(go);

        launcher.awaitState("daemon", "up");
        assertThat(launcher.usher("status", "daemon").out()).contains("serving  all");
    }

    /** As where a shell has systemd-notify speak for it: nothing is left of the sender when its message is heard. */
    @Test
    void hearsAProcessThatIsGoneByThen() throws IOException {
        Cgroup2.assumeWritable();
        Runtime.Version linux = Runtime.Version.parse(
                Files.readString(Path.of("/proc/sys/kernel/osrelease")).replaceFirst("[^0-9.].*\\s", ""));
        assumeTrue(
                linux.compareTo(Runtime.Version.parse("6.17")) >= 0,
                "needs Linux 6.17, which says of what group such a process was");
        Path go = launcher.directory().resolve("go");
        Path gone = launcher.directory().resolve("gone");
        daemon("select(undef, undef, undef, 0.01) until -e '" + go + "';"
                + " if (!fork) { say_this('READY=1'); exit } wait; open(my $f, '>', '" + gone + "'); sleep 600;");
        launcher.runUntil("daemon", "starting");
        Kernel busy = new Kernel(launcher.launcherPid());
        busy.signal("STOP");
        Files.createFile(go);
        Await.until("the sender is gone", Await.GENEROUS, () -> Files.exists(gone));
        busy.signal("CONT");

        launcher.awaitState("daemon", "up");
    }

    @Test
    void failsTheStartIfItIsNotReadyInTime() {
        daemon("sleep 600;").file("service/timeout-up", "300ms");
        launcher.runUntil("daemon", "failed");

        assertThat(launcher.status("daemon").lastExit()).hasToString("{signal=TERM}");
    }

    @Test
    void mayAskForMoreTime() {
        daemon(
                        "say_this('EXTEND_TIMEOUT_USEC=60000000'); select(undef, undef, undef, 1.2); say_this('READY=1'); sleep 600;")
                .file("service/timeout-up", "600ms");
        launcher.run();

        assertThat(launcher.status("daemon")).returns("up", BundleStatus::state).returns(1, BundleStatus::starts);
    }

    @Test
    void isStartedAgainWhenItsSignOfLifeStaysAway() {
        daemon("say_this(\"READY=1\\nWATCHDOG_USEC=300000\"); sleep 600;");
        launcher.start();

        Await.until(
                "another one has been started",
                Await.GENEROUS,
                () -> launcher.status("daemon").starts() > 1);
        assertThat(launcher.status("daemon").lastExit()).hasToString("{signal=TERM}");
    }

    /** Whose child it is does not matter, nor whether anybody waits for it. */
    @Test
    void tellsFinishHowTheMainProcessThatItNamedHasEnded() throws IOException {
        Path told = launcher.directory().resolve("told");
        daemon("my $main = fork; if (!$main) { sleep 1; exit 17 } say_this(\"MAINPID=$main\\nREADY=1\"); sleep 600;")
                .executable("service/finish", "#!/bin/sh\necho $1 $2 $3 >>" + told + "\nexit 125");
        launcher.run();
        launcher.awaitState("daemon", "failed");

        assertThat(Files.readString(told)).isEqualTo("17 0 daemon\n");
        assertThat(launcher.status("daemon").lastExit()).hasToString("{exit=17.0}");
    }

    @Test
    void showsAgainWhatItSaidBeforeItReloaded() throws IOException {
        Path reload = launcher.directory().resolve("reload");
        Path ready = launcher.directory().resolve("ready");
        daemon("say_this(\"READY=1\\nSTATUS=serving all\"); select(undef, undef, undef, 0.01) until -e '" + reload
                + "'; say_this('RELOADING=1'); select(undef, undef, undef, 0.01) until -e '" + ready
                + "'; say_this('READY=1'); sleep 600;");
        launcher.runUntil("daemon", "up");
        Files.createFile(reload);
        awaitSaid("reloading: serving all");
        Files.createFile(ready);
        awaitSaid("  serving all");
    }

    private void awaitSaid(String words) {
        Await.until(
                "status says: " + words,
                Await.GENEROUS,
                () -> launcher.usher("status", "daemon").out().contains(words));
    }

    @Test
    void getsTheDescriptorsBackThatItStored() throws IOException {
        Path told = launcher.directory().resolve("told");
        int port = launcher.freePort();
        daemon("""
                open(my $told, '>>', '%s'); $told->autoflush(1);
                print $told "$ENV{LISTEN_FDNAMES} ";
                if ($ENV{LISTEN_FDNAMES} eq 'tcp') {
                    pipe(my $r, my $w); syswrite($w, "remembered\\n");
                    say_this("FDSTORE=1\\nFDNAME=memory", fileno $r);
                    my ($r2, $w2); pipe($r2, $w2); say_this('BARRIER=1', fileno $w2); close $w2; sysread($r2, my $x, 1);
                } else {
                    open(my $memory, '<&=', 4); print $told scalar <$memory>;
                }
                say_this('READY=1');
                sleep 600;
                """.formatted(told)).socket("tcp", "127.0.0.1:" + port);
        launcher.run();
        assertThat(launcher.usher("start", "--now", "daemon").exit()).isZero();
        assertThat(launcher.usher("restart", "daemon").exit()).isZero();

        assertThat(Files.readString(told)).isEqualTo("tcp tcp:memory remembered\n");

        assertThat(launcher.usher("stop", "daemon").exit()).isZero();
        assertThat(launcher.usher("start", "--now", "daemon").exit()).isZero();
        assertThat(Files.readString(told)).as("a stop forgets what was stored").endsWith("remembered\ntcp ");
    }

    @Test
    void getsOnlySoManyStoredDescriptorsAsFitBelowThatOfReadiness() throws IOException {
        Path told = launcher.directory().resolve("told");
        daemon("""
                open(my $told, '>>', '%s'); $told->autoflush(1);
                print $told "$ENV{LISTEN_FDS} $ENV{LISTEN_FDNAMES}";
                if ($ENV{LISTEN_FDS} == 1) {
                    for my $name ('one', 'two') {
                        pipe(my $r, my $w); syswrite($w, "$name\n");
                        say_this("FDSTORE=1\nFDNAME=$name", fileno $r);
                    }
                    my ($r2, $w2); pipe($r2, $w2); say_this('BARRIER=1', fileno $w2); close $w2; sysread($r2, my $x, 1);
                }
                for my $number (4 .. 2 + $ENV{LISTEN_FDS}) {
                    open(my $memory, '<&=', $number); print $told ' ', (<$memory> // "over\n") =~ s/\n//r;
                }
                print $told "\n";
                if ($ENV{LISTEN_FDS} < 3) {
                    open(my $ready, '>&=', 5); syswrite($ready, "\n");
                } else {
                    say_this('READY=1');
                }
                sleep 600;
                """.formatted(told))
                .file("service/notification-fd", "5")
                .socket("s", "127.0.0.1:" + launcher.freePort());
        launcher.run();
        assertThat(launcher.usher("start", "--now", "daemon").exit()).isZero();
        assertThat(launcher.usher("restart", "daemon").exit()).isZero();

        assertThat(Files.readString(told)).isEqualTo("1 s\n2 s:one one\n");
        assertThat(launcher.standardError())
                .contains("daemon: stored descriptors are not passed: two: there is no room for them below 5");

        Files.delete(launcher.bundles().resolve("daemon/service/notification-fd"));
        assertThat(launcher.usher("restart", "daemon").exit()).isZero();
        assertThat(Files.readString(told)).endsWith("\n3 s:one:two over two\n");
    }

    @Test
    void aStopForgetsWhatADaemonWithoutSocketsStored() throws IOException {
        Path told = launcher.directory().resolve("told");
        daemon("""
                open(my $told, '>>', '%s'); $told->autoflush(1);
                print $told ($ENV{LISTEN_FDNAMES} // 'nothing'), ' ';
                pipe(my $r, my $w); say_this("FDSTORE=1\\nFDNAME=memory", fileno $r);
                my ($r2, $w2); pipe($r2, $w2); say_this('BARRIER=1', fileno $w2); close $w2; sysread($r2, my $x, 1);
                say_this('READY=1');
                sleep 600;
                """.formatted(told));
        launcher.runUntil("daemon", "up");
        assertThat(launcher.usher("stop", "daemon").exit()).isZero();
        assertThat(launcher.usher("start", "daemon").exit()).isZero();

        assertThat(Files.readString(told)).isEqualTo("nothing nothing ");
    }

    @Test
    void doesNotListenToStrangers() throws IOException {
        Path address = launcher.directory().resolve("address");
        daemon("open(my $a, '>', '" + address + ".new'); print $a $ENV{NOTIFY_SOCKET}; close $a; rename('" + address
                + ".new', '" + address + "'); sleep 600;");
        launcher.runUntil("daemon", "starting");
        Await.until("the daemon has told its address", Await.GENEROUS, () -> Files.exists(address));
        Path speaking = launcher.directory().resolve("stranger.pl");
        Files.writeString(speaking, SPEAKING + "say_this('READY=1');");

        ProcessBuilder stranger = launcher.marked(java.util.List.of("perl", speaking.toString()));
        stranger.environment().put("NOTIFY_SOCKET", Files.readString(address));
        assertThat(Result.of(stranger, Await.GENEROUS).exit()).isZero();

        Path log = launcher.runDirectory().resolve("log/launcher/current");
        Await.until("the launcher says that it heard it", Await.GENEROUS, () -> {
            try {
                return Files.readString(log).contains("came from none of its daemons");
            } catch (IOException notYet) {
                return false;
            }
        });
        assertThat(launcher.status("daemon").state()).isEqualTo("starting");
    }

    @Test
    void followsTheProcessThatItNamesAsTheMainOne() {
        daemon("""
                if (my $child = fork) {
                    say_this("MAINPID=$child\nREADY=1"); exit 0;
                }
                exec 'sleep', '600';
                """);
        launcher.run();
        Kernel child = Await.value(
                        "it sleeps", Await.GENEROUS, () -> launcher.processes("sleep"), list -> list.size() == 1)
                .get(0);
        launcher.awaitState("daemon", "up");
        assertThat(launcher.status("daemon"))
                .returns(child.pid(), BundleStatus::pid)
                .returns(1, BundleStatus::starts);

        assertThat(launcher.usher("signal", "USR1", "daemon").exit()).isZero();

        Await.until(
                "its end was that of the daemon",
                Await.GENEROUS,
                () -> launcher.status("daemon").starts() > 1);
        assertThat(launcher.status("daemon").lastExit()).hasToString("{signal=USR1}");
    }

    @Test
    void doesNotFollowAProcessOfSomebodyElse() throws IOException {
        launcher.bundle("other").runsIdle();
        daemon("say_this(\"MAINPID=1\"); say_this(\"MAINPID=\" . getppid); say_this('READY=1'); sleep 600;");
        launcher.run();

        assertThat(launcher.status("daemon")).returns("up", BundleStatus::state);
        assertThat(ProcessHandle.of(launcher.status("daemon").pid())
                        .orElseThrow()
                        .parent())
                .map(ProcessHandle::pid)
                .contains(
                        Long.parseLong(Files.readString(launcher.runDirectory().resolve("launcher.pid"))
                                .strip()));
        assertThat(launcher.standardError()).contains("daemon: says MAINPID=1, which is no process of its");
    }
}

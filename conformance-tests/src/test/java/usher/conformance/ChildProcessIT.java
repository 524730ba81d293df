package usher.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What a daemon finds once its {@code run} has become the program it is, as the kernel tells it from outside:
 * descriptors, limits, signals, identity, place and environment, and nothing that the launcher or its caller left lying.
 *
 * <pre>
 * passed/    handover listen-fds: sockets/{a-tcp,b-udp,c-unix}
 * inherited/ handover stdin: sockets/tcp
 * accepted/  accept: sockets/tcp
 * </pre>
 */
final class ChildProcessIT {
    private static final String NOBODY = "65534";
    private static final String NO_SIGNALS = "0".repeat(16);
    private static final String TIDY = "ulimit -S -n 777; exec \"$0\" \"$@\"";
    private static final String UNTIDY = "ulimit -S -n 777; umask 077; trap '' HUP USR1 PIPE TERM;"
            + " exec 5</etc/passwd 9>/dev/null; exec \"$0\" \"$@\"";
    private static final Map<String, String> LEFT_OVERS = Map.of(
            "LISTEN_FDNAMES", "stray",
            "NOTIFY_SOCKET", "/nowhere",
            "WATCHDOG_USEC", "1",
            "USHER_STRAY", "1",
            "LC_ALL", "POSIX",
            "KEPT", "as it was");

    @RegisterExtension
    final Launcher launcher = new Launcher();

    private final int tcp = launcher.freePort();
    private final int udp = launcher.freePort();
    private final int inherited = launcher.freePort();
    private final int accepted = launcher.freePort();

    @ParameterizedTest(name = "launcher started {0}, daemons as {1}")
    @CsvSource({"tidily, the same user", "untidily, the same user", "tidily, nobody", "untidily, nobody"})
    void findsTheDescriptorsAndTheRestOfTheContract(String how, String user) throws IOException {
        boolean other = user.equals("nobody");
        if (other) {
            Needs.root();
        }
        launcher.startThrough("sh", "-c", how.equals("tidily") ? TIDY : UNTIDY);
        launcher.environment(LEFT_OVERS);
        idle("passed", other)
                .socket("a-tcp", "127.0.0.1:" + tcp)
                .socket("b-udp", "udp:127.0.0.1:" + udp)
                .socket("c-unix", launcher.directory().resolve("c.sock").toString());
        idle("inherited", other)
                .file("sockets/tcp/listen", "127.0.0.1:" + inherited)
                .file("sockets/tcp/handover", "stdin");
        idle("accepted", other)
                .file("sockets/tcp/listen", "127.0.0.1:" + accepted)
                .flag("sockets/tcp/accept");
        launcher.run();

        try (Socket first = Client.connect(tcp);
                Socket second = Client.connect(inherited);
                Socket third = Client.connect(accepted)) {
            assertThat(first.isConnected() && second.isConnected()).isTrue();
            checkPassed(idling("passed"), other);
            checkInherited(idling("inherited"), other);
            checkAccepted(idling("accepted"), third.getLocalPort(), other);
        }
    }

    private Bundle idle(String name, boolean asNobody) {
        Bundle bundle = launcher.bundle(name).runsIdle().file("service/env/BUNDLE", name);
        return asNobody ? bundle.file("service/user", "nobody") : bundle;
    }

    /** The process of a bundle once it is the program that {@code run} ends in. */
    private Kernel idling(String bundle) {
        List<Kernel> processes = Await.value(
                bundle + " runs",
                Await.GENEROUS,
                () -> launcher.processes("sleep").stream()
                        .filter(process -> bundle.equals(process.environment().get("BUNDLE")))
                        .toList(),
                found -> !found.isEmpty());
        assertThat(processes).hasSize(1);
        Await.until(
                bundle + " has loaded what it is linked to",
                Await.GENEROUS,
                () -> processes.get(0).descriptors().values().stream().noneMatch(name -> name.contains(".so")));
        return processes.get(0);
    }

    private void checkPassed(Kernel process, boolean other) {
        assertThat(process.descriptors())
                .containsOnlyKeys(0, 1, 2, 3, 4, 5)
                .containsEntry(0, "/dev/null")
                .containsEntry(3, listener(tcp))
                .containsEntry(4, listener(udp))
                .hasEntrySatisfying(5, unix -> assertThat(unix).startsWith("socket:"));
        assertThat(process.environment())
                .containsEntry("LISTEN_FDS", "3")
                .containsEntry("LISTEN_FDNAMES", "a-tcp:b-udp:c-unix")
                .containsEntry("LISTEN_PID", Long.toString(process.pid()));
        assertThat(launcher.status("passed").pid()).isEqualTo(process.pid());
        checkOrdinary(process, "passed", other);
    }

    private void checkInherited(Kernel process, boolean other) {
        assertThat(process.descriptors()).containsOnlyKeys(0, 1, 2).containsEntry(0, listener(inherited));
        assertThat(process.environment()).doesNotContainKeys("LISTEN_FDS", "LISTEN_PID", "LISTEN_FDNAMES");
        assertThat(launcher.status("inherited").pid()).isEqualTo(process.pid());
        checkOrdinary(process, "inherited", other);
    }

    private void checkAccepted(Kernel process, int peerPort, boolean other) {
        Map<Integer, String> descriptors = process.descriptors();
        assertThat(descriptors).containsOnlyKeys(0, 1, 2);
        assertThat(descriptors.get(0)).startsWith("socket:").isNotEqualTo(listener(accepted));
        assertThat(descriptors.get(1))
                .as("the connection is standard output too")
                .isEqualTo(descriptors.get(0));
        assertThat(descriptors.get(2)).as("errors go to the log").isNotEqualTo(descriptors.get(0));
        assertThat(process.environment())
                .containsEntry("PROTO", "TCP")
                .containsEntry("TCPLOCALIP", "127.0.0.1")
                .containsEntry("TCPLOCALPORT", Integer.toString(accepted))
                .containsEntry("TCPREMOTEIP", "127.0.0.1")
                .containsEntry("TCPREMOTEPORT", Integer.toString(peerPort))
                .containsEntry("REMOTE_ADDR", "127.0.0.1")
                .containsEntry("REMOTE_PORT", Integer.toString(peerPort))
                .doesNotContainKeys("LISTEN_FDS", "LISTEN_PID", "LISTEN_FDNAMES");
        assertThat(launcher.status("accepted"))
                .returns("up", BundleStatus::state)
                .returns(1, BundleStatus::instances);
        checkOrdinary(process, "accepted", other);
    }

    /** What holds for every process, whatever it was handed. */
    private void checkOrdinary(Kernel process, String bundle, boolean other) {
        assertThat(process.descriptors().keySet())
                .as("blocking, not close-on-exec")
                .allMatch(process::isBlocking)
                .noneMatch(process::closesOnExec);
        assertThat(process.status("SigBlk")).as("blocked signals of %s", bundle).isEqualTo(NO_SIGNALS);
        assertThat(process.status("SigIgn")).as("ignored signals of %s", bundle).isEqualTo(NO_SIGNALS);
        assertThat(process.openFilesLimit().get(0))
                .as("open files of %s", bundle)
                .isEqualTo("777");
        assertThat(process.openFilesLimit().get(1))
                .as("hard limit of %s", bundle)
                .isEqualTo(hardLimit());
        assertThat(process.status("Umask")).as("umask of %s", bundle).isEqualTo("0022");
        assertThat(process.session()).as("session of %s", bundle).isEqualTo(process.pid());
        assertThat(process.workingDirectory())
                .isEqualTo(launcher.bundles().resolve(bundle).resolve("service"));
        assertThat(process.environment())
                .containsEntry("KEPT", "as it was")
                .containsEntry(
                        "PATH", launcher.marked(List.of("true")).environment().get("PATH"))
                .doesNotContainKeys("NOTIFY_SOCKET", "WATCHDOG_USEC", "USHER_STRAY");
        if (other) {
            assertThat(process.status("Uid").split("\\s+")).containsOnly(NOBODY);
            assertThat(process.status("Gid").split("\\s+")).containsOnly(NOBODY);
            assertThat(process.status("Groups"))
                    .as("other groups of %s", bundle)
                    .isIn("", NOBODY);
        }
    }

    private String hardLimit() {
        return Result.of(launcher.marked(List.of("sh", "-c", "ulimit -H -n")), Await.GENEROUS)
                .out()
                .trim();
    }

    private static String listener(int port) {
        return Ports.listener(port)
                .map(inode -> "socket:[" + inode + "]")
                .orElseThrow(() -> new AssertionError("nobody listens on port " + port));
    }

    @Test
    void hasTheVariablesOfItsEnvdirAndNotThoseThatAreUnsetThere() {
        launcher.environment(Map.of("DROPPED", "x", "REPLACED", "x", "KEPT", "as it was"));
        launcher.bundle("daemon")
                .runsIdle()
                .file("service/env/BUNDLE", "daemon")
                .file("service/env/REPLACED", "first line\nsecond line")
                .flag("service/env/DROPPED");
        launcher.run();

        assertThat(idling("daemon").environment())
                .containsEntry("REPLACED", "first line")
                .containsEntry("KEPT", "as it was")
                .doesNotContainKeys("DROPPED", "LC_ALL");
    }

    @Test
    void worksInTheDirectoryItsBundleNames() {
        launcher.bundle("daemon")
                .runsIdle()
                .file("service/env/BUNDLE", "daemon")
                .file("service/directory", launcher.directory().toString());
        launcher.run();

        assertThat(idling("daemon").workingDirectory()).isEqualTo(launcher.directory());
    }
}

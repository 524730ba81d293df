package usher.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What {@code finish} does after the process of a connection. */
final class AcceptFinishIT {
    /** Says its number, then does as the peer says. */
    private static final String OBEYING = "#!/bin/sh\necho $$\nread word\neval \"$word\"";

    /** Writes its arguments down. */
    private static final String TELLING = "#!/bin/sh\necho $1 $2 $3 $4 >> told\n";

    @RegisterExtension
    final Launcher launcher = new Launcher();

    private final int port = launcher.freePort();

    private Bundle service(String finish) {
        return launcher.bundle("greeter")
                .run(OBEYING)
                .executable("service/finish", finish)
                .file("sockets/tcp/listen", "127.0.0.1:" + port)
                .flag("sockets/tcp/accept");
    }

    /** Has one process do this, and says which it was. */
    private String visit(String word) throws IOException {
        try (Socket socket = Client.connectFrom(2, port)) {
            String pid = line(socket);
            socket.getOutputStream().write((word + "\n").getBytes(StandardCharsets.UTF_8));
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
            return pid;
        }
    }

    private static String line(Socket socket) throws IOException {
        return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8)).readLine();
    }

    private List<String> told() {
        Path told = launcher.bundles().resolve("greeter/service/told");
        return Files.exists(told) ? read(told) : List.of();
    }

    private static List<String> read(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A named pipe in the service's directory. */
    private Path gate() {
        Path gate = launcher.bundles().resolve("greeter/service/gate");
        Result made = Result.of(launcher.marked(List.of("mkfifo", gate.toString())), Await.GENEROUS);
        assertThat(made.exit()).as("%s", made).isZero();
        return gate;
    }

    private void awaitTold(String... lines) {
        Await.until("finish has told", Await.GENEROUS, () -> told().equals(List.of(lines)));
    }

    private void awaitInstances(int count) {
        Await.until(
                count + " instances",
                Await.GENEROUS,
                () -> launcher.status("greeter").instances() == count);
    }

    @Test
    void learnsHowEachProcessEndedAndItsGroup() throws IOException {
        service(TELLING);
        launcher.run();
        String exited = visit("exit 3");
        awaitTold("3 0 greeter " + exited);
        String killed = visit("kill -9 $$");
        awaitTold("3 0 greeter " + exited, "256 9 greeter " + killed);
        awaitInstances(0);
    }

    /** Neither its exit nor its time-out keeps anybody else from being served. */
    @Test
    void countsAsTheConnectionUntilItHasEndedAndIsEndedAfterItsTimeOut() throws IOException {
        service(TELLING + "exec sleep 1000")
                .file("service/timeout-finish", "2s")
                .file("sockets/tcp/max-connections", "1");
        launcher.run();
        String first = visit("exit");
        awaitTold("0 0 greeter " + first);
        assertThat(launcher.status("greeter").instances()).isOne();
        String second = visit("exit");
        awaitTold("0 0 greeter " + first, "0 0 greeter " + second);
        assertThat(launcher.usher("status", "greeter").exit()).isZero();
        assertThat(launcher.status("greeter").starts()).isEqualTo(2);
    }

    @Test
    void isWaitedForByAStopAndNotSignalled() throws IOException {
        service("#!/bin/sh\nread go < gate\necho $1 $2 $3 $4 >> told");
        Path gate = gate();
        launcher.run();
        String pid = visit("exit 1");
        Await.until(
                "finish waits",
                Await.GENEROUS,
                () -> launcher.processes("finish").size() == 1);
        assertThat(launcher.usher("stop", "--no-wait", "greeter").exit()).isZero();
        launcher.awaitState("greeter", "stopping");
        Files.writeString(gate, "go\n");
        launcher.awaitState("greeter", "down");
        assertThat(told()).containsExactly("1 0 greeter " + pid);
    }

    @Test
    void runsUnderTheNextLauncherIfThatOfTheProcessWasKilled() throws IOException {
        service("#!/bin/sh\nread go < gate\n" + TELLING.substring(10));
        Path gate = gate();
        launcher.run();
        String pid;
        try (Socket socket = Client.connectFrom(2, port)) {
            pid = line(socket);
            awaitInstances(1); // it may speak before it is written down
            launcher.killOutright();
            awaitInstances(1);
            // This one's process ends while nobody looks.
            new Kernel(launcher.launcherPid()).signal("STOP");
            socket.getOutputStream().write("exit 0\n".getBytes(StandardCharsets.UTF_8));
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
            launcher.killOutright();
        }
        Await.until(
                "finish waits",
                Await.GENEROUS,
                () -> launcher.processes("finish").size() == 1);
        awaitInstances(1);
        launcher.killOutright();
        awaitInstances(1);
        Files.writeString(gate, "go\n");
        awaitTold("256 0 greeter " + pid); // how it ended nobody knows
        awaitInstances(0);
        assertThat(launcher.processes("finish")).isEmpty();
    }
}

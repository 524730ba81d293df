package usher.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A new process on the same socket first, and the old one is stopped when the new one is ready. */
final class ReplaceIT {
    private static final int CLIENTS = 4;
    private static final int REPLACEMENTS = 8;

    @RegisterExtension
    final Launcher launcher = new Launcher();

    private final int port = launcher.freePort();
    private Bundle daemon = launcher.bundle("daemon");

    @BeforeEach
    void run() {
        daemon = launcher.bundle("daemon")
                .run(Daemons.GRACEFUL)
                .file("service/notification-fd", "4")
                .socket("tcp", "127.0.0.1:" + port);
        launcher.run();
    }

    @Test
    void losesNoRequestWhileTheDaemonIsReplacedAgainAndAgain() throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        List<Future<Set<String>>> clients = new ArrayList<>();
        ExecutorService threads = Executors.newCachedThreadPool();
        try {
            for (int i = 0; i < CLIENTS; i++) {
                clients.add(threads.submit(() -> {
                    Set<String> answers = new HashSet<>();
                    while (!over.get()) {
                        String answer = Client.ask(port, "who");
                        assertThat(answer).matches("[0-9]+\n");
                        answers.add(answer);
                    }
                    return answers;
                }));
            }
            Client.ask(port, "who");
            for (int i = 0; i < REPLACEMENTS; i++) {
                Result result = launcher.usher("replace", "daemon");
                assertThat(result.exit()).as("%s", result).isZero();
            }
            over.set(true);
            Set<String> answers = new HashSet<>();
            for (Future<Set<String>> client : clients) {
                answers.addAll(client.get());
            }
            assertThat(answers).as("processes that answered").hasSizeGreaterThan(REPLACEMENTS / 2);
        } finally {
            over.set(true);
            threads.shutdownNow();
        }
        assertThat(launcher.status("daemon").starts()).isEqualTo(REPLACEMENTS + 1);
        Await.value(
                "only the last one is left", Await.GENEROUS, () -> launcher.processes("run"), left -> left.size() == 1);
    }

    @Test
    void theOldOneStaysIfTheNewOneFails() throws IOException {
        String pid = Client.ask(port, "who");
        daemon.run("#!/bin/sh\nexit 3");

        Result result = launcher.usher("replace", "daemon");

        assertThat(result.exit()).isEqualTo(1);
        assertThat(result.err()).contains("not replaced").contains("exit status 3");
        assertThat(Client.ask(port, "who")).isEqualTo(pid);
        assertThat(launcher.status("daemon")).returns("up", BundleStatus::state);
    }

    @Test
    void theOldOneStaysIfTheNewOneIsNotReadyInTime() throws IOException {
        String pid = Client.ask(port, "who");
        daemon.file("service/timeout-up", "300ms").run("#!/bin/sh\nexec sleep 600");

        Result result = launcher.usher("replace", "daemon");

        assertThat(result.exit()).isEqualTo(1);
        assertThat(result.err()).contains("not ready within 300ms");
        assertThat(Client.ask(port, "who")).isEqualTo(pid);
        Await.value("the new one is gone", Await.GENEROUS, () -> launcher.processes("sleep"), List::isEmpty);
    }

    @Test
    void theNewOneHasTheSocketsThatWereAdded() throws IOException {
        String pid = Client.ask(port, "who");
        int added = launcher.freePort();
        // In byte order, "added" comes before "tcp", so it is descriptor 3.
        daemon.socket("added", "127.0.0.1:" + added).file("service/notification-fd", "5");
        daemon.run(Daemons.GRACEFUL.replace("'>&=', 4", "'>&=', 5"));

        Result result = launcher.usher("replace", "daemon");

        assertThat(result.exit()).as("%s", result).isZero();
        assertThat(Client.ask(added, "who")).matches("[0-9]+\n").isNotEqualTo(pid);
    }

    @Test
    void whatOnlyListensIsLeftSo() {
        Result result = launcher.usher("replace", "daemon");

        assertThat(result.exit()).as("%s", result).isZero();
        assertThat(launcher.status("daemon"))
                .returns("listening", BundleStatus::state)
                .returns(0, BundleStatus::starts);
    }

    @Test
    void aStopDuringTheReplacementEndsBoth() throws IOException {
        Client.ask(port, "who");
        daemon.run("#!/bin/sh\nexec sleep 600");
        assertThat(launcher.usher("replace", "--no-wait", "daemon").exit()).isZero();
        Await.value("the new one runs", Await.GENEROUS, () -> launcher.processes("sleep"), left -> !left.isEmpty());

        assertThat(launcher.usher("stop", "daemon").exit()).isZero();

        assertThat(launcher.status("daemon").state()).isEqualTo("down");
        assertThat(launcher.processes("sleep")).isEmpty();
        assertThat(launcher.processes("run")).isEmpty();
    }
}

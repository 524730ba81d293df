package usher.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Process after process is started for connections, with idle and denied sources and refreshes among them, and nothing
 * piles up in the launcher.
 */
final class EnduranceIT {
    /** {@code -Dusher.starts=1000000} for more. */
    private static final int STARTS = Integer.getInteger("usher.starts", 2_000);

    private static final int CLIENTS = 3;
    private static final int STARTS_A_REFRESH = 500;
    private static final int IDLE = 2;
    private static final int DENIED = 3;
    private static final int KEPT_OPEN = 10;
    /** What a heap may grow by until it is collected, in KiB. */
    private static final long LEEWAY = 8 << 10;

    @RegisterExtension
    final Launcher launcher = new Launcher();

    private final int port = launcher.freePort();
    private final int holding = launcher.freePort();
    private final AtomicInteger started = new AtomicInteger();
    private final AtomicBoolean over = new AtomicBoolean();

    /** What the launcher has on its hands when nobody is connected. */
    private record Burden(int descriptors, int threads, int zombies, long kibibytes) {}

    private interface Visit {
        void pay() throws Exception;
    }

    @Test
    void nothingPilesUp() throws Exception {
        launcher.bundle("echo")
                .run("#!/bin/echo hello")
                .file("sockets/tcp/listen", "127.0.0.1:" + port)
                .flag("sockets/tcp/accept")
                .file("sockets/tcp/deny", "127.0.0." + DENIED);
        launcher.bundle("holding")
                .run("#!/bin/sh\nread -r line\necho $line")
                .file("sockets/tcp/listen", "127.0.0.1:" + holding)
                .flag("sockets/tcp/accept")
                .file("sockets/tcp/max-connections", Integer.toString(KEPT_OPEN));
        launcher.run();
        serve(Math.max(STARTS / 20, STARTS_A_REFRESH));
        Burden before = burden();

        serve(STARTS);

        Burden after = burden();
        System.out.println("EnduranceIT: " + started + " starts, before " + before + ", after " + after);
        assertThat(after.descriptors()).isEqualTo(before.descriptors());
        assertThat(after.zombies()).isZero();
        assertThat(after.kibibytes()).isLessThan(before.kibibytes() + LEEWAY);
    }

    /** So many more are started. */
    private void serve(int more) throws Exception {
        int until = started.get() + more;
        over.set(false);
        ExecutorService threads = Executors.newCachedThreadPool();
        try {
            List<Future<?>> visitors = new ArrayList<>();
            for (int client = 0; client < CLIENTS; client++) {
                visitors.add(threads.submit(() -> visiting(() -> {
                    assertThat(Client.hear(port)).startsWith("hello ");
                    if (started.incrementAndGet() >= until) {
                        over.set(true);
                    }
                })));
            }
            visitors.add(threads.submit(() -> visiting(this::beDenied)));
            visitors.add(threads.submit(() -> visiting(this::beIdle)));
            visitors.add(threads.submit(() -> visiting(this::refresh)));
            for (Future<?> visitor : visitors) {
                visitor.get();
            }
        } finally {
            over.set(true);
            threads.shutdownNow();
        }
        Await.until(
                "all are gone",
                Await.GENEROUS,
                () -> launcher.status("echo").instances() == 0
                        && launcher.status("holding").instances() == 0);
    }

    private Void visiting(Visit visit) throws Exception {
        while (!over.get()) {
            visit.pay();
        }
        return null;
    }

    private void beDenied() throws IOException {
        try (Socket socket = Client.connectFrom(DENIED, port)) {
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
        awaitStarts(1);
    }

    /** As many as may be connected say nothing for a while, and are answered then. */
    private void beIdle() throws IOException {
        List<Socket> open = new ArrayList<>();
        for (int i = 0; i < KEPT_OPEN; i++) {
            open.add(Client.connectFrom(IDLE, holding));
        }
        awaitStarts(100);
        for (Socket socket : open) {
            try (socket) {
                socket.getOutputStream().write("word\n".getBytes(StandardCharsets.US_ASCII));
                assertThat(socket.getInputStream().readAllBytes()).asString().isEqualTo("word\n");
            }
        }
    }

    private void refresh() throws Exception {
        launcher.bundle("echo").file("sockets/tcp/max-connections", Integer.toString(40 + started.get() % 10));
        new Kernel(launcher.launcherPid()).signal("HUP");
        awaitStarts(STARTS_A_REFRESH);
    }

    private void awaitStarts(int more) {
        int until = started.get() + more;
        Await.until("others are served", Await.GENEROUS, () -> over.get() || started.get() >= until);
    }

    private Burden burden() {
        Kernel process = new Kernel(launcher.launcherPid());
        long resident = Long.parseLong(process.status("RssAnon").split(" ", -1)[0]);
        return new Burden(
                process.descriptors().size(), Integer.parseInt(process.status("Threads")), zombies(), resident);
    }

    /** Children of launcher and guard that nobody has waited for. */
    private int zombies() {
        long pid = launcher.launcherPid();
        long guard = launcher.guardPid();
        return Kernel.processes(process -> process.isZombieOf(pid) || process.isZombieOf(guard))
                .size();
    }
}

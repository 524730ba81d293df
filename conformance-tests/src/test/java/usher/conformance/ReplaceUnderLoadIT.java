package usher.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Real web servers are replaced again and again while clients ask without a pause: no request fails. */
final class ReplaceUnderLoadIT {
    private static final int CLIENTS = 4;
    /** {@code -Dusher.replacements=100} for more. */
    private static final int REPLACEMENTS = Integer.getInteger("usher.replacements", 4);

    @RegisterExtension
    final Launcher launcher = new Launcher();

    @ParameterizedTest
    @CsvSource({"lighttpd, web, /hello.txt", "jvm-inherited-channel, jvm, /"})
    void losesNoRequest(String name, String bundle, String page) throws Exception {
        Scenario scenario = new Scenario(Path.of("src/test/scenarios", name));
        Needs.without(scenario.obstacle());
        Map<String, String> values = scenario.install(launcher);
        launcher.run();
        int port = Integer.parseInt(values.getOrDefault("PORT", "0"));
        String expected = scenario.expected().orElseThrow().lines().findFirst().orElseThrow();
        get(port, page, expected);

        AtomicBoolean over = new AtomicBoolean();
        ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
        int requests = 0;
        try {
            List<Future<Integer>> clients = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                clients.add(threads.submit(() -> {
                    int served = 0;
                    for (; !over.get(); served++) {
                        get(port, page, expected);
                    }
                    return served;
                }));
            }
            for (int i = 0; i < REPLACEMENTS; i++) {
                Result result = launcher.usher("replace", bundle);
                assertThat(result.exit()).as("%s", result).isZero();
                assertThat(clients).as("clients that have given up").noneMatch(Future::isDone);
            }
            over.set(true);
            for (Future<Integer> client : clients) {
                requests += client.get();
            }
        } finally {
            over.set(true);
            threads.shutdownNow();
        }
        assertThat(requests).isGreaterThan(CLIENTS * REPLACEMENTS);
        assertThat(launcher.status(bundle).starts()).isEqualTo(REPLACEMENTS + 1);
        Await.value(
                "only the last one is left",
                Duration.ofSeconds(30),
                () -> launcher.status(bundle).instances(),
                instances -> instances == 1);
    }

    private static void get(int port, String page, String expected) throws Exception {
        try (Socket socket = Client.connect(port)) {
            socket.getOutputStream().write(("GET " + page + " HTTP/1.0\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(answer).startsWith("HTTP/1.0 200 OK\r\n").contains(expected);
        }
    }
}

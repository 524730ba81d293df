package usher.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The client against a launcher that is a few lines long. */
@Timeout(60)
final class ControlClientTest {
    @TempDir
    Path directory = Path.of("/");

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "run",
                "größer-日本",
                "a-directory-whose-name-is-so-long-that-the-path-of-the-socket-in-it-has-more-bytes-than-the-kernel-takes-for-such-paths"
            })
    void asksOverWhateverPathTheRunDirectoryHas(String name) throws Exception {
        Path run = Files.createDirectory(directory.resolve(name));
        CompletableFuture<String> request = answer(run, "1web: up\n2usher: db: failed\n01\n");

        assertThat(ask(run, "start", "--now", "web", "db")).isEqualTo(1);

        assertThat(request.get(10, TimeUnit.SECONDS))
                .matches("usher 1\nstart\n--now\n--format=text\n--token=[-0-9a-f]{36}\n--\nweb\ndb\n\n");
        assertThat(out()).isEqualTo("web: up\n");
        assertThat(err()).isEqualTo("usher: db: failed\n");
    }

    /** What is wrong with the tree is told before the outcomes, and is none. */
    @ParameterizedTest
    @ValueSource(strings = {"start", "stop", "restart", "replace", "refresh", "shutdown"})
    void asksTheNextLauncherForTheOutcomesOfItsJobThatItHasNotHeard(String verb) throws Exception {
        CompletableFuture<List<String>> requests = answers(
                directory, "4usher: web/wants/nosuch: leads to no bundle\n1web: listening\n", "1db: ready\n00\n");

        assertThat(ask(directory, verb, verb.equals("shutdown") ? new String[0] : new String[] {"web"}))
                .isEqualTo(Exit.DONE);

        List<String> both = requests.get(10, TimeUnit.SECONDS);
        String first = both.get(0)
                .lines()
                .filter(line -> line.startsWith("--token="))
                .findFirst()
                .orElseThrow();
        assertThat(both.get(1).lines()).contains(verb, first, "--again", "--heard=1");
        assertThat(out()).isEqualTo("web: listening\ndb: ready\n");
        assertThat(err()).isEqualTo("usher: web/wants/nosuch: leads to no bundle\n");
    }

    @Test
    void saysSoIfTheLauncherEndsBeforeItsAnswer() throws Exception {
        CompletableFuture<String> request = answer(directory, "1web: up\n");
        assertThat(ask(directory, "status")).isEqualTo(Exit.FAILED);
        assertThat(request.get(10, TimeUnit.SECONDS)).contains("status");
        assertThat(err())
                .startsWith("usher: " + directory.resolve("control") + ": ")
                .hasLineCount(1);
    }

    @Test
    void saysSoIfThereIsNoSocket() {
        assertThat(ask(directory, "status")).isEqualTo(Exit.NO_LAUNCHER);
        assertThat(err()).startsWith("usher: no launcher is running (" + directory.resolve("control") + ": ");
    }

    @Test
    void saysSoIfNobodyListensOnTheSocket() throws IOException {
        listen(directory).close();
        assertThat(ask(directory, "status")).isEqualTo(Exit.NO_LAUNCHER);
        assertThat(err()).contains("nobody listens");
    }

    private int ask(Path run, String verb, String... words) {
        String[] all = new String[words.length + 3];
        all[0] = verb;
        all[1] = "--run-dir";
        all[2] = run.toString();
        System.arraycopy(words, 0, all, 3, words.length);
        return Main.run(all, Map.of(), stream(out), stream(err));
    }

    /** Bound by a short path: only the client's way to it is under test. */
    private ServerSocketChannel listen(Path run) throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        Path link = Files.createSymbolicLink(directory.resolve("l"), run);
        Path short_ = directory.resolve("s");
        server.bind(UnixDomainSocketAddress.of(short_));
        Files.move(short_, link.resolve("control"));
        return server;
    }

    private CompletableFuture<String> answer(Path run, String answer) throws IOException {
        return answers(run, answer).thenApply(requests -> requests.get(0));
    }

    /** One connection after the other gets one of these, and is closed. */
    private CompletableFuture<List<String>> answers(Path run, String... answers) throws IOException {
        ServerSocketChannel server = listen(run);
        CompletableFuture<List<String>> requests = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            List<String> all = new ArrayList<>();
            try (server) {
                for (String answer : answers) {
                    all.add(answerNext(server, answer));
                }
                requests.complete(all);
            } catch (IOException e) {
                requests.completeExceptionally(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
        return requests;
    }

    private static String answerNext(ServerSocketChannel server, String answer) throws IOException {
        try (SocketChannel channel = server.accept()) {
            StringBuilder text = new StringBuilder();
            ByteBuffer buffer = ByteBuffer.allocate(1000);
            while (text.indexOf("\n\n") < 0 && channel.read(buffer.clear()) >= 0) {
                text.append(StandardCharsets.UTF_8.decode(buffer.flip()));
            }
            channel.write(ByteBuffer.wrap(answer.getBytes(StandardCharsets.UTF_8)));
            return text.toString();
        }
    }

    private static PrintStream stream(ByteArrayOutputStream to) {
        return new PrintStream(to, true, StandardCharsets.UTF_8);
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }
}

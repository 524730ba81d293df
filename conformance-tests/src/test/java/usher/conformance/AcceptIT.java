package usher.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Limits and rules of one process per connection. 127.0.0.2 and 127.0.0.3 are two sources of one machine. */
@SuppressWarnings("try") // closing early is what some tests are about
final class AcceptIT {
    /** Says who it is, then lives until the peer hangs up. */
    private static final String HOLDING = "#!/bin/sh\necho hello\nexec cat > /dev/null";

    private static final String GREETING = "#!/bin/sh\nexec echo hello";

    @RegisterExtension
    final Launcher launcher = new Launcher();

    private final int port = launcher.freePort();

    private Bundle service(String script) {
        return launcher.bundle("greeter")
                .run(script)
                .file("sockets/tcp/listen", "127.0.0.1:" + port)
                .flag("sockets/tcp/accept");
    }

    @Test
    void leavesWhatIsTooMuchInTheQueueUntilSomebodyGoes() throws IOException {
        service(HOLDING).file("sockets/tcp/max-connections", "2");
        launcher.run();
        try (Socket first = from(2);
                Socket second = from(2);
                Socket third = from(3)) {
            assertThat(line(first)).isEqualTo("hello");
            assertThat(line(second)).isEqualTo("hello");
            third.setSoTimeout(300);
            assertThat(waits(third)).as("the third waits").isTrue();
            assertThat(launcher.status("greeter").instances()).isEqualTo(2);
            first.close();
            third.setSoTimeout((int) Await.GENEROUS.toMillis());
            assertThat(line(third)).isEqualTo("hello");
        }
        assertThat(counts("tcp")).isEqualTo("3 0");
    }

    @Test
    void limitsEachSocketByItsOwnMaximum() throws IOException {
        int other = launcher.freePort();
        service(HOLDING)
                .file("sockets/tcp/max-connections", "1")
                .file("sockets/wide/listen", "127.0.0.1:" + other)
                .flag("sockets/wide/accept")
                .file("sockets/wide/max-connections", "9");
        launcher.run();
        try (Socket first = from(2);
                Socket second = from(2);
                Socket elsewhere = Client.connectFrom(2, other);
                Socket more = Client.connectFrom(2, other)) {
            assertThat(line(first)).isEqualTo("hello");
            second.setSoTimeout(300);
            assertThat(waits(second)).isTrue();
            assertThat(line(elsewhere)).isEqualTo("hello");
            assertThat(line(more)).isEqualTo("hello");
            elsewhere.close();
            assertThat(waits(second)).as("room elsewhere is no room here").isTrue();
            first.close();
            second.setSoTimeout((int) Await.GENEROUS.toMillis());
            assertThat(line(second)).isEqualTo("hello");
        }
    }

    @Test
    void closesWhatASourceHasTooMuchAndCountsIt() throws IOException {
        service(HOLDING).file("sockets/tcp/max-connections-per-source", "1");
        launcher.run();
        try (Socket first = from(2);
                Socket tooMuch = from(2);
                Socket other = from(3)) {
            assertThat(line(first)).isEqualTo("hello");
            assertThat(line(other)).isEqualTo("hello");
            assertThat(tooMuch.getInputStream().read()).isEqualTo(-1);
            first.close();
        }
        Await.until(
                "all are gone", Await.GENEROUS, () -> launcher.status("greeter").instances() == 0);
        try (Socket again = from(2)) {
            assertThat(line(again)).isEqualTo("hello");
        }
        assertThat(counts("tcp")).isEqualTo("3 1");
    }

    @Test
    void countsTheUserOfAUnixSocketAsTheSource() throws IOException {
        Path path = launcher.directory().resolve("greeter.sock");
        launcher.bundle("greeter")
                .run(HOLDING)
                .file("sockets/unix/listen", path.toString())
                .flag("sockets/unix/accept")
                .file("sockets/unix/max-connections-per-source", "1");
        launcher.run();
        try (SocketChannel first = SocketChannel.open(StandardProtocolFamily.UNIX);
                SocketChannel second = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            first.connect(UnixDomainSocketAddress.of(path));
            assertThat(first.read(ByteBuffer.allocate(6))).isPositive();
            second.connect(UnixDomainSocketAddress.of(path));
            assertThat(second.read(ByteBuffer.allocate(6))).isEqualTo(-1);
        }
    }

    @Test
    void closesWhoIsDeniedBeforeAnythingStarts() throws IOException {
        service(GREETING).file("sockets/tcp/allow", "127.0.0.0/8").file("sockets/tcp/deny", "127.0.0.3 # a guest");
        launcher.run();
        try (Socket denied = from(3);
                Socket welcome = from(2)) {
            assertThat(denied.getInputStream().read()).isEqualTo(-1);
            assertThat(line(welcome)).isEqualTo("hello");
        }
        assertThat(launcher.status("greeter").starts()).isOne();
        assertThat(counts("tcp")).isEqualTo("1 1");
    }

    @Test
    void slowsASourceThatComesTooOftenAndNobodyElse() throws IOException {
        service(GREETING).file("sockets/tcp/rate-limit", "4/2s").flag("sockets/tcp/log-connections");
        launcher.run();
        List<Socket> flood = new ArrayList<>();
        long begun = System.nanoTime();
        for (int i = 0; i < 12; i++) {
            flood.add(from(2));
        }
        try (Socket other = from(3)) {
            assertThat(line(other)).isEqualTo("hello");
        }
        int served = 0;
        for (Socket socket : flood) {
            served += socket.getInputStream().read() == 'h' ? 1 : 0;
            socket.close();
        }
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
        assertThat(served).isEqualTo(flood.size());
        assertThat(millis).as("four at once, then one every half second").isGreaterThanOrEqualTo(3900);
        assertThat(launcher.usher("logs", "greeter").out()).contains("tcp: 127.0.0.3:");
    }

    /** They are in nobody's queue any more that the kernel would tell of, and more than are served in a row. */
    @Test
    void servesAllWhoWaitedForTheirTurnWhenTheLauncherWasKilled() throws IOException {
        service(GREETING).file("sockets/tcp/rate-limit", "1/2s");
        launcher.run();
        List<Socket> waiting = new ArrayList<>();
        for (int i = 0; i < 24; i++) {
            waiting.add(from(2));
        }
        Await.until(
                "all are taken off the queue",
                Await.GENEROUS,
                () -> launcher.usher("sockets", "--format", "json").out().contains("\"taken\":24"));
        launcher.killOutright();
        for (Socket socket : waiting) {
            assertThat(line(socket)).isEqualTo("hello");
            socket.close();
        }
    }

    @Test
    void closesWhoWouldHaveToWaitForTooLong() throws IOException {
        service(GREETING).file("sockets/tcp/rate-limit", "1/1h").flag("sockets/tcp/log-connections");
        launcher.run();
        try (Socket first = from(2);
                Socket waiting = from(2);
                Socket third = from(2)) {
            assertThat(line(first)).isEqualTo("hello");
            assertThat(third.getInputStream().read()).isEqualTo(-1);
            waiting.setSoTimeout(1);
            assertThatThrownBy(() -> waiting.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
        }
        assertThat(launcher.usher("logs", "greeter").out())
                .contains("refused by rate-limit: 127.0.0.2 connects too often");
    }

    @Test
    void writesALineForEachConnectionAndOneForItsEnd() throws IOException {
        service("#!/bin/sh\necho hello\nexit 3").flag("sockets/tcp/log-connections");
        launcher.run();
        int local;
        try (Socket socket = from(2)) {
            local = socket.getLocalPort();
            assertThat(line(socket)).isEqualTo("hello");
        }
        String log = Await.value(
                "the end is in the log",
                Await.GENEROUS,
                () -> launcher.usher("logs", "greeter").out(),
                text -> text.contains(" left after "));
        String peer = "usher: tcp: 127.0.0.2:" + local;
        assertThat(log).containsPattern(peer + " connected, process [0-9]+\n");
        assertThat(log).containsPattern(peer + " left after [0-9]+ ms, process [0-9]+ ended with exit status 3\n");
    }

    /**
     * No descriptor is left for a connection, then none for its process: whoever waits is served when there are some,
     * the socket stays, and nothing spins.
     */
    @Test
    void outlivesRunningOutOfDescriptors() throws IOException {
        service(HOLDING);
        launcher.run();
        try (Socket warm = from(2)) {
            assertThat(line(warm)).isEqualTo("hello");
        }
        long pid = launcher.launcherPid();
        for (int spare = 0; spare < 4; spare++) {
            // While it answers a command it is under another limit, which it had before.
            Await.until("it works under its limit", Await.GENEROUS, () -> !isAtTheFull(pid));
            limitDescriptors(pid, openDescriptors(pid) + spare);
            long before = cpuTicks(pid);
            List<Socket> peers = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                peers.add(from(2));
            }
            Await.until("it backs off", Await.GENEROUS, this::hasComplained);
            peers.get(0).setSoTimeout(500);
            waits(peers.get(5));
            assertThat(cpuTicks(pid) - before)
                    .as("ticks of CPU time, with spare %d", spare)
                    .isLessThan(200);
            limitDescriptors(pid, 1024);
            for (Socket peer : peers) {
                peer.setSoTimeout((int) Await.GENEROUS.toMillis());
                assertThat(line(peer)).as("with %d spare", spare).isEqualTo("hello");
                peer.close();
            }
            Await.until(
                    "all are gone",
                    Await.GENEROUS,
                    () -> launcher.status("greeter").instances() == 0);
        }
    }

    private boolean hasComplained() {
        return launcher.standardError().contains("Too many open files")
                || launcher.standardError().contains("EMFILE");
    }

    private static int openDescriptors(long pid) throws IOException {
        try (var open = Files.list(Path.of("/proc/" + pid + "/fd"))) {
            return (int) open.count();
        }
    }

    private static boolean isAtTheFull(long pid) {
        List<String> limits = new Kernel(pid).openFilesLimit();
        return limits.get(0).equals(limits.get(1));
    }

    private void limitDescriptors(long pid, int most) {
        Result result = Result.of(
                launcher.marked(List.of("prlimit", "--pid", Long.toString(pid), "--nofile=" + most + ":20000")),
                Await.GENEROUS);
        assertThat(result.exit()).as("%s", result).isZero();
    }

    private static long cpuTicks(long pid) throws IOException {
        String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
    }

    /** Taken and refused, of that socket. */
    private String counts(String socket) {
        return launcher.usher("sockets", "--format", "json")
                .out()
                .lines()
                .filter(line -> line.contains("\"" + socket + "\""))
                .map(line -> line.replaceAll(".*\"taken\":([0-9]+),\"refused\":([0-9]+).*", "$1 $2"))
                .findFirst()
                .orElse("no such socket");
    }

    private Socket from(int last) throws IOException {
        return Client.connectFrom(last, port);
    }

    private static String line(Socket socket) throws IOException {
        StringBuilder text = new StringBuilder();
        for (int next = socket.getInputStream().read();
                next >= 0 && next != '\n';
                next = socket.getInputStream().read()) {
            text.append((char) next);
        }
        return text.toString().toLowerCase(Locale.ROOT);
    }

    private static boolean waits(Socket socket) throws IOException {
        int before = socket.getSoTimeout();
        try {
            socket.setSoTimeout(300);
            return socket.getInputStream().read() < -1;
        } catch (SocketTimeoutException nothingYet) {
            return true;
        } finally {
            socket.setSoTimeout(before);
        }
    }
}

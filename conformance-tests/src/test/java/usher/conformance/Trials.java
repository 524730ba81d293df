package usher.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/** The trials of one launcher, whose bundles do not concern each other. */
final class Trials {
    private final Launcher launcher;
    private final Path shared;

    Trials(Launcher launcher) throws IOException {
        this.launcher = launcher;
        shared = Files.createDirectory(launcher.directory().resolve("shared"));
        // Daemons of an ordinary user write there, too.
        Tree.mode(shared, "rwxrwxrwx");
    }

    List<Trial> all() {
        return List.of(
                new Lazy(),
                new Crash(),
                new Accept("accept-tcp"),
                new Accept("accept-unix"),
                new Start(),
                new Restart("restart"),
                new Restart("replace"),
                new Stop(),
                new Conflict(),
                new Rotation(),
                new Refresh());
    }

    private static <T> CompletableFuture<T> meanwhile(Callable<T> client) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return client.call();
            } catch (Exception e) {
                throw new CompletionException(e);
            }
        });
    }

    private static <T> T of(CompletableFuture<T> client) throws Exception {
        return client.get(Await.GENEROUS.toSeconds() + 10, TimeUnit.SECONDS);
    }

    /** A question starts the daemon, which ends at the next prepare. */
    private final class Lazy extends Trial {
        private final int port = launcher.freePort();
        private final List<String> said = new ArrayList<>();
        private String pid = "";
        private int starts;

        Lazy() {
            super(Trials.this.launcher, "lazy");
        }

        @Override
        void declare() {
            launcher.bundle("lazy").run(Storm.alone(shared.resolve("lock"))).socket("s", "127.0.0.1:" + port);
        }

        @Override
        void prepare() throws Exception {
            if (!pid.isEmpty()) {
                assertThat(Client.ask(port, "die")).isEqualTo(pid);
                said.add("answer " + pid.strip() + " 3");
                Await.until(
                        "it listens again",
                        Await.GENEROUS,
                        () -> control().status().of("lazy").state().equals("listening"));
            }
        }

        @Override
        void operate() throws Exception {
            pid = Client.ask(port, "hello");
            assertThat(pid).matches("[0-9]+\n");
            said.add("answer " + pid.strip() + " 1");
        }

        @Override
        void check(Statuses status) throws Exception {
            assertThat(Client.ask(port, "hello")).isEqualTo(pid);
            said.add("answer " + pid.strip() + " 2");
            BundleStatus lazy = status.of("lazy");
            assertThat(lazy.state()).isEqualTo("up");
            assertThat(lazy.starts()).isEqualTo(++starts);
            assertThat(lazy.instances()).isEqualTo(1);
            assertThat(processes("lazy")).hasSize(1);
            awaitLog("lazy", said);
        }
    }

    /** The daemon dies while somebody waits, and the next one serves him. */
    private final class Crash extends Trial {
        private final int port = launcher.freePort();
        private final List<String> said = new ArrayList<>();
        private String pid = "";
        private int starts;

        Crash() {
            super(Trials.this.launcher, "crash");
        }

        @Override
        void declare() {
            launcher.bundle("crash").run(Storm.alone(shared.resolve("crash"))).socket("s", "127.0.0.1:" + port);
        }

        @Override
        void prepare() throws Exception {
            if (pid.isEmpty()) {
                pid = Client.ask(port, "hello");
                said.add("answer " + pid.strip() + " 1");
                starts++;
            }
            control().status(); // once this is answered, the next process is ready
        }

        @Override
        void operate() throws Exception {
            String before = pid;
            try (Socket last = Client.connect(port);
                    Socket waiting = Client.connect(port)) {
                assertThat(Client.ask(last, "die")).isEqualTo(before);
                pid = Client.ask(waiting, "hello");
            }
            assertThat(pid).matches("[0-9]+\n").isNotEqualTo(before);
            said.add("answer " + before.strip() + (starts == 1 ? " 2" : " 3"));
            said.add("answer " + pid.strip() + " 1");
        }

        @Override
        void check(Statuses status) throws Exception {
            assertThat(Client.ask(port, "hello")).isEqualTo(pid);
            said.add("answer " + pid.strip() + " 2");
            BundleStatus crash = status.of("crash");
            assertThat(crash.state()).isEqualTo("up");
            assertThat(crash.starts()).isEqualTo(++starts);
            assertThat(processes("crash")).hasSize(1);
            awaitLog("crash", said);
        }
    }

    /** A connection gets a process of its own, and only one. */
    private final class Accept extends Trial {
        private final boolean unix;
        private final int port = launcher.freePort();
        private final Path path = shared.resolve("socket");
        private final List<String> said = new ArrayList<>();

        Accept(String name) {
            super(Trials.this.launcher, name);
            unix = name.endsWith("unix");
        }

        @Override
        void declare() {
            launcher.bundle(toString())
                    .run("#!/bin/sh\necho begun >&2\nread line && echo \"$$ $line\" && echo \"$line\" >&2")
                    .file("sockets/s/listen", unix ? path.toString() : "127.0.0.1:" + port)
                    .flag("sockets/s/accept");
        }

        @Override
        void operate() throws Exception {
            ask();
        }

        private void ask() throws IOException {
            String token = "n" + said.size();
            assertThat(unix ? Client.ask(path, token) : Client.ask(port, token)).matches("[0-9]+ " + token + "\n");
            said.add("begun");
            said.add(token);
        }

        @Override
        void check(Statuses status) throws Exception {
            ask();
            BundleStatus after = Await.value(
                    "no instance is left",
                    Await.GENEROUS,
                    () -> control().status().of(toString()),
                    seen -> seen.instances() == 0);
            assertThat(after.state()).isEqualTo("up");
            assertThat(status.of(toString()).state()).isEqualTo("up");
            assertThat(processes(toString())).isEmpty();
            awaitLog(toString(), said);
        }
    }

    /** A daemon with all that belongs to one; each of its scripts leaves a trace. */
    private abstract class OfGraceful extends Trial {
        final int port = launcher.freePort();

        OfGraceful(String name) {
            super(Trials.this.launcher, name);
        }

        @Override
        final void declare() {
            Bundle bundle = launcher.bundle(toString())
                    .run(Daemons.GRACEFUL.replace(
                            "my $over",
                            "open(my $traces, '>>', '" + traces() + "'); print $traces \"run\\n\"; close($traces);\n"
                                    + "my $over"))
                    .file("service/notification-fd", "4")
                    .flag("service/down")
                    .socket("s", "127.0.0.1:" + port);
            for (String script : List.of("start", "stop", "finish")) {
                bundle.executable("service/" + script, "#!/bin/sh\necho " + script + " >> " + traces());
            }
        }

        private Path traces() {
            return shared.resolve("traces-" + this);
        }

        final void forgetTraces() throws IOException {
            Files.deleteIfExists(traces());
        }

        /**
         * All scripts ran, in this order. One that was started in the instant of the kill, and ended before the next
         * launcher looked, has left nothing by which that one could know: it has run once more.
         */
        final void left(String... scripts) throws IOException {
            List<String> traces = Files.readAllLines(traces());
            List<String> once = new ArrayList<>();
            for (String trace : traces) {
                if (once.isEmpty() || !once.get(once.size() - 1).equals(trace)) {
                    once.add(trace);
                }
            }
            assertThat(once).containsExactly(scripts);
            assertThat(traces.size() - once.size())
                    .as("of %s, those twice", traces)
                    .isLessThan(2);
        }

        final void isUp(BundleStatus status) throws IOException {
            assertThat(status.state()).isEqualTo("up");
            assertThat(processes(toString())).extracting(Kernel::pid).containsExactly(status.pid());
            assertThat(Client.ask(port, "hello")).isEqualTo(status.pid() + "\n");
        }
    }

    private final class Start extends OfGraceful {
        Start() {
            super("start");
        }

        @Override
        void prepare() throws Exception {
            control().ask("stop", List.of(), "start");
            forgetTraces();
        }

        @Override
        void operate() {
            succeeds("start", "--now", "start");
        }

        @Override
        void check(Statuses status) throws Exception {
            isUp(status.of("start"));
            left("start", "run");
        }
    }

    /** Restart or replace, while a client asks. */
    private final class Restart extends OfGraceful {
        private long before;

        Restart(String name) {
            super(name);
        }

        @Override
        void prepare() throws Exception {
            if (before == 0) {
                control().ask("start", List.of("--now"), toString());
                before = control().status().of(toString()).pid();
            }
            forgetTraces();
        }

        @Override
        void operate() throws Exception {
            CompletableFuture<String> client = meanwhile(() -> Client.ask(port, "hello"));
            succeeds(toString(), toString());
            assertThat(of(client)).matches("[0-9]+\n");
        }

        @Override
        void check(Statuses status) throws Exception {
            BundleStatus now = status.of(toString());
            isUp(now);
            assertThat(now.pid()).isNotEqualTo(before);
            before = now.pid();
            if (toString().equals("restart")) {
                left("finish", "stop", "start", "run");
            } else {
                left("run", "finish");
            }
        }
    }

    private final class Stop extends OfGraceful {
        Stop() {
            super("stop");
        }

        @Override
        void prepare() throws Exception {
            control().ask("start", List.of("--now"), "stop");
            forgetTraces();
        }

        @Override
        void operate() {
            succeeds("stop", "stop");
        }

        @Override
        void check(Statuses status) throws Exception {
            assertThat(status.of("stop").state()).isEqualTo("down");
            assertThat(processes("stop")).isEmpty();
            assertThat(Ports.listener(port)).isEmpty();
            left("finish", "stop");
        }
    }

    /** One starts, so the other stops. */
    private final class Conflict extends Trial {
        Conflict() {
            super(Trials.this.launcher, "conflict");
        }

        @Override
        void declare() {
            launcher.bundle("other").runsIdle().flag("service/down");
            launcher.bundle("rival").runsIdle().flag("service/down").link("conflicts", "other");
        }

        @Override
        void prepare() {
            control().ask("start", List.of(), "other");
        }

        @Override
        void operate() {
            succeeds("start", "rival");
        }

        @Override
        void check(Statuses status) {
            assertThat(status.of("other").state()).isEqualTo("down");
            assertThat(status.of("rival").state()).isEqualTo("up");
            assertThat(processes("other")).isEmpty();
            assertThat(processes("rival")).hasSize(1);
        }
    }

    /** Two sockets swap their addresses, and the file of a third is renamed; nothing but the launcher has them open. */
    private final class Refresh extends Trial {
        private final List<Integer> ports = List.of(launcher.freePort(), launcher.freePort(), launcher.freePort());
        private List<Optional<String>> sockets = List.of();
        private int times;

        Refresh() {
            super(Trials.this.launcher, "refresh");
        }

        @Override
        void declare() {
            Bundle bundle = launcher.bundle("refresh").run(Daemons.ANSWERING);
            for (String name : List.of("a", "b", "c")) {
                bundle.socket(name, address(name));
            }
        }

        /** Of a and b in turns the one and the other, of c and d always the third. */
        private String address(String name) {
            int swapped = times % 2;
            return "127.0.0.1:" + ports.get(name.equals("a") ? swapped : name.equals("b") ? 1 - swapped : 2);
        }

        private List<Optional<String>> listening() {
            return ports.stream().map(Ports::listener).toList();
        }

        @Override
        void prepare() throws Exception {
            sockets = listening();
            times++;
            Bundle bundle = launcher.bundle("refresh");
            bundle.socket("a", address("a")).socket("b", address("b"));
            Path directory = bundle.directory().resolve("sockets");
            Files.move(directory.resolve(third(times - 1)), directory.resolve(third(times)));
        }

        private static String third(int times) {
            return times % 2 == 0 ? "c" : "d";
        }

        @Override
        void operate() {
            succeeds("refresh", "refresh");
        }

        @Override
        void check(Statuses status) throws Exception {
            assertThat(listening()).isEqualTo(sockets);
            BundleStatus now = status.of("refresh");
            assertThat(now.state()).isEqualTo("listening");
            assertThat(now.starts()).isEqualTo(times - 1);
            String table = launcher.usher("sockets", "refresh").out();
            for (String name : List.of("a", "b", third(times))) {
                assertThat(table).containsPattern(address(name) + " +refresh +" + name + " +" + name + " +listening ");
            }
            // Descriptor 3 is that of a.
            assertThat(Client.ask(ports.get(times % 2), "die")).matches("[0-9]+\n");
            Await.until(
                    "it listens again",
                    Await.GENEROUS,
                    () -> control().status().of("refresh").state().equals("listening"));
        }
    }

    /** So many lines that the log is rotated. */
    private final class Rotation extends Trial {
        private static final int LINES = 40;
        /** With its stamp, a line of 80 and something. */
        private static final String TALKING = Daemons.ANSWERING
                .replace(
                        "syswrite($peer",
                        "syswrite(STDOUT, \"line \" . $count++ . ' ' . 'x' x 80 . \"\\n\") for 1..$line;\n    syswrite($peer")
                .replace("while (1)", "my $count = 0;\nwhile (1)");

        private final int port = launcher.freePort();
        private final List<String> said = new ArrayList<>();
        private int files;

        Rotation() {
            super(Trials.this.launcher, "rotation");
        }

        @Override
        void declare() {
            launcher.bundle("rotation")
                    .run(TALKING)
                    .file("service/log-size", "4096")
                    .file("service/log-count", "1000")
                    .socket("s", "127.0.0.1:" + port);
        }

        @Override
        void prepare() {
            files = logFiles("rotation").size();
        }

        @Override
        void operate() throws Exception {
            assertThat(Client.ask(port, Integer.toString(LINES))).matches("[0-9]+\n");
            for (int line = 0; line < LINES; line++) {
                said.add("line " + said.size() + " " + "x".repeat(80));
            }
            awaitLog("rotation", said);
        }

        @Override
        void check(Statuses status) {
            awaitLog("rotation", said); // what was not on record is taken from its end and written again
            assertThat(logFiles("rotation").size()).isGreaterThan(files);
        }
    }
}

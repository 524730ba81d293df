package usher.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The launcher under test, with bundles, run and log directory of its own below one temporary directory.
 *
 * <p>Register it as an extension, one per test. After a test that passed, what still runs is shut down, and the exit
 * codes, the sockets and the processes are looked at: nothing may be left over. After one that failed, all that can
 * explain it is printed. In both cases whatever carries this launcher's mark in its environment is killed.
 */
final class Launcher implements AfterEachCallback {
    private static final String MARK = "CONFORMANCE_MARK";
    private static final Duration BACK = Duration.ofSeconds(30);
    private static final Path COMMAND = Path.of(System.getProperty("usher.command", "../launcher/bin/usher"))
            .toAbsolutePath()
            .normalize();

    private final String mark = UUID.randomUUID().toString();
    private final Path directory = temporaryDirectory();
    private final List<Integer> ports = new ArrayList<>();
    private final List<Result> results = new ArrayList<>();
    private List<String> command = List.of(COMMAND.toString());
    private List<String> wrapper = List.of();
    private List<String> options = List.of(
            "--bundles", bundles().toString(), "--run-dir", runDirectory().toString(), "--log-dir", logs().toString());
    private Map<String, String> environment = Map.of();
    private @Nullable Process running;

    /** Short, because a Unix socket's path holds 107 bytes; open to others, because some bundles run as another user. */
    private static Path temporaryDirectory() {
        try {
            Path directory = Files.createTempDirectory(Path.of("/tmp"), "usher");
            Tree.mode(directory, "rwxr-xr-x");
            Files.createDirectory(directory.resolve("bundles"));
            return directory;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path directory() {
        return directory;
    }

    Path bundles() {
        return directory.resolve("bundles");
    }

    Path runDirectory() {
        return directory.resolve("run");
    }

    Path logs() {
        return directory.resolve("log");
    }

    /** The launcher's command as it was built. */
    static Path builtCommand() {
        return COMMAND;
    }

    Bundle bundle(String name) {
        return new Bundle(bundles().resolve(name));
    }

    /** A free port, which must be free again when the test is over. */
    int freePort() {
        int port = Ports.free();
        ports.add(port);
        return port;
    }

    /** Calls the launcher by another path from now on. */
    void callAs(Path path) {
        command = List.of(path.toString());
    }

    /** Has another command start the launcher from now on, its last argument being the launcher's path. */
    void startThrough(String... prefix) {
        wrapper = List.of(prefix);
    }

    /** Replaces the options {@code --bundles}, {@code --run-dir} and {@code --log-dir} that stand in every call. */
    void options(String... replacement) {
        options = List.of(replacement);
    }

    /** Adds to the environment of all that is started from now on. */
    void environment(Map<String, String> additional) {
        environment = additional;
    }

    /** A command in the launcher's directory, marked as belonging to this test. */
    ProcessBuilder marked(List<String> words) {
        // Whoever runs the tests in the background has them ignore SIGINT, and so would all that they start.
        List<String> command = new ArrayList<>(List.of("env", "--default-signal=HUP,INT,TERM"));
        command.addAll(words);
        ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
        Map<String, String> variables = builder.environment();
        variables.keySet().removeIf(name -> name.matches("(LISTEN|USHER|WATCHDOG|XDG|LC)_.*|NOTIFY_SOCKET|HOME"));
        variables.merge("PATH", "/usr/local/sbin:/usr/sbin:/sbin", (path, more) -> path + ":" + more);
        // Not its home in earnest, which the test must not write to.
        variables.put("HOME", directory.toString());
        variables.put(MARK, mark);
        variables.putAll(environment);
        return builder;
    }

    private ProcessBuilder launcher(List<String> arguments) {
        List<String> words = new ArrayList<>(wrapper);
        words.addAll(command);
        words.addAll(options);
        words.addAll(arguments);
        return marked(words);
    }

    /** One call of the command line, to its end. */
    Result usher(String... arguments) {
        Result result = Result.of(launcher(List.of(arguments)), Await.GENEROUS);
        results.add(result);
        return result;
    }

    /** {@code usher run} in the background; returns once it answers and every bundle (of {@code names}) is what it shall become. */
    void run(String... names) {
        start(names);
        awaitSettled(names);
    }

    /** Waits for what {@link #run} waits for. */
    void awaitSettled(String... names) {
        Await.until("run answers and its job is over", Await.GENEROUS, () -> haveSettled(Set.of(names)));
    }

    /** {@code usher run} in the background, without waiting for anything. */
    void start(String... names) {
        List<String> arguments = new ArrayList<>(List.of("run"));
        arguments.addAll(List.of(names));
        // A session of its own, as a service manager gives it; so it has its own share of the processors where the
        // kernel
        // deals them out by sessions.
        ProcessBuilder run = launcher(arguments);
        run.command().add(0, "setsid");
        start(run);
    }

    /** A command that becomes the launcher, in the background; returns once that answers and its job is over. */
    void runThrough(List<String> words) {
        options = List.of("--run-dir", runDirectory().toString(), "--log-dir", logs().toString());
        start(marked(words));
        awaitSettled();
    }

    private void start(ProcessBuilder command) {
        try {
            running = command.redirectInput(Path.of("/dev/null").toFile())
                    .redirectOutput(directory.resolve("run.out").toFile())
                    .redirectError(directory.resolve("run.err").toFile())
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@code usher run} in the background; returns once this bundle is in that state, whatever the others are. */
    void runUntil(String name, String state) {
        start();
        Await.until(
                "run answers and " + name + " is " + state,
                Await.GENEROUS,
                () -> answers().stream()
                        .anyMatch(bundle ->
                                bundle.name().equals(name) && bundle.state().equals(state)));
    }

    private boolean haveSettled(Set<String> names) {
        List<BundleStatus> bundles = answers().stream()
                .filter(bundle -> names.isEmpty() || names.contains(bundle.name()))
                .toList();
        return !bundles.isEmpty()
                && bundles.stream()
                        .allMatch(bundle ->
                                bundle.isSettled() || (bundle.state().equals("down") && isFlaggedDown(bundle)));
    }

    /** What {@code status} says; empty as long as the launcher does not answer. */
    private List<BundleStatus> answers() {
        assertThat(process().isAlive())
                .as("run goes on; it said: %s%s", standardOutput(), standardError())
                .isTrue();
        if (hasControl()) {
            return accepts(control().socket()) ? control().status().all() : List.of();
        }
        Result status = Result.of(launcher(List.of("status", "--format", "json")), Await.GENEROUS);
        return status.exit() == 0 ? BundleStatus.parse(status.out()) : List.of();
    }

    private boolean hasControl() {
        return options.contains("--run-dir");
    }

    /** For what is asked again and again: a command for each time would be a Java machine for each time. */
    Control control() {
        return new Control(runDirectory().resolve("control"));
    }

    private boolean isFlaggedDown(BundleStatus bundle) {
        return Files.exists(bundles().resolve(bundle.name()).resolve("service/down"));
    }

    private static boolean accepts(Path socket) {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            return channel.connect(UnixDomainSocketAddress.of(socket));
        } catch (IOException notYet) {
            return false;
        }
    }

    /** The process that {@code run} started: the launcher, or whoever started it and waits for it. */
    Process process() {
        if (running == null) {
            throw new IllegalStateException("run first");
        }
        return running;
    }

    /** The launcher itself, which {@link #process}, its guard, starts again when it dies. */
    long launcherPid() {
        return pid("launcher.pid");
    }

    /** Kills the launcher outright, and waits until another one is there. */
    void killOutright() {
        killOutright(runDirectory());
    }

    /** The same for one whose run directory is seen at that path. */
    static void killOutright(Path runDirectory) {
        Path file = runDirectory.resolve("launcher.pid");
        String before = text(file);
        new Kernel(Long.parseLong(before.strip())).kill();
        Await.until(
                "another launcher is there",
                BACK,
                () -> Files.exists(file) && !text(file).equals(before));
    }

    long guardPid() {
        return pid("guard.pid");
    }

    private long pid(String file) {
        return Long.parseLong(text(runDirectory().resolve(file)).trim());
    }

    String standardOutput() {
        return text(directory.resolve("run.out"));
    }

    String standardError() {
        return text(directory.resolve("run.err"));
    }

    /** What {@code status} says of one bundle. */
    BundleStatus status(String name) {
        return hasControl()
                ? control().status(name).of(name)
                : new Statuses(BundleStatus.parse(
                                usher("status", "--format", "json", name).out()))
                        .of(name);
    }

    BundleStatus awaitState(String name, String... states) {
        return Await.value(
                name + " is one of " + List.of(states),
                Await.GENEROUS,
                () -> status(name),
                status -> List.of(states).contains(status.state()));
    }

    /** Every process of this test that runs {@code program} (its name, not its path). */
    List<Kernel> processes(String program) {
        return left().stream()
                .filter(process -> {
                    try {
                        return process.program().equals(program);
                    } catch (UncheckedIOException gone) {
                        return false;
                    }
                })
                .toList();
    }

    private List<Kernel> left() {
        return Kernel.processesWith(MARK + "=" + mark);
    }

    /** Shuts down and looks at what must be true then. */
    void shutdown() throws InterruptedException {
        List<ProcessHandle> all = process().descendants().toList();
        Result shutdown = usher("shutdown");
        assertThat(shutdown.exit()).as("%s", shutdown).isZero();
        awaitEnd(all);
    }

    /** The launcher ends with 0 and leaves no process and no socket behind. */
    void awaitEnd(List<ProcessHandle> descendants) throws InterruptedException {
        assertThat(process().waitFor(Await.GENEROUS.toMillis(), TimeUnit.MILLISECONDS))
                .as("run ends after shutdown")
                .isTrue();
        assertThat(process().exitValue()).as("exit status of run").isZero();
        Await.value("no process is left over", Duration.ofSeconds(5), this::left, List::isEmpty);
        assertThat(descendants).as("descendants that outlived the launcher").noneMatch(ProcessHandle::isAlive);
        assertThat(ports)
                .as("ports somebody still listens on")
                .noneMatch(port -> Ports.listener(port).isPresent());
        assertThat(Ports.listeningPathsBelow(directory)).isEmpty();
    }

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        boolean passed = context.getExecutionException().isEmpty();
        try {
            if (passed && running != null && running.isAlive()) {
                passed = false;
                shutdown();
                passed = true;
            }
        } finally {
            if (!passed && running != null) {
                explain(context.getDisplayName(), System.err);
            }
            // Again and again: a guard that is still there starts another launcher.
            Await.value("the killed are gone", Await.GENEROUS, this::killAll, List::isEmpty);
            Tree.remove(directory);
        }
    }

    private List<Kernel> killAll() {
        left().forEach(Kernel::kill);
        return left();
    }

    private void explain(String test, PrintStream out) {
        out.println("==== " + test + ": what the launcher's side has to say");
        results.forEach(out::println);
        out.println("processes: " + left());
        try {
            ProcessBuilder status = launcher(List.of("status", "--format", "json"));
            out.println(Result.of(status, Duration.ofSeconds(10)));
        } catch (AssertionError noAnswer) {
            out.println(noAnswer.getMessage());
        }
        out.println("recorded: " + record());
        try (Stream<Path> files = Files.walk(directory)) {
            files.filter(Files::isRegularFile)
                    .filter(file -> file.startsWith(logs())
                            || file.startsWith(runDirectory().resolve("log"))
                            || (directory.equals(file.getParent())
                                    && file.toString().matches(".*\\.(out|err|log)")))
                    .sorted()
                    .forEach(file -> out.println("---- " + file + "\n" + text(file)));
        } catch (IOException | UncheckedIOException e) {
            out.println("---- " + e);
        }
    }

    /** What of the launcher's record people can read: its end, which says most. */
    private String record() {
        try {
            String all = Files.readString(runDirectory().resolve("state"), StandardCharsets.ISO_8859_1)
                    .replaceAll("[^\\n -~]+", " ")
                    .trim();
            return all.substring(Math.max(0, all.length() - 20_000));
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static String text(Path file) {
        try {
            return Files.exists(file) ? Files.readString(file) : "";
        } catch (IOException e) {
            return e.toString();
        }
    }
}

package usher.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * Kills the launcher again and again while clients of every kind go on, and counts what they notice.
 *
 * <p>Bundles: {@code running} goes on; {@code lazy} dies with every answer and is started by the next question;
 * {@code accepting} and {@code local} have a process for every connection, by TCP and by a Unix socket; {@code other}
 * is started and stopped. A first daemon that finds a second one of its bundle writes {@code DOUBLED} to its log.
 */
final class Storm {
    /** Half of the launchers are killed within so many microseconds after they began: in or after their recovery. */
    private static final int SHORT_LIFE = 400_000;

    /** The others within so many after the first lazily started answer: nobody is to starve. */
    private static final int AFTERLIFE = 100_000;

    private static final long BETWEEN_QUESTIONS = TimeUnit.MILLISECONDS.toNanos(2);
    private static final String NEVER_ROTATED_AWAY = "1000";

    private final Launcher launcher;
    private final int running;
    private final int lazy;
    private final int accepting;
    private final Path local;
    private final Random random;
    private final Map<String, LongAdder> counts = new ConcurrentSkipListMap<>();
    private final List<Long> kills = new ArrayList<>();
    private final ConcurrentSkipListMap<Long, Long> lazyAnswers = new ConcurrentSkipListMap<>();
    private final List<AssertionError> given = java.util.Collections.synchronizedList(new ArrayList<>());
    private volatile boolean over;

    Storm(Launcher launcher) {
        this.launcher = launcher;
        long seed = Long.getLong("usher.seed", System.nanoTime());
        System.out.println("Storm: -Dusher.seed=" + seed);
        random = new Random(seed);
        running = launcher.freePort();
        lazy = launcher.freePort();
        accepting = launcher.freePort();
        local = launcher.directory().resolve("sockets/local");
        declare();
    }

    /** Answers as {@link Daemons#ANSWERING} does, prints a numbered line for each answer, and never runs twice at once. */
    static String alone(Path lock) {
        return Daemons.ANSWERING
                .replace(
                        "use Socket;",
                        "use Socket;\nuse Fcntl ':flock';\n$| = 1;\nmy $count = 0;\nopen(my $lock, '>', '" + lock
                                + "') or die;"
                                + "\nflock($lock, LOCK_EX | LOCK_NB) or do { print \"DOUBLED\\n\"; exit 1 };")
                .replace("close($peer);", "close($peer);\n    print \"answer $$ \", ++$count, \"\\n\";");
    }

    private void declare() {
        try {
            for (String open : List.of("locks", "sockets")) {
                Tree.mode(Files.createDirectory(launcher.directory().resolve(open)), "rwxrwxrwx");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        declare("running", running).flag("service/eager");
        declare("lazy", lazy);
        launcher.bundle("accepting")
                .run(Daemons.ONE_LINE)
                .file("sockets/s/listen", "127.0.0.1:" + accepting)
                .flag("sockets/s/accept");
        launcher.bundle("local")
                .run(Daemons.ONE_LINE)
                .file("sockets/s/listen", local.toString())
                .flag("sockets/s/accept");
        launcher.bundle("other").runsIdle().flag("service/down");
    }

    /** Its lines name its process by number and second: a long storm comes round to the same numbers. */
    private Bundle declare(String name, int port) {
        return launcher.bundle(name)
                .run(alone(launcher.directory().resolve("locks").resolve(name)).replace("answer $$ ", "answer $$.$^T "))
                .file("service/log-count", NEVER_ROTATED_AWAY)
                .socket("s", "127.0.0.1:" + port);
    }

    private interface Question {
        void ask() throws IOException;
    }

    /** So many kills; throws as soon as anybody has noticed anything. */
    void rage(int many) throws Exception {
        launcher.run();
        String first = Client.ask(running, "hello");
        ExecutorService threads = Executors.newCachedThreadPool();
        List<Future<?>> clients = new ArrayList<>();
        try {
            clients.add(threads.submit(() ->
                    asking("running", () -> expect(first, "[0-9]+\n", Client.ask(running, "hello")))));
            clients.add(threads.submit(() -> asking("lazy", this::askLazy)));
            clients.add(threads.submit(() ->
                    asking("accepting", () -> expect("", "[0-9]+ hello\n", Client.ask(accepting, "hello")))));
            clients.add(threads.submit(() ->
                    asking("local", () -> expect("", "[0-9]+ hello\n", Client.ask(local, "hello")))));
            clients.add(threads.submit(() -> asking("jobs", () -> {
                succeeds("start", "other");
                succeeds("stop", "other");
            })));
            long began = System.nanoTime();
            for (int kill = 0; kill < many && given.isEmpty(); kill++) {
                live();
                kills.add(System.nanoTime());
                launcher.killOutright();
            }
            count("seconds").add((System.nanoTime() - began) / 1_000_000_000);
            over = true;
            for (Future<?> client : clients) {
                client.get(Await.GENEROUS.toSeconds() + 10, TimeUnit.SECONDS);
            }
        } finally {
            over = true;
            threads.shutdownNow();
            System.out.println("Storm: kills " + kills.size() + ", " + counts);
        }
        if (!given.isEmpty()) {
            throw given.get(0);
        }
        assertThat(Client.ask(running, "hello")).isEqualTo(first);
        assertThat(launcher.status("running").starts()).isEqualTo(1);
        launcher.awaitState("lazy", "listening");
        assertThat(launcher.status("lazy").instances()).isZero();
        long starts = launcher.status("lazy").starts();
        launcher.shutdown();
        long lines = wholeLines("running") + wholeLines("lazy");
        System.out.println("Storm: starts of the lazy one " + starts + ", log lines " + lines
                + ", none lost, torn or doubled; nothing left after the shutdown");
        System.out.println("Storm: from kill to the first lazily started answer, ms: " + times(false)
                + "; of kills that the next one did not overtake: " + times(true));
        assertThat(lines).isEqualTo(count("running").sum() + count("lazy").sum() + 2);
    }

    private void live() {
        long before = kills.isEmpty() ? System.nanoTime() : kills.get(kills.size() - 1);
        boolean serves = random.nextBoolean();
        if (serves) {
            Await.until(
                    "an answer after kill " + kills.size(),
                    Await.GENEROUS,
                    () -> lazyAnswers.higherEntry(before) != null || !given.isEmpty());
        }
        LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(random.nextInt(serves ? AFTERLIFE : SHORT_LIFE)));
    }

    private LongAdder count(String what) {
        return counts.computeIfAbsent(what, name -> new LongAdder());
    }

    private void asking(String kind, Question question) {
        while (!over) {
            try {
                question.ask();
                count(kind).increment();
            } catch (ConnectException e) {
                complain(kind, "refused", e);
            } catch (IOException e) {
                complain(kind, "reset", e);
            } catch (AssertionError | RuntimeException e) {
                complain(kind, "unanswered", e);
            }
            LockSupport.parkNanos(BETWEEN_QUESTIONS);
        }
    }

    private void complain(String kind, String what, Throwable why) {
        count(kind + " " + what).increment();
        given.add(new AssertionError(kind + " " + what + " after kill " + kills.size() + ": " + why, why));
        over = true;
    }

    private static void expect(String exact, String form, String answer) {
        assertThat(answer).matches(form);
        if (!exact.isEmpty()) {
            assertThat(answer).isEqualTo(exact);
        }
    }

    private void askLazy() throws IOException {
        long began = System.nanoTime();
        expect("", "[0-9]+\n", Client.ask(lazy, "die"));
        lazyAnswers.put(began, System.nanoTime());
    }

    private void succeeds(String verb, String bundle) {
        Result result = launcher.usher(verb, bundle);
        assertThat(result.exit()).as("%s", result).isZero();
    }

    /** Median, 99th percentile and worst. */
    private String times(boolean undisturbed) {
        List<Long> sorted = new ArrayList<>();
        for (int i = 0; i < kills.size(); i++) {
            long killed = kills.get(i);
            Map.Entry<Long, Long> answer = lazyAnswers.higherEntry(killed);
            boolean overtaken = answer == null || i + 1 < kills.size() && kills.get(i + 1) < answer.getValue();
            if (answer != null && !(undisturbed && overtaken)) {
                sorted.add((answer.getValue() - killed) / 1_000_000);
            }
        }
        sorted.sort(null);
        if (sorted.isEmpty()) {
            return "none";
        }
        int last = sorted.size() - 1;
        return "median " + sorted.get(last / 2) + ", p99 " + sorted.get(last * 99 / 100) + ", worst " + sorted.get(last)
                + " (" + sorted.size() + ")";
    }

    /** Every daemon has numbered its lines: none is missing, torn or there twice. Returns how many there are. */
    private long wholeLines(String bundle) throws IOException {
        Set<String> seen = new HashSet<>();
        Map<String, Integer> numbers = new TreeMap<>();
        try (Stream<Path> files = Files.list(launcher.logs().resolve(bundle))) {
            for (Path file : files.sorted().toList()) {
                if (file.getFileName().toString().startsWith(".")) {
                    continue;
                }
                for (String line : Files.readAllLines(file)) {
                    assertThat(line).matches("@[0-9a-f]{24} answer [0-9]+[.][0-9]+ [0-9]+");
                    String text = line.substring(26);
                    assertThat(seen.add(text)).as(text).isTrue();
                    String[] words = text.split(" ", -1);
                    assertThat(Integer.parseInt(words[2])).as(text).isEqualTo(numbers.merge(words[1], 1, Integer::sum));
                }
            }
        }
        return seen.size();
    }
}

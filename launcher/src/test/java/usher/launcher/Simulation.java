package usher.launcher;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import usher.activation.ExitStatus;
import usher.activation.Taken;
import usher.bundles.Bundle;
import usher.bundles.BundleName;
import usher.bundles.ListeningSocket;
import usher.bundles.Relation;
import usher.bundles.Service;
import usher.bundles.Service.Script;
import usher.depgraph.Relations;

/**
 * One random history: a random tree, a shell that only pretends, and chance in the place of daemons, clients,
 * administrators and the clock. Everything follows from the seed. After each event the {@link Invariants} are checked.
 */
final class Simulation {
    private final Random random;
    private final Trees tree;
    /** As the bundles' files are now; what {@code refresh} and {@code replace} read may differ from what was started. */
    Relations relations;

    Engine engine;
    private final Invariants invariants;
    private final ArrayDeque<Event> answers = new ArrayDeque<>();
    private final Map<BundleName, Life.Phase> phases = new HashMap<>();
    /** The changes of phase that were seen. */
    final Set<Passage> passages = new HashSet<>();

    final Map<BundleName, Set<String>> open = new TreeMap<>();
    final Set<BundleName> watched = new TreeSet<>();
    /** The scripts that run, those of connections aside. */
    final Map<Numbered, Script> processes = new TreeMap<>();

    final Map<BundleName, Integer> connections = new TreeMap<>();
    private final Set<BundleName> farewells = new TreeSet<>();
    final Set<BundleName> hushed = new TreeSet<>();
    private final Set<Numbered> told = new TreeSet<>();
    private final Set<Numbered> deaf = new TreeSet<>();
    final Set<Long> jobs = new HashSet<>();
    private long now = 1;
    private long lastJob;
    long events;
    boolean exited;
    private boolean trouble = true;

    /** One event has brought a bundle from one phase to another. */
    record Passage(Life.Phase from, Life.Phase to) {}

    /** A process by the number that the engine gave it. */
    record Numbered(BundleName bundle, int number) implements Comparable<Numbered> {
        @Override
        public int compareTo(Numbered other) {
            int byBundle = bundle.compareTo(other.bundle);
            return byBundle != 0 ? byBundle : Integer.compare(number, other.number);
        }
    }

    Simulation(long seed) {
        random = new Random(seed);
        tree = RandomTrees.tree(random);
        relations = tree.relations();
        engine = new Engine(relations);
        invariants = new Invariants(this, relations);
    }

    /** Plays so many events, then lets everything that was begun come to its end. */
    void play(int length) {
        for (int i = 0; i < length && !exited; i++) {
            happen();
        }
        trouble = false;
        for (int i = 0; i < 10_000 && !isQuiet(); i++) {
            calmDown();
        }
        invariants.jobsHaveEnded();
    }

    private boolean isQuiet() {
        return jobs.isEmpty() && answers.isEmpty() && (exited || !engine.isShuttingDown());
    }

    private void happen() {
        if (random.nextInt(200) == 0) {
            engine = Reincarnation.of(engine);
            send(new Event.Tick());
        }
        int dice = random.nextInt(100);
        if (dice < 12) {
            request();
        } else if (dice < 30) {
            passTime(random.nextInt(4) == 0 ? random.nextInt(40_000) : random.nextInt(300));
        } else if (dice < 45) {
            toDeadline();
        } else if (dice < 65 && !watched.isEmpty()) {
            send(new Event.Knocked(pick(watched)));
        } else if (dice < 80 && !processes.isEmpty()) {
            exit(pick(processes.keySet()));
        } else if (dice < 88) {
            becomeReady();
        } else if (dice < 91 && !processes.isEmpty()) {
            speak(pick(processes.keySet()));
        } else {
            disconnect();
        }
    }

    /** Only what makes things end: what was told to end does, what is to be ready is, time passes. */
    private void calmDown() {
        deaf.clear();
        Set<Numbered> ending = new TreeSet<>();
        processes.forEach((process, script) -> {
            if (script != Script.RUN || told.contains(process)) {
                ending.add(process);
            }
        });
        if (!ending.isEmpty()) {
            exit(pick(ending));
        } else if (!becomeReady() && !disconnectTold()) {
            toDeadline();
        }
    }

    private void request() {
        List<BundleName> names = new ArrayList<>();
        for (Bundle bundle : relations.bundles().bundles()) {
            if (random.nextInt(4) == 0) {
                names.add(bundle.name());
            }
        }
        int dice = random.nextInt(400);
        Event.Verb verb = dice < 150
                ? Event.Verb.START
                : dice < 180
                        ? Event.Verb.START_NOW
                        : dice < 240
                                ? Event.Verb.STOP
                                : dice < 300
                                        ? Event.Verb.RESTART
                                        : dice < 350 ? Event.Verb.REPLACE : Event.Verb.REFRESH;
        if (random.nextInt(4) == 0) {
            RandomTrees.edit(tree, random);
            relations = tree.relations();
        }
        if (dice == 399 && events > 100) {
            verb = Event.Verb.SHUTDOWN;
        }
        long job = ++lastJob;
        jobs.add(job);
        send(new Event.Requested(job, verb, names, relations));
    }

    private void passTime(long millis) {
        long until = now + millis;
        for (int ticks = 0; engine.nextDeadline() <= until; ticks++) {
            toDeadline();
            invariants.timePasses(ticks);
        }
        now = until;
    }

    private void toDeadline() {
        if (engine.nextDeadline() != Life.NEVER) {
            now = Math.max(now, engine.nextDeadline());
            send(new Event.Tick());
        }
    }

    private void exit(Numbered process) {
        Script script = processes.remove(process);
        if (script == null) {
            return;
        }
        boolean signalled = told.remove(process);
        deaf.remove(process);
        ExitStatus status = signalled
                ? ExitStatus.signal(15)
                : ExitStatus.exit(trouble && random.nextInt(3) == 0 ? (random.nextInt(5) == 0 ? 125 : 1) : 0);
        Taken taken = List.of(Taken.YES, Taken.NO, Taken.UNKNOWN).get(random.nextInt(3));
        send(new Event.Exited(process.bundle(), script, process.number(), status, taken));
    }

    /** A daemon sends a message: a sign of life or the promise of one, a wish for more time, or that it is stuck. */
    private void speak(Numbered process) {
        if (processes.get(process) == Script.RUN) {
            Notification said = new Notification(
                    random.nextInt(4) == 0,
                    random.nextBoolean() ? Optional.of("busy") : Optional.empty(),
                    random.nextInt(3) == 0 ? OptionalLong.of(random.nextInt(5_000)) : OptionalLong.empty(),
                    random.nextInt(3) == 0 ? OptionalLong.of(random.nextInt(2) * 700L) : OptionalLong.empty(),
                    random.nextBoolean(),
                    random.nextInt(10) == 0,
                    false,
                    false,
                    Optional.empty(),
                    OptionalInt.empty());
            send(new Event.Notified(process.bundle(), process.number(), said));
        }
    }

    /** One of those whose readiness is awaited says that it is. */
    private boolean becomeReady() {
        List<Numbered> starting = new ArrayList<>();
        processes.forEach((process, script) -> {
            Life life = engine.life(process.bundle());
            if (script == Script.RUN && life != null) {
                boolean first = life.phase() == Life.Phase.STARTING && life.main() == process.number();
                boolean second = life.second()
                        .filter(other -> other.part() == Life.Second.Part.COMING)
                        .filter(other -> other.process() == process.number())
                        .isPresent();
                if (first || second) {
                    starting.add(process);
                }
            }
        });
        if (starting.isEmpty()) {
            return false;
        }
        Numbered ready = starting.get(random.nextInt(starting.size()));
        send(new Event.Ready(ready.bundle(), ready.number()));
        return true;
    }

    private void disconnect() {
        List<BundleName> connected = new ArrayList<>();
        connections.forEach((bundle, count) -> {
            if (count > 0) {
                connected.add(bundle);
            }
        });
        if (!connected.isEmpty()) {
            disconnect(connected.get(random.nextInt(connected.size())));
        }
    }

    private boolean disconnectTold() {
        for (Map.Entry<BundleName, Integer> entry : connections.entrySet()) {
            if (entry.getValue() > 0 && farewells.contains(entry.getKey())) {
                disconnect(entry.getKey());
                return true;
            }
        }
        return false;
    }

    private void disconnect(BundleName bundle) {
        connections.merge(bundle, -1, Integer::sum);
        if (connections.getOrDefault(bundle, 0) == 0) {
            farewells.remove(bundle);
        }
        send(new Event.Disconnected(bundle, ExitStatus.exit(0)));
    }

    private void send(Event event) {
        answers.add(event);
        while (!answers.isEmpty()) {
            Event next = answers.remove();
            events++;
            invariants.before(next);
            List<Effect> effects = engine.on(next, now);
            notePhases();
            for (Effect effect : effects) {
                invariants.effect(effect);
                carryOut(effect);
            }
            invariants.after(next, effects);
        }
    }

    private void notePhases() {
        for (Life life : engine.lives()) {
            Life.Phase before = phases.put(life.bundle().name(), life.phase());
            if (before != null && before != life.phase()) {
                passages.add(new Passage(before, life.phase()));
            }
        }
    }

    private void carryOut(Effect effect) {
        if (effect instanceof Effect.Open toOpen) {
            open(toOpen.bundle());
        } else if (effect instanceof Effect.Close close) {
            open.remove(close.bundle());
            watched.remove(close.bundle());
        } else if (effect instanceof Effect.Watch watch) {
            watched.add(watch.bundle());
        } else if (effect instanceof Effect.Unwatch unwatch) {
            watched.remove(unwatch.bundle());
        } else if (effect instanceof Effect.CloseOthers close) {
            Set<String> names = new TreeSet<>();
            close.bundle().sockets().forEach(socket -> names.add(socket.name()));
            open.getOrDefault(close.bundle().name(), new TreeSet<>()).retainAll(names);
        } else if (effect instanceof Effect.Spawn spawn) {
            spawn(new Numbered(spawn.bundle().name(), spawn.process()), spawn.script());
        } else if (effect instanceof Effect.Accept accept) {
            accept(accept.bundle().name(), accept.room());
        } else if (effect instanceof Effect.Count count) {
            answers.add(new Event.Counted(count.bundle(), random.nextInt(3)));
        } else if (effect instanceof Effect.Hush hush) {
            hushed.add(hush.bundle());
            answers.add(new Event.Counted(hush.bundle(), random.nextInt(2)));
        } else if (effect instanceof Effect.Unhush unhush) {
            hushed.remove(unhush.bundle());
        } else if (effect instanceof Effect.JobEnded ended) {
            jobs.remove(ended.job());
        } else if (effect instanceof Effect.Exit) {
            exited = true;
        } else {
            end(effect);
        }
    }

    private void end(Effect effect) {
        if (effect instanceof Effect.Signal signal) {
            farewells.add(signal.bundle().name());
            of(signal.bundle().name()).forEach(this::signal);
        } else if (effect instanceof Effect.SignalProcess signal) {
            signal(new Numbered(signal.bundle().name(), signal.process()));
        } else if (effect instanceof Effect.EndInput input) {
            of(input.bundle()).forEach(this::signal);
        } else if (effect instanceof Effect.Kill kill) {
            farewells.add(kill.bundle());
            of(kill.bundle()).forEach(this::kill);
        } else if (effect instanceof Effect.KillProcess kill) {
            kill(new Numbered(kill.bundle(), kill.process()));
        }
    }

    List<Numbered> of(BundleName bundle) {
        return processes.keySet().stream()
                .filter(process -> process.bundle().equals(bundle))
                .toList();
    }

    private void open(Bundle bundle) {
        Set<String> sockets = open.computeIfAbsent(bundle.name(), name -> new TreeSet<>());
        for (ListeningSocket socket : bundle.sockets()) {
            if (sockets.contains(socket.name())) {
                continue;
            }
            if (trouble && random.nextInt(6) == 0) {
                answers.add(new Event.OpenFailed(bundle.name(), socket.name(), random.nextBoolean(), "bad luck"));
            } else {
                sockets.add(socket.name());
                answers.add(new Event.Opened(bundle.name(), socket.name()));
            }
        }
    }

    private void spawn(Numbered process, Script script) {
        if (trouble && random.nextInt(12) == 0) {
            answers.add(new Event.SpawnFailed(process.bundle(), script, process.number(), "bad luck"));
            return;
        }
        processes.put(process, script);
        if (trouble && random.nextInt(10) == 0) {
            deaf.add(process);
        }
        answers.add(new Event.Spawned(process.bundle(), script, process.number()));
    }

    private void accept(BundleName bundle, int room) {
        for (int i = random.nextInt(3); i > 0 && room > 0; i--, room--) {
            if (trouble && random.nextInt(10) == 0) {
                answers.add(new Event.AcceptFailed(bundle, "bad luck"));
                return;
            }
            connections.merge(bundle, 1, Integer::sum);
            answers.add(new Event.Connected(bundle));
        }
    }

    /** Most end when told; the deaf wait for KILL. */
    private void signal(Numbered process) {
        if (!deaf.contains(process) && processes.containsKey(process)) {
            told.add(process);
        }
    }

    private void kill(Numbered process) {
        deaf.remove(process);
        signal(process);
    }

    private <T> T pick(Set<T> all) {
        return new ArrayList<>(all).get(random.nextInt(all.size()));
    }

    long now() {
        return now;
    }

    /** Whether the shell still owes the engine an answer, so that the two may differ. */
    boolean hasAnswers() {
        return !answers.isEmpty();
    }

    /** A tree of two to a dozen bundles of every kind, with links at random, cycles and conflicts among them. */
    static final class RandomTrees {
        private RandomTrees() {}

        static Trees tree(Random random) {
            Trees trees = new Trees();
            int count = 2 + random.nextInt(11);
            for (int i = 0; i < count; i++) {
                trees.add("b" + i, kind(random));
            }
            Relation[] relations = {
                Relation.WANTS,
                Relation.WANTS,
                Relation.REQUIRES,
                Relation.REQUIRES,
                Relation.AFTER,
                Relation.AFTER,
                Relation.BEFORE,
                Relation.LOG,
                Relation.CONFLICTS
            };
            Map<String, Relation> seen = new HashMap<>();
            for (int i = random.nextInt(3 * count); i > 0; i--) {
                int from = random.nextInt(count);
                int to = random.nextInt(count);
                boolean mayCycle = random.nextInt(12) == 0;
                if (from != to && (mayCycle || from > to)) {
                    Relation relation = relations[random.nextInt(relations.length)];
                    if (relation == Relation.BEFORE && !mayCycle) {
                        int swap = from;
                        from = to;
                        to = swap;
                    }
                    if (seen.put(from + ">" + to + relation, relation) == null) {
                        trees.link("b" + from, relation, "b" + to);
                    }
                }
            }
            return trees;
        }

        /** Somebody edits the files of a bundle: sockets come and go, other settings change. */
        static void edit(Trees trees, Random random) {
            trees.edit(
                    "b" + random.nextInt(trees.size()),
                    kind -> new Trees.Kind(
                            kind.scripts(),
                            kind.sockets() == 0 ? 0 : 1 + random.nextInt(3),
                            kind.accept(),
                            kind.room(),
                            kind.eager(),
                            random.nextBoolean(),
                            timeouts(random),
                            kind.idle()));
        }

        private static Trees.Kind kind(Random random) {
            if (random.nextInt(7) == 0) {
                return new Trees.Kind(Set.of(), 0, false, 0, false, false, Trees.TIMEOUTS, Optional.empty());
            }
            Set<Script> scripts = EnumSet.noneOf(Script.class);
            for (Script script : Script.values()) {
                if (random.nextInt(4) == 0) {
                    scripts.add(script);
                }
            }
            int sockets = random.nextInt(3) == 0 ? 1 + random.nextInt(2) : 0;
            if (sockets > 0 || random.nextInt(4) > 0 || scripts.isEmpty()) {
                scripts.add(Script.RUN);
            } else {
                scripts.add(Script.START);
            }
            boolean accept = sockets > 0 && random.nextInt(3) == 0;
            return new Trees.Kind(
                    scripts,
                    sockets,
                    accept,
                    1 + random.nextInt(3),
                    random.nextInt(4) == 0,
                    random.nextInt(3) == 0,
                    timeouts(random),
                    random.nextInt(3) == 0 ? Optional.of(Duration.ofSeconds(1)) : Optional.empty());
        }

        private static Service.Timeouts timeouts(Random random) {
            return random.nextBoolean() ? Trees.TIMEOUTS : Service.Timeouts.DEFAULT;
        }
    }
}

package usher.launcher;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import usher.activation.ExitStatus;
import usher.activation.Taken;
import usher.bundles.Bundle;
import usher.bundles.BundleName;
import usher.bundles.Service.Script;
import usher.depgraph.Relations;
import usher.launcher.SimulatedShell.Numbered;

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
    final SimulatedShell shell;
    private final Map<BundleName, Life.Phase> phases = new HashMap<>();
    /** The changes of phase that were seen. */
    final Set<Passage> passages = new HashSet<>();

    private long now = 1;
    private long lastJob;
    long events;

    /** One event has brought a bundle from one phase to another. */
    record Passage(Life.Phase from, Life.Phase to) {}

    Simulation(long seed) {
        random = new Random(seed);
        shell = new SimulatedShell(random);
        tree = RandomTrees.tree(random);
        relations = tree.relations();
        engine = new Engine(relations);
        invariants = new Invariants(this, relations);
    }

    /** Plays so many events, then lets everything that was begun come to its end. */
    void play(int length) {
        for (int i = 0; i < length && !shell.exited; i++) {
            happen();
        }
        shell.trouble = false;
        for (int i = 0; i < 10_000 && !isQuiet(); i++) {
            calmDown();
        }
        invariants.jobsHaveEnded();
    }

    private boolean isQuiet() {
        return shell.jobs.isEmpty() && shell.answers.isEmpty() && (shell.exited || !engine.isShuttingDown());
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
        } else if (dice < 65 && !shell.watched.isEmpty()) {
            send(new Event.Knocked(pick(shell.watched)));
        } else if (dice < 80 && !shell.processes.isEmpty()) {
            exit(pick(shell.processes.keySet()));
        } else if (dice < 88) {
            becomeReady();
        } else if (dice < 91 && !shell.processes.isEmpty()) {
            speak(pick(shell.processes.keySet()));
        } else {
            disconnect();
        }
    }

    /** Only what makes things end: what was told to end does, what is to be ready is, time passes. */
    private void calmDown() {
        shell.deaf.clear();
        Set<Numbered> ending = new TreeSet<>();
        shell.processes.forEach((process, script) -> {
            if (script != Script.RUN || shell.told.contains(process)) {
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
        shell.jobs.add(job);
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
        Script script = shell.processes.remove(process);
        if (script == null) {
            return;
        }
        boolean signalled = shell.told.remove(process);
        shell.deaf.remove(process);
        ExitStatus status = signalled
                ? ExitStatus.signal(15)
                : ExitStatus.exit(shell.trouble && random.nextInt(3) == 0 ? (random.nextInt(5) == 0 ? 125 : 1) : 0);
        Taken taken = List.of(Taken.YES, Taken.NO, Taken.UNKNOWN).get(random.nextInt(3));
        if (shell.trouble && random.nextInt(20) == 0) {
            shell.lose(process.bundle());
        }
        send(new Event.Exited(process.bundle(), script, process.number(), status, taken));
    }

    /** A daemon sends a message: a sign of life or the promise of one, a wish for more time, or that it is stuck. */
    private void speak(Numbered process) {
        if (shell.processes.get(process) == Script.RUN) {
            if (shell.trouble && random.nextInt(20) == 0) {
                shell.lose(process.bundle());
            }
            Notification said = new Notification(
                    random.nextInt(4) == 0,
                    random.nextBoolean() ? Optional.of("busy") : Optional.empty(),
                    random.nextInt(4) == 0,
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
        shell.processes.forEach((process, script) -> {
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
        shell.connections.forEach((bundle, count) -> {
            if (count > 0) {
                connected.add(bundle);
            }
        });
        if (!connected.isEmpty()) {
            disconnect(connected.get(random.nextInt(connected.size())));
        }
    }

    private boolean disconnectTold() {
        for (Map.Entry<BundleName, Integer> entry : shell.connections.entrySet()) {
            if (entry.getValue() > 0 && shell.farewells.contains(entry.getKey())) {
                disconnect(entry.getKey());
                return true;
            }
        }
        return false;
    }

    private void disconnect(BundleName bundle) {
        shell.connections.merge(bundle, -1, Integer::sum);
        if (shell.connections.getOrDefault(bundle, 0) == 0) {
            shell.farewells.remove(bundle);
        }
        send(new Event.Disconnected(bundle, ExitStatus.exit(0)));
    }

    private void send(Event event) {
        shell.answers.add(event);
        while (!shell.answers.isEmpty()) {
            Event next = shell.answers.remove();
            events++;
            invariants.before(next);
            List<Effect> effects = engine.on(next, now);
            notePhases();
            for (Effect effect : effects) {
                invariants.effect(effect);
                shell.carryOut(effect);
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

    private <T> T pick(Set<T> all) {
        return new ArrayList<>(all).get(random.nextInt(all.size()));
    }

    long now() {
        return now;
    }

    /** Whether the shell still owes the engine an answer, so that the two may differ. */
    boolean hasAnswers() {
        return !shell.answers.isEmpty();
    }
}

package usher.launcher;

import static org.assertj.core.api.Assertions.fail;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import usher.activation.Taken;
import usher.bundles.Bundle;
import usher.bundles.BundleName;
import usher.bundles.ListeningSocket;
import usher.bundles.Service.Script;
import usher.depgraph.Edge;
import usher.depgraph.Relations;
import usher.launcher.Life.Phase;
import usher.launcher.Life.Wish;

/**
 * What must hold in every history, whatever happens:
 *
 * <ol>
 *   <li>at most one process per bundle, a second one while its daemon is being replaced, the connections of accept
 *       aside, and of those never more than there was room when they came;
 *   <li>nothing begins before the starts that it is after have ended, nor while something it is ordered against, or
 *       conflicts with, is being stopped; nothing is stopped before all that is after it is down;
 *   <li>two bundles in conflict never run at once;
 *   <li>a socket that lies below what another bundle mounts is opened when that is up, any other with the job;
 *   <li>a socket once open is closed only by a stop, or when a refresh finds it removed;
 *   <li>what is expected of a knock comes of it, and no other process; what is expected of one after the end of a daemon is
 *       expected after it;
 *   <li>newcomers are held off only while a daemon runs that is idle;
 *   <li>who should be listened for is, and nobody else: no knock is lost, none starts a second daemon;
 *   <li>a bundle is never stuck: what runs has a process, what pauses has a next try;
 *   <li>a daemon that keeps failing is not started more often than the pauses allow;
 *   <li>a logger's input ends only when nobody writes to it;
 *   <li>every job ends.
 * </ol>
 */
final class Invariants {
    private static final int MOST_STARTS_A_SECOND = 8;

    private final Simulation world;
    private final Relations relations;
    private final List<Edge> edges;
    private final Reach reach;
    private final Set<BundleName> mayClose = new TreeSet<>();
    private final Map<BundleName, Integer> rooms = new HashMap<>();
    /** Those orders among the starts in flight that are on a circle, or were. */
    private final Set<Edge> circles = new HashSet<>();

    private final Map<BundleName, ArrayDeque<Long>> fruitless = new HashMap<>();
    private final Set<BundleName> pendingStarts = new TreeSet<>();
    private final Set<BundleName> begunStops = new TreeSet<>();
    private final Played history = new Played();
    private Optional<Expectation> expected = Optional.empty();
    private Optional<Expectation> expectedNext = Optional.empty();

    Invariants(Simulation world, Relations relations) {
        this.world = world;
        this.relations = relations;
        this.reach = new Reach(relations);
        Set<BundleName> all = new TreeSet<>();
        relations.bundles().bundles().forEach(bundle -> all.add(bundle.name()));
        edges = relations.edges(all);
    }

    void before(Event event) {
        history.add(event, world.now());
        pendingStarts.clear();
        begunStops.clear();
        for (Operation start : world.engine.operations().startsInFlight()) {
            Life life = world.engine.life(start.bundle.name());
            // What ended by itself and is started again by itself has begun long ago.
            boolean startsAgain = life != null && life.phase().isPassing();
            if (!start.begun && !startsAgain && !start.standing) {
                pendingStarts.add(start.bundle.name());
            }
        }
        for (Operation stop : world.engine.operations().stopsInFlight()) {
            if (stop.begun) {
                begunStops.add(stop.bundle.name());
            }
        }
        mayClose.addAll(reach.stoppedBy(event));
        expected =
                event instanceof Event.Knocked knock ? Expectation.of(world.engine, knock.bundle()) : Optional.empty();
        expectedNext = event instanceof Event.Exited end
                ? Expectation.after(world.engine, end, world.now())
                : Optional.empty();
        if (event instanceof Event.Exited end && end.taken() == Taken.YES && isMain(end)) {
            check(
                    Expectation.afterEnd(world.engine, end.bundle()).equals(expectedNext),
                    end.bundle() + " has ended, having served somebody, and something else was expected beforehand");
        }
    }

    private boolean isMain(Event.Exited end) {
        Life life = world.engine.life(end.bundle());
        return life != null && life.main() == end.process();
    }

    void effect(Effect effect) {
        history.add(effect);
        if (effect instanceof Effect.Spawn spawn) {
            BundleName bundle = spawn.bundle().name();
            Life life = world.engine.life(bundle);
            int most = life != null && life.second().isPresent() ? 1 : 0;
            check(world.shell.of(bundle).size() <= most, "a process too many of " + bundle);
            if (spawn.script() == Script.RUN) {
                notTooOften(bundle);
            }
        } else if (effect instanceof Effect.Open open) {
            onVolumesOnly(open.bundle());
        } else if (effect instanceof Effect.EndInput input) {
            for (BundleName writer : relations.writersTo(input.bundle())) {
                check(!running().contains(writer), input.bundle() + " is to drain, and " + writer + " writes");
            }
        } else if (effect instanceof Effect.Close close) {
            check(mayClose.contains(close.bundle()), "the sockets of " + close.bundle() + " closed without a stop");
        }
    }

    private void onVolumesOnly(Bundle bundle) {
        Map<String, BundleName> mounters = world.engine.relations().listensBelow(bundle.name());
        for (ListeningSocket socket : bundle.sockets()) {
            BundleName mounter = mounters.get(socket.name());
            if (mounter != null && !world.shell.isOpen(bundle.name(), socket.name())) {
                Life life = world.engine.life(mounter);
                check(
                        life != null && life.phase() == Phase.UP,
                        socket.source() + " is opened, and " + mounter + " is not up");
            }
        }
    }

    void after(Event event, List<Effect> effects) {
        expected.ifPresent(expectation -> check(
                effects.stream().filter(Effect.Spawn.class::isInstance).toList().equals(List.of(expectation.spawn())),
                expectation.spawn().bundle().name() + " was knocked at, and something else came of it"));
        expectedNext.ifPresent(next -> check(
                Expectation.of(world.engine, next.spawn().bundle().name())
                        .map(Expectation::spawn)
                        .equals(Optional.of(next.spawn())),
                next.spawn().bundle().name() + " has ended, and something else is expected of a knock"));
        for (Effect effect : effects) {
            if (effect instanceof Effect.Spawn spawn
                    && spawn.script() != Script.STOP
                    && spawn.script() != Script.FINISH) {
                inOrder(spawn.bundle().name());
            } else if (effect instanceof Effect.Signal signal
                    && !begunStops.contains(signal.bundle().name())) {
                stoppedInOrder(signal.bundle().name());
            }
        }
        forgive(event);
        noteCircles();
        world.engine.lives().forEach(this::lifeIsSound);
        neverUpTogether();
    }

    /** Whoever is asked for again, or has served somebody, may be started again at once. */
    private void forgive(Event event) {
        if (event instanceof Event.Requested) {
            fruitless.clear();
        } else if (event instanceof Event.Exited exited && exited.taken() == Taken.YES) {
            Life life = world.engine.life(exited.bundle());
            if (life != null && life.bundle().isLazy()) {
                fruitless.remove(exited.bundle());
            }
        }
    }

    /** Called when a start that a job, or a knock, asked for has spawned its first process. */
    private void inOrder(BundleName bundle) {
        if (!pendingStarts.contains(bundle)) {
            return;
        }
        List<Edge> amongStarts = amongStarts();
        for (Edge edge : edges) {
            if (edge.to().equals(bundle)
                    && !listens(edge.from())
                    && !circles.contains(edge)
                    && !isOnCycle(edge, amongStarts)) {
                Operation earlier = world.engine.operations().start(edge.from());
                check(earlier == null || earlier.standing, bundle + " began before " + edge + " allowed");
            }
            BundleName other = edge.to().equals(bundle) ? edge.from() : edge.to();
            if (edge.to().equals(bundle) || edge.from().equals(bundle)) {
                check(world.engine.operations().stop(other) == null, bundle + " began while " + other + " is stopped");
            }
        }
    }

    private List<Edge> amongStarts() {
        Set<BundleName> starting = world.engine.operations().starting();
        return starting.size() < 2
                ? List.of()
                : edges.stream()
                        .filter(edge -> starting.contains(edge.from()) && starting.contains(edge.to()))
                        .toList();
    }

    /** Where a circle of starts was broken it stays so, though one of them may be canceled. */
    private void noteCircles() {
        List<Edge> amongStarts = amongStarts();
        circles.retainAll(amongStarts);
        amongStarts.stream().filter(edge -> isOnCycle(edge, amongStarts)).forEach(circles::add);
    }

    /** A lazy bundle is up for others once its sockets are open. */
    private boolean listens(BundleName name) {
        Life life = world.engine.life(name);
        return life != null && life.bundle().isLazy() && life.hasOpenDoors();
    }

    private void stoppedInOrder(BundleName bundle) {
        Operation stop = world.engine.operations().stop(bundle);
        if (stop == null || !stop.begun) {
            // It was told to end because its start took too long; a stop may yet come.
            return;
        }
        for (Edge edge : edges) {
            if (edge.from().equals(bundle) && !isOnCycle(edge, edges)) {
                check(
                        world.engine.operations().stop(edge.to()) == null,
                        bundle + " stopped before " + edge.to() + " is down: " + edge);
            }
        }
    }

    /** Bundles on a cycle may be started one by one; started or stopped at once all the same, one of them must be the first. */
    private static boolean isOnCycle(Edge edge, Collection<Edge> edges) {
        Set<BundleName> seen = new TreeSet<>();
        ArrayDeque<BundleName> open = new ArrayDeque<>(List.of(edge.to()));
        while (!open.isEmpty()) {
            BundleName next = open.remove();
            if (seen.add(next)) {
                edges.stream().filter(other -> other.from().equals(next)).forEach(other -> open.add(other.to()));
            }
        }
        return seen.contains(edge.from());
    }

    private void neverUpTogether() {
        for (BundleName bundle : running()) {
            for (BundleName other : relations.conflicts(bundle)) {
                check(!running().contains(other), bundle + " and " + other + " run at once");
            }
        }
    }

    private Set<BundleName> running() {
        Set<BundleName> running = new TreeSet<>();
        world.shell.processes.forEach((process, script) -> {
            if (script == Script.RUN) {
                running.add(process.bundle());
            }
        });
        world.shell.connections.forEach((bundle, count) -> {
            if (count > 0) {
                running.add(bundle);
            }
        });
        return running;
    }

    private void lifeIsSound(Life life) {
        Bundle bundle = life.bundle();
        BundleName name = bundle.name();
        boolean watched = world.shell.watched.contains(name);
        boolean process = !world.shell.of(name).isEmpty() || world.shell.connections.getOrDefault(name, 0) > 0;
        check(
                world.shell
                                .open
                                .getOrDefault(name, Map.of())
                                .keySet()
                                .equals(life.doors().open())
                        || world.hasAnswers(),
                name + " is wrong about its sockets");
        if (bundle.isPerConnection()) {
            int room = bundle.sockets().stream()
                    .mapToInt(socket -> socket.connections().max())
                    .sum();
            // A refresh may take room away from those who are in already.
            int most = rooms.merge(name, room, Math::max);
            check(life.tally().instances() <= most, name + " has no room");
        } else {
            boolean maybeIdle = life.phase() == Phase.UP && life.idling().quietSince() != Life.NEVER
                    || life.second().isPresent();
            check(!(watched && process && !maybeIdle), name + " is watched while it runs");
        }
        check(!world.shell.hushed.contains(name) || life.idling().hushed(), name + " holds newcomers off");
        check(!life.idling().hushed() || life.main() != 0, name + " is idle without a daemon");
        if (world.hasAnswers()) {
            return;
        }
        long runs = bundle.isPerConnection()
                ? world.shell.connections.getOrDefault(name, 0)
                : world.shell.of(name).stream()
                        .filter(one -> world.shell.processes.get(one) == Script.RUN)
                        .count();
        check(life.tally().instances() == runs, name + " counts " + life.tally().instances() + " of " + runs);
        if (life.phase() == Phase.LISTENING) {
            check(watched == (life.wish() == Wish.LISTEN), name + " listens, watched: " + watched);
        }
        check(!watched || world.engine.operations().stop(name) == null, name + " is watched, though a stop is coming");
        if (life.phase().isPassing()) {
            check(process, name + " is " + life.phase() + " without a process");
        }
        if (life.phase() == Phase.BACKOFF) {
            check(life.deadline() != Life.NEVER, name + " pauses for ever");
        }
        if (bundle.isLazy()
                && !bundle.isPerConnection()
                && (life.phase() == Phase.SKIPPED || life.phase() == Phase.REFUSED)) {
            check(life.doors().open().isEmpty(), name + " is " + life.phase() + " for good, and peers may wait");
        }
        if (life.phase() == Phase.PREPARING || life.phase() == Phase.STARTING) {
            check(life.deadline() != Life.NEVER, name + " may start for ever");
        }
        life.second()
                .ifPresent(second -> check(
                        world.shell.processes.containsKey(new SimulatedShell.Numbered(name, second.process())),
                        name + " has lost its second process"));
        if (!life.phase().isPassing()
                && life.phase() != Phase.UP
                && !bundle.isPerConnection()
                && life.second().isEmpty()) {
            check(!process, name + " is " + life.phase() + " with a process");
        }
    }

    private void notTooOften(BundleName bundle) {
        ArrayDeque<Long> times = fruitless.computeIfAbsent(bundle, name -> new ArrayDeque<>());
        times.add(world.now());
        while (times.peekFirst() != null && times.peekFirst() < world.now() - 1_000) {
            times.removeFirst();
        }
        check(times.size() <= MOST_STARTS_A_SECOND, bundle + " spins");
    }

    /** Nothing is due again and again at one moment: that would be a spin. */
    void timePasses(int ticks) {
        check(ticks < 100_000, "time does not pass");
    }

    void jobsHaveEnded() {
        check(world.shell.jobs.isEmpty(), "jobs " + world.shell.jobs + " never end");
        if (world.engine.isShuttingDown()) {
            check(world.shell.exited, "shut down, but still there");
            check(
                    world.shell.open.values().stream().allMatch(Map::isEmpty) && world.shell.processes.isEmpty(),
                    "left behind");
        }
    }

    /** Each operation, and which others it waits for. */
    private String inFlight() {
        Operations operations = world.engine.operations();
        return Stream.concat(operations.stopsInFlight().stream(), operations.startsInFlight().stream())
                .map(operation -> label(operation) + (operation.begun ? " begun" : "") + " waits for "
                        + operation.waitsFor.stream().map(Invariants::label).toList() + ", for the sockets of "
                        + operation.waitsForDoors.stream()
                                .map(Invariants::label)
                                .toList() + "\n")
                .collect(Collectors.joining());
    }

    private static String label(Operation operation) {
        return operation.kind + " " + operation.bundle.name() + " " + operation.jobs;
    }

    private void check(boolean holds, String otherwise) {
        if (!holds) {
            StringBuilder lives = new StringBuilder();
            world.engine
                    .lives()
                    .forEach(life -> lives.append(life.bundle().name())
                            .append(' ')
                            .append(life.phase())
                            .append(' ')
                            .append(life.wish())
                            .append(' ')
                            .append(life.detail())
                            .append('\n'));
            fail(otherwise + "\n" + history + lives + inFlight() + edges + "\n" + otherwise);
        }
    }
}

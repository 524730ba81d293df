package usher.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import usher.activation.ExitStatus;
import usher.activation.Taken;
import usher.bundles.BundleName;
import usher.bundles.ListeningSocket;
import usher.bundles.Relation;
import usher.bundles.Service.Script;
import usher.depgraph.Relations;

/** Histories that {@link SimulationTest} came upon only once in millions of events, or does not judge. */
class EngineTest {
    private final Map<BundleName, Integer> running = new HashMap<>();
    private final List<String> signalled = new ArrayList<>();
    private final List<String> run = new ArrayList<>();
    private final Set<String> opened = new LinkedHashSet<>();
    private long now;

    /** Sockets are opened and daemons are ready at once; they end when {@link #exits} says so. */
    private void on(Engine engine, Event event) {
        for (Effect effect : engine.on(event, now)) {
            if (effect instanceof Effect.Spawn spawn) {
                BundleName name = spawn.bundle().name();
                running.put(name, spawn.process());
                run.add(name.value());
                on(engine, new Event.Spawned(name, spawn.script(), spawn.process()));
                on(engine, new Event.Ready(name, spawn.process()));
            } else if (effect instanceof Effect.Open open) {
                for (ListeningSocket socket : open.bundle().sockets()) {
                    if (opened.add(open.bundle().name() + "/" + socket.name())) {
                        on(engine, new Event.Opened(open.bundle().name(), socket.name()));
                    }
                }
            } else if (effect instanceof Effect.Signal signal) {
                signalled.add(signal.bundle().name().value());
            }
        }
    }

    private void exits(Engine engine, String bundle) {
        BundleName name = new BundleName(bundle);
        on(
                engine,
                new Event.Exited(
                        name, Script.RUN, Objects.requireNonNull(running.get(name)), ExitStatus.exit(0), Taken.YES));
    }

    /** p is after x, y after p, and x after y; they were started one by one. */
    @Test
    void aStopOnACircleThatWasBrokenBegins() {
        Relations relations = new Trees()
                .daemon("x")
                .daemon("p")
                .daemon("q")
                .daemon("y")
                .link("p", Relation.REQUIRES, "x")
                .link("q", Relation.REQUIRES, "p")
                .link("y", Relation.AFTER, "p")
                .link("x", Relation.AFTER, "y")
                .relations();
        Engine engine = new Engine(relations);
        on(engine, request(1, Event.Verb.START, "y", relations));
        on(engine, request(2, Event.Verb.START, "q", relations));

        on(engine, request(3, Event.Verb.STOP, "x", relations));
        assertThat(signalled).containsExactly("q");
        on(engine, request(4, Event.Verb.STOP, "y", relations));
        for (int ended = 0; ended < signalled.size(); ended++) {
            exits(engine, signalled.get(ended));
        }

        assertThat(signalled).containsExactlyInAnyOrder("q", "x", "y", "p");
        assertThat(engine.operations().isEmpty()).isTrue();
    }

    private static Event request(long job, Event.Verb verb, String bundle, Relations relations) {
        return new Event.Requested(job, verb, List.of(new BundleName(bundle)), relations);
    }

    @Test
    void whoWaitsForItsNextTryIsRestartedWithWhatItRequires() {
        Relations relations = new Trees()
                .daemon("db")
                .daemon("web")
                .link("web", Relation.REQUIRES, "db")
                .relations();
        Engine engine = new Engine(relations);
        on(engine, request(1, Event.Verb.START, "web", relations));
        exits(engine, "web");

        on(engine, request(2, Event.Verb.RESTART, "db", relations));
        now = 1_000;
        on(engine, new Event.Tick());
        assertThat(run).as("while db is being stopped").containsExactly("db", "web");
        exits(engine, "db");

        assertThat(run).containsExactly("db", "web", "db", "web");
    }

    @Test
    void aNextTryWaitsForWhatIsBeingStoppedBeforeIt() {
        Relations relations = new Trees()
                .daemon("db")
                .daemon("web")
                .link("web", Relation.AFTER, "db")
                .relations();
        Engine engine = new Engine(relations);
        on(engine, request(1, Event.Verb.START, "db", relations));
        on(engine, request(2, Event.Verb.START, "web", relations));
        exits(engine, "web");

        on(engine, request(3, Event.Verb.STOP, "db", relations));
        now = 1_000;
        on(engine, new Event.Tick());
        assertThat(run).as("while db is being stopped").containsExactly("db", "web");
        exits(engine, "db");
        on(engine, new Event.Tick());

        assertThat(run).containsExactly("db", "web", "web");
    }

    @ParameterizedTest
    @CsvSource({"0,UP", "7,FAILED"})
    void theExitOfAOneShotIsThatOfItsStart(int exit, Life.Phase phase) {
        Life life = started(new Trees().oneShot("x"), exit);

        assertThat(life.phase()).isEqualTo(phase);
        assertThat(life.tally().lastExit()).hasValue(ExitStatus.exit(exit));
        assertThat(life.tally().starts()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"0,UP", "7,BACKOFF"})
    void theExitOfADaemonIsNotThatOfItsStart(int exit, Life.Phase phase) {
        Life life = started(new Trees().scripts("x", EnumSet.of(Script.START, Script.RUN)), exit);

        assertThat(life.phase()).isEqualTo(phase);
        assertThat(life.tally().lastExit()).isEmpty();
    }

    private Life started(Trees trees, int exit) {
        Relations relations = trees.relations();
        Engine engine = new Engine(relations);
        BundleName name = new BundleName("x");
        on(engine, new Event.Requested(1, Event.Verb.START, List.of(name), relations));
        int start = Objects.requireNonNull(running.get(name));
        on(engine, new Event.Exited(name, Script.START, start, ExitStatus.exit(exit), Taken.NO));
        return Objects.requireNonNull(engine.life(name));
    }

    /** The first of its two sockets lies below what {@code volume} mounts. */
    private static Relations partlyOnAVolume() {
        return new Trees()
                .oneShot("volume")
                .listening("web", 2)
                .listensBelow("web", "volume")
                .relations();
    }

    private void mounting(Engine engine, int exit) {
        BundleName volume = new BundleName("volume");
        int process = Objects.requireNonNull(running.get(volume));
        on(engine, new Event.Exited(volume, Script.START, process, ExitStatus.exit(exit), Taken.NO));
    }

    @Test
    void opensWhatLiesOnNoVolumeWithTheJobAndTheRestOnceItIsMounted() {
        Relations relations = partlyOnAVolume();
        Engine engine = new Engine(relations);
        on(engine, request(1, Event.Verb.START, "web", relations));
        Life before = engine.lifeOf(new BundleName("web"));
        assertThat(opened).containsExactly("web/s1");
        assertThat(before.state()).isEqualTo(State.WAITING);

        mounting(engine, 0);

        assertThat(opened).containsExactly("web/s1", "web/s0");
        assertThat(engine.lifeOf(new BundleName("web")).state()).isEqualTo(State.LISTENING);
    }

    @Test
    void whatListensInPartGoesOnWhenTheVolumeIsMountedAfterAll() {
        Relations relations = partlyOnAVolume();
        Engine engine = new Engine(relations);
        on(engine, request(1, Event.Verb.START, "web", relations));
        mounting(engine, 1);
        Life waiting = engine.lifeOf(new BundleName("web"));
        assertThat(waiting.state()).isEqualTo(State.WAITING);
        assertThat(waiting.detail()).isEqualTo("listens below what volume mounts, which is failed");
        assertThat(engine.operations().isEmpty()).isTrue();

        on(engine, request(2, Event.Verb.START, "volume", relations));
        mounting(engine, 0);

        assertThat(opened).containsExactly("web/s1", "web/s0");
        assertThat(engine.lifeOf(new BundleName("web")).state()).isEqualTo(State.LISTENING);
    }

    @Test
    void aSocketAddedBelowWhatIsNotMountedDisturbsNobody() {
        Relations before = new Trees().oneShot("volume").daemon("web").relations();
        Engine engine = new Engine(before);
        on(engine, request(1, Event.Verb.START, "web", before));
        Relations after = new Trees()
                .oneShot("volume")
                .eager("web", 1)
                .listensBelow("web", "volume")
                .relations();

        on(engine, request(2, Event.Verb.REFRESH, "web", after));
        assertThat(engine.lifeOf(new BundleName("web")).state()).isEqualTo(State.UP);
        assertThat(opened).isEmpty();
        on(engine, request(3, Event.Verb.START, "volume", after));
        mounting(engine, 0);

        assertThat(opened).containsExactly("web/s0");
        assertThat(engine.lifeOf(new BundleName("web")).state()).isEqualTo(State.UP);
    }
}

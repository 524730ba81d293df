package usher.launcher;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import usher.activation.ExitStatus;
import usher.activation.Launch;
import usher.activation.Listener;
import usher.activation.Orphans;
import usher.activation.ProcessId;
import usher.activation.Taken;
import usher.activation.posix.Nodes;
import usher.bundles.Bundle;
import usher.bundles.BundleSet;
import usher.bundles.ListeningSocket;
import usher.bundles.Service.Script;
import usher.depgraph.Relations;

/**
 * Knocks that nobody made, for one bundle that listens, and a restart that nobody asked for, with an engine and a record
 * of its own: all that comes before the clone takes part. No process is made, nothing is sent or opened but the record,
 * and nobody hears of it.
 */
final class Rehearsal {
    private static final String RECORD = "rehearsal";
    private static final String MARK = "0000000000000000";
    private static final int NONE = -1;

    private final Bundle bundle;
    private final List<Listener> open;
    private final Consumer<Launch> prepare;
    private final Path record;
    private final Engine engine;
    private final Chronicle chronicle;
    private final Reactor reactor;
    private final Launches launches = new Launches(any -> Map.of());
    private final Survivors survivors = new Survivors(Map.of(), MARK, Orphans.none(), List.of());
    private final ProcessId self;
    private int running = NONE;
    private int starts;

    /**
     * Throws if there is no room for the record.
     *
     * @param lazy what waits for traffic on these sockets; what it asks for takes no part
     * @param prepare does with a launch what comes before the clone
     * @param directory for the record
     * @param self this process, which stands for those that are not made
     */
    Rehearsal(Bundle lazy, List<Listener> open, Consumer<Launch> prepare, Path directory, ProcessId self)
            throws IOException {
        this.bundle = alone(lazy);
        this.open = open;
        this.prepare = prepare;
        this.record = directory.resolve(RECORD);
        this.self = self;
        Relations relations = relations(bundle);
        Clock clock = new Clock();
        engine = new Engine(relations);
        chronicle = new Chronicle(StateFile.open(record), noRoom -> {});
        chronicle.begin(new Chronicle.Settings("", clock.begun(), 1, -1, MARK), true);
        reactor = new Reactor(engine, chronicle, clock, new Stage());
        reactor.take(new Event.Requested(1, Event.Verb.START, List.of(bundle.name()), relations));
        hide();
    }

    private static Bundle alone(Bundle bundle) {
        return new Bundle(
                bundle.name(),
                bundle.directory(),
                bundle.service(),
                bundle.sockets(),
                List.of(),
                Map.of(),
                bundle.cgroup(),
                List.of());
    }

    private static Relations relations(Bundle bundle) {
        return Relations.of(new BundleSet(List.of(bundle), Map.of(), List.of()));
    }

    /** Equal, and nowhere the same object: the first comparison of those takes milliseconds. */
    private static Bundle readAnew(Bundle bundle) {
        List<Class<?>> types = new ArrayList<>();
        RecordWriter writer = new RecordWriter(type -> {
            types.add(type);
            return types.size() - 1;
        });
        byte[] written = writer.writeWhole(bundle);
        return new RecordReader(number -> RecordWriter.describe(types.get(number)), number -> bundle)
                .read(written, Bundle.class);
    }

    /** A knock, the start of the daemon, and its end. */
    void play() {
        play(List.of());
    }

    /** The same, with a restart in between. */
    void playRestart() {
        play(List.of(new Event.Requested(2, Event.Verb.RESTART, List.of(bundle.name()), relations(readAnew(bundle)))));
    }

    private void play(List<Event> whileItRuns) {
        reactor.take(new Event.Knocked(bundle.name()));
        whileItRuns.forEach(reactor::take);
        end();
        hide();
    }

    /** The record needs no name, and has one when it is begun, or begun anew because it is full. */
    private void hide() {
        Nodes.unlink(record.toString());
    }

    /** How many daemons would have been started. */
    int starts() {
        return starts;
    }

    /** Where every wish of the engine comes true at once. */
    private final class Stage implements Reactor.Surroundings {
        @Override
        public Optional<Event> before(Event event) {
            return Optional.empty();
        }

        @Override
        public void carryOut(Effect effect) {
            if (effect instanceof Effect.Open) {
                for (ListeningSocket socket : bundle.sockets()) {
                    reactor.take(new Event.Opened(bundle.name(), socket.name()));
                }
            } else if (effect instanceof Effect.Spawn spawn) {
                start(spawn);
            } else if (effect instanceof Effect.Signal) {
                end();
            }
        }

        @Override
        public void after() {
            engine.takeChanged();
        }
    }

    private void start(Effect.Spawn spawn) {
        Script script = spawn.script();
        int number = spawn.process();
        bundle.service().ifPresent(service -> {
            Launch launch = script == Script.RUN
                    ? launches.run(bundle, service, open, List.of(), Optional.empty(), Optional.empty())
                    : launches.script(bundle, service, script);
            prepare.accept(launch.with(Orphans.VARIABLE, survivors.marker(bundle.name(), number)));
        });
        chronicle.process(new ProcessImage(bundle, number, self, Optional.empty(), script, 0, Set.of()));
        reactor.take(new Event.Spawned(bundle.name(), script, number));
        if (script == Script.RUN) {
            running = number;
            starts++;
            reactor.take(new Event.Ready(bundle.name(), number));
        } else {
            ended(script, number);
        }
    }

    private void end() {
        if (running != NONE) {
            int number = running;
            running = NONE;
            ended(Script.RUN, number);
        }
    }

    private void ended(Script script, int number) {
        chronicle.processIsGone(bundle.name(), number);
        reactor.take(new Event.Exited(bundle.name(), script, number, ExitStatus.exit(0), Taken.YES));
    }
}

package usher.launcher;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import usher.activation.Acceptance;
import usher.activation.Containment;
import usher.activation.EventLoop;
import usher.activation.Keeper;
import usher.activation.Listener;
import usher.activation.Orphans;
import usher.activation.PassedSockets;
import usher.activation.Spawner;
import usher.activation.posix.Descriptor;
import usher.activation.posix.Descriptors;
import usher.activation.posix.Nodes;
import usher.activation.posix.Processes;
import usher.activation.posix.SockAddr;
import usher.activation.posix.Sockets;
import usher.bundles.Address;
import usher.bundles.Bundle;
import usher.bundles.BundleName;
import usher.bundles.ListeningSocket.Handover;

/**
 * A lazy bundle that nobody has declared: somebody knocks, its daemon is started and ends, again and again. All of it is
 * real, with an engine, a record and a {@link Shell} of its own, but that its processes end where their program would
 * begin, so that there is nothing to be seen of them.
 */
final class Rehearsal implements AutoCloseable {
    private static final String RECORD = "rehearsal";
    private static final String MARK = "0000000000000000";
    /** For so many who knock there is one who waits already at the end of a daemon. */
    static final int KNOCKS_FOR_ONE_WHO_WAITS = 6;

    private static final long BETWEEN_KNOCKS = 1_000_000;
    /** A process that executes nothing ends at once; this is for a machine at its limits. */
    private static final int ENDS_WITHIN_MILLIS = 1000;

    private final EventLoop loop;
    private final Outputs outputs;
    private final Remains remains;
    private final Bundle bundle;
    private final SockAddr address;
    private final Path record;
    private final Engine engine;
    private final Chronicle chronicle;
    private final Reactor reactor;
    private final Shell shell;
    private @Nullable Descriptor peer;
    private Runnable whenClosed = () -> {};
    private int left;
    /** A knock will come. */
    private boolean waits;

    private int played;
    /** At the end of that daemon somebody waits already. */
    private int awaited;

    private boolean restarted;
    private boolean closed;

    /**
     * Throws if there is no room for the record. Nobody but the launcher's own thread is to call it.
     *
     * @param containment where the group of its processes is made, and removed in the end
     * @param outputs gets a pipe for it, until the end
     * @param name that no other bundle has
     * @param directory for the record
     */
    Rehearsal(
            EventLoop loop,
            Spawner spawner,
            Containment containment,
            Outputs outputs,
            Keeper keeper,
            BundleName name,
            Handover handover,
            Path directory)
            throws IOException {
        this.loop = loop;
        this.outputs = outputs;
        Address.Unix own = new Address.Unix(Address.UnixType.STREAM, "usher-" + RECORD + "-" + Processes.pid(), true);
        this.address = new SockAddr.Unix(own.name(), true);
        this.bundle = RehearsedBundle.of(name, own, handover);
        this.record = directory.resolve(RECORD);
        Clock clock = new Clock();
        engine = new Engine(RehearsedBundle.relationsOf(bundle));
        chronicle = new Chronicle(StateFile.open(record), noRoom -> {});
        chronicle.begin(new Chronicle.Settings("", clock.begun(), 1, -1, MARK), true);
        remains = new Remains(keeper, chronicle);
        reactor = new Reactor(engine, chronicle, clock, new Stage());
        Diary silent = new Diary(new PrintStream(OutputStream.nullOutputStream()), Path.of("/dev/null"));
        shell = new Shell(
                loop,
                new PassedSockets(Map.of()),
                spawner,
                containment,
                new Launches(any -> outputs.streams(any, false), true),
                outputs,
                silent,
                chronicle,
                new Survivors(Map.of(), MARK, Orphans.none(), List.of()),
                keeper,
                engine,
                this::tell);
    }

    /**
     * So many peers knock one after the other, and besides some while there is a daemon, which has ended when it is looked at;
     * the first daemon is restarted. Then everything is closed.
     */
    void play(int knocks, Runnable then) {
        left = knocks;
        whenClosed = then;
        request(Event.Verb.START, bundle);
    }

    /** How many daemons have been started: one for each peer, and one that was restarted. */
    int played() {
        return played;
    }

    private void request(Event.Verb verb, Bundle as) {
        tell(new Event.Requested(1, verb, List.of(bundle.name()), RehearsedBundle.relationsOf(as)));
    }

    private void tell(Event event) {
        if (closed) {
            return;
        }
        if (event instanceof Event.Spawned) {
            played++;
            hangUp();
        }
        if (reactor.take(event)) {
            look();
        }
    }

    /** It listens at first, and again whenever a daemon has ended; whatever keeps it from that is the end. */
    private void look() {
        Life life = engine.life(bundle.name());
        Life.Phase phase = life == null ? Life.Phase.DOWN : life.phase();
        boolean listens = phase == Life.Phase.LISTENING;
        boolean runs = phase == Life.Phase.STARTING || phase == Life.Phase.UP || phase == Life.Phase.STOPPING;
        if (listens && !waits && left > 0) {
            hide();
            waits = true;
            left--;
            loop.at(System.nanoTime() + BETWEEN_KNOCKS, this::knock);
        } else if (runs && !restarted) {
            restarted = true;
            request(Event.Verb.RESTART, RehearsedBundle.readAnew(bundle));
        } else if (phase == Life.Phase.UP && !waits && left > 0 && played > awaited + KNOCKS_FOR_ONE_WHO_WAITS) {
            awaited = played;
            shell.standbys().prepareSome(List.of(bundle));
            connect();
        } else if (!waits && !runs) {
            close();
        }
    }

    /** The record needs no name, and has one when it is begun, or begun anew because it is full. */
    private void hide() {
        Nodes.unlink(record.toString());
    }

    private void knock() {
        waits = false;
        if (!closed) {
            connect();
        }
    }

    private void connect() {
        leave();
        int socket = Sockets.socket(SockAddr.AF_UNIX, Sockets.SOCK_STREAM, 0);
        if (socket >= 0) {
            peer = Descriptor.own(socket);
        }
        if (socket < 0 || Sockets.connect(socket, address) < 0) {
            close();
        }
    }

    private void leave() {
        if (peer != null) {
            peer.close();
            peer = null;
        }
    }

    /** Takes the connection off the queue, as a daemon would that serves it. */
    private void hangUp() {
        leave();
        for (Listener listener : shell.holding(bundle.name()).open(bundle)) {
            if (listener.isReadable() && listener.accept() instanceof Acceptance.Connection connection) {
                connection.close();
            }
        }
    }

    /** Nothing is left of it. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        hangUp();
        Holding holding = shell.holding(bundle.name());
        for (Holding.Running process : holding.processes.values()) {
            Descriptor pidfd = process.child().pidfd();
            if (pidfd.isOpen()) {
                Descriptors.poll(pidfd.number(), Descriptors.POLLIN, ENDS_WITHIN_MILLIS);
                process.child().reap();
            }
            process.enclosure().close();
            remains.ofForgotten(bundle.name(), process.number());
        }
        holding.processes.clear();
        shell.carryOut(new Effect.Close(bundle.name()));
        shell.close();
        outputs.release(bundle.name());
        chronicle.end();
        whenClosed.run();
    }

    private final class Stage implements Reactor.Surroundings {
        @Override
        public Optional<Event> before(Event event) {
            return Optional.empty();
        }

        @Override
        public void carryOut(Effect effect) {
            if (!(effect instanceof Effect.Report || effect instanceof Effect.JobEnded)) {
                shell.carryOut(effect);
            }
        }

        @Override
        public boolean settle() {
            return shell.settle();
        }

        @Override
        public void after() {
            shell.standbys().changed(engine.takeChanged());
        }
    }
}

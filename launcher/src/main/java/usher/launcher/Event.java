package usher.launcher;

import java.util.Collection;
import java.util.List;
import usher.activation.ExitStatus;
import usher.activation.Taken;
import usher.bundles.BundleName;
import usher.bundles.Service.Script;
import usher.depgraph.Relations;

/** What happens to the engine: a request, or a fact about one bundle. Time comes with every event. */
sealed interface Event {

    /** Somebody asks for a job; the relations are those of the bundles as just read. Names are canonical and known. */
    record Requested(long job, Verb verb, Collection<BundleName> names, Relations relations) implements Event {
        public Requested {
            names = List.copyOf(names);
        }
    }

    enum Verb {
        START,
        /** Also the daemon of a bundle that would wait for traffic. */
        START_NOW,
        STOP,
        RESTART,
        /** A new process first, then the old one is stopped. */
        REPLACE,
        /** What has changed in the bundles' files is applied to what can take it without being restarted. */
        REFRESH,
        /** Stops everything; nothing is started any more. */
        SHUTDOWN
    }

    /** Time has passed; deadlines may have come. */
    record Tick() implements Event {}

    /** A fact about one bundle. */
    sealed interface OfBundle extends Event {
        BundleName bundle();
    }

    record Opened(BundleName bundle, String socket) implements OfBundle {}

    /** {@code hopeful}: what it lacks may come by itself (an address, an interface, a descriptor). */
    record OpenFailed(BundleName bundle, String socket, boolean hopeful, String why) implements OfBundle {}

    /** A watched socket has traffic. */
    record Knocked(BundleName bundle) implements OfBundle {}

    /** A fact about one of the processes that {@link Effect.Spawn} asked for, by the number it gave it. */
    sealed interface OfProcess extends OfBundle {
        int process();
    }

    record Spawned(BundleName bundle, Script script, int process) implements OfProcess {}

    record SpawnFailed(BundleName bundle, Script script, int process, String why) implements OfProcess {}

    /** The daemon says that it is ready. */
    record Ready(BundleName bundle, int process) implements OfProcess {}

    /** The daemon, or another process of its, has sent a message. */
    record Notified(BundleName bundle, int process, Notification said) implements OfProcess {}

    /** The process is gone and so is whatever it left behind; {@code taken} is said of {@code run} only. */
    record Exited(BundleName bundle, Script script, int process, ExitStatus status, Taken taken) implements OfProcess {}

    /** How many connections are open, or wait, on the bundle's sockets; asked for by {@link Effect.Count}. */
    record Counted(BundleName bundle, int connections) implements OfBundle {}

    /** A process for one connection runs. */
    record Connected(BundleName bundle) implements OfBundle {}

    /** A process for one connection is gone. */
    record Disconnected(BundleName bundle, ExitStatus status) implements OfBundle {}

    /** No connection could be taken, or no process made for one. */
    record AcceptFailed(BundleName bundle, String why) implements OfBundle {}
}

package usher.launcher;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import usher.activation.Child;
import usher.activation.Containment;
import usher.activation.Enclosure;
import usher.activation.EventLoop;
import usher.activation.Keeper;
import usher.activation.Listener;
import usher.activation.PassedSockets;
import usher.activation.Spawner;
import usher.activation.posix.Processes;
import usher.bundles.Bundle;
import usher.bundles.BundleName;
import usher.bundles.ListeningSocket;
import usher.bundles.Service;
import usher.bundles.Service.Script;

/**
 * Carries the engine's effects out: opens, watches, spawns, signals, and tells the engine what came of it and what the
 * kernel reports afterwards. It decides nothing.
 */
final class Shell implements AutoCloseable {
    private final Consumer<Event> tell;
    private final Map<BundleName, Holding> holdings = new HashMap<>();
    private final Connections connections;
    private final ListeningSockets sockets;
    private final Notifications notifications;
    private final Endings endings;
    private final Containment containment;
    private final Outputs outputs;
    private final Idleness idleness = new Idleness();
    private final Standbys standbys;
    private final Startings startings;
    private final Survivors survivors;
    private final Chronicle chronicle;

    /** Sockets that were passed to the launcher are used before others are opened; of the engine only what is to be expected is asked. */
    Shell(
            EventLoop loop,
            PassedSockets passed,
            Spawner spawner,
            Containment containment,
            Launches launches,
            Outputs outputs,
            Diary diary,
            Chronicle chronicle,
            Survivors survivors,
            Keeper keeper,
            Engine engine,
            Consumer<Event> tell) {
        this.tell = tell;
        this.sockets = new ListeningSockets(loop, passed, keeper, diary, tell, this::knocked);
        this.survivors = survivors;
        this.chronicle = chronicle;
        this.containment = containment;
        this.outputs = outputs;
        this.connections = new Connections(
                loop, spawner, containment, launches, outputs, diary, chronicle.connections(), tell, this::watch);
        this.notifications = new Notifications(loop, containment, survivors, keeper, diary, tell);
        Remains remains = new Remains(keeper, chronicle);
        SpawnLaunches spawned = new SpawnLaunches(launches, notifications, remains, survivors, diary);
        this.standbys = new Standbys(loop, spawner, containment, spawned, engine, this::holding);
        this.endings =
                new Endings(loop, containment, notifications, sockets, standbys, survivors, remains, diary, tell);
        this.startings = new Startings(
                loop, spawner, containment, spawned, standbys, notifications, endings, remains, survivors, diary, tell);
    }

    /** Reaps, from now on, the orphans that nobody follows. */
    void sweep() {
        endings.sweep();
    }

    Containment containment() {
        return containment;
    }

    Holding holding(BundleName bundle) {
        return holdings.computeIfAbsent(bundle, name -> new Holding());
    }

    /** Waits for a process that is being made; whether one was. */
    boolean settle() {
        return startings.settle();
    }

    /** Waits for the processes of connections that are being made. */
    void settleConnections() {
        connections.settle();
    }

    /** Whether a process of the bundle is being made: the engine hears of it next. */
    boolean isStarting(BundleName bundle) {
        return startings.isStarting(bundle);
    }

    void carryOut(Effect effect) {
        if (!(effect instanceof Effect.Spawn)) {
            settle();
        }
        if (!(effect instanceof Effect.Accept)) {
            settleConnections();
        }
        if (effect instanceof Effect.Accept accept) {
            connections.take(accept.bundle(), holding(accept.bundle().name()), accept.room());
        } else if (effect instanceof Effect.Open open) {
            sockets.open(open.bundle(), holding(open.bundle().name()));
        } else if (effect instanceof Effect.CloseOthers close) {
            sockets.closeOthers(close.bundle(), holding(close.bundle().name()));
        } else if (effect instanceof Effect.Close close) {
            close(close.bundle());
        } else if (effect instanceof Effect.Watch watch) {
            watch(watch.bundle());
        } else if (effect instanceof Effect.Unwatch unwatch) {
            sockets.unwatch(unwatch.bundle(), holding(unwatch.bundle()));
        } else if (effect instanceof Effect.Spawn spawn) {
            startings.start(spawn, holding(spawn.bundle().name()));
        } else if (effect instanceof Effect.Count count) {
            tell.accept(new Event.Counted(count.bundle(), idleness.count(holding(count.bundle()))));
        } else if (effect instanceof Effect.Hush hush) {
            tell.accept(new Event.Counted(hush.bundle(), idleness.hush(holding(hush.bundle()))));
        } else if (effect instanceof Effect.Unhush unhush) {
            idleness.unhush(holding(unhush.bundle()));
        } else if (effect instanceof Effect.EndInput input) {
            outputs.endInput(input.bundle());
        } else {
            end(effect);
        }
    }

    private void end(Effect effect) {
        if (effect instanceof Effect.Signal signal) {
            signal(signal.bundle());
        } else if (effect instanceof Effect.SignalProcess signal) {
            Holding holding = holding(signal.bundle().name());
            Holding.@Nullable Running process = holding.processes.get(signal.process());
            if (process != null) {
                signal(holding.main(process), signal.bundle());
            }
        } else if (effect instanceof Effect.Kill kill) {
            kill(kill.bundle());
        } else if (effect instanceof Effect.KillProcess kill) {
            Holding.@Nullable Running process = holding(kill.bundle()).processes.get(kill.process());
            if (process != null) {
                endings.kill(process);
            }
        } else {
            throw new IllegalStateException("not for the shell: " + effect);
        }
    }

    /** What is ready for the next knocks. */
    Standbys standbys() {
        return standbys;
    }

    /** The process first, if it is ready, since the engine takes its time. */
    private void knocked(BundleName bundle) {
        standbys.begin(bundle);
        tell.accept(new Event.Knocked(bundle));
    }

    /** Has the engine told of the next traffic on the bundle's sockets. */
    void watch(BundleName bundle) {
        sockets.watch(bundle, holding(bundle));
    }

    private void close(BundleName bundle) {
        Holding holding = holding(bundle);
        standbys.drop(bundle);
        sockets.close(bundle, holding);
        notifications.closeStored(holding);
        holding.dismissConnections();
        connections.releaseGroup(bundle, holding);
        if (holding.processes.isEmpty() && holding.connectionsHeld == null) {
            containment.isIdle(bundle);
        }
    }

    /** Takes over what a launcher before this one had of the bundle; what has ended meanwhile is told once all is taken. */
    void restore(Life life, List<ProcessImage> processes) {
        Bundle bundle = life.bundle();
        Holding holding = holding(bundle.name());
        sockets.restore(bundle, holding, survivors);
        bundle.sockets()
                .forEach(socket ->
                        chronicle.connections().recall(bundle.name(), socket.name(), holding.intake(socket.name())));
        notifications.restore(bundle.name(), holding);
        processes.forEach(image -> startings.restore(holding, image));
        if (life.idling().hushed() && life.phase() == Life.Phase.STOPPING) {
            idleness.hush(holding);
        } else {
            idleness.unhush(holding);
        }
    }

    /** Takes over the processes of connections, and says how many run. */
    int restoreConnections(Bundle bundle, List<ConnectionImage> images) {
        return connections.restore(bundle, holding(bundle.name()), images);
    }

    /** Serves whoever the launcher before this one had accepted and had no process for yet. */
    void rescue(Collection<Life> lives) {
        Rescue rescue = new Rescue(survivors.takeRescued());
        for (Life life : lives) {
            Holding holding = holding(life.bundle().name());
            for (ListeningSocket socket : life.bundle().sockets()) {
                Listener listener = holding.listeners.get(socket.name());
                if (socket.accept() && listener != null) {
                    rescue.unserved(listener).forEach(peer -> connections.rescue(holding, socket, peer));
                }
            }
        }
        rescue.closeRest();
    }

    /** Of all that runs, also of what the engine is still to hear of. */
    List<Enclosure> enclosures(Collection<Life> lives) {
        List<Enclosure> all = new ArrayList<>();
        for (Holding holding : holdings.values()) {
            holding.processes.values().forEach(process -> all.add(process.enclosure()));
            if (holding.connectionsHeld != null) {
                all.add(holding.connectionsHeld);
            }
        }
        for (Life life : lives) {
            if (survivors.hasNext(life)) {
                all.add(containment.enclosure(life.bundle(), life.processes() + 1));
            }
        }
        return all;
    }

    /** The bundle's main process: its daemon, or a script that runs instead; 0 if there is none. */
    int pid(Life life) {
        Holding.@Nullable Running main = holding(life.bundle().name()).processes.get(life.main());
        return main == null ? 0 : holding(life.bundle().name()).main(main).pid();
    }

    /** Sends the bundle's main process a signal; false if there is none. */
    boolean signal(Life life, int signal) {
        Holding.@Nullable Running main = holding(life.bundle().name()).processes.get(life.main());
        return main != null && holding(life.bundle().name()).main(main).signal(signal);
    }

    private void signal(Bundle bundle) {
        Holding holding = holding(bundle.name());
        for (Holding.Running process : holding.processes.values()) {
            if (process.script() != Script.FINISH) {
                signal(holding.main(process), bundle);
            }
        }
        holding.connections.forEach(child -> signal(child, bundle));
        idleness.thaw(holding);
    }

    private static void signal(Child child, Bundle bundle) {
        child.signal(bundle.service().map(Service::downSignal).orElse(Processes.SIGTERM));
        child.signal(Processes.SIGCONT);
    }

    private void kill(BundleName bundle) {
        Holding holding = holding(bundle);
        holding.processes.values().forEach(endings::kill);
        holding.connections.forEach(child -> child.signalGroup(Processes.SIGKILL));
        holding.cleaning.forEach(child -> child.signalGroup(Processes.SIGKILL));
        if (holding.connectionsHeld != null) {
            holding.connectionsHeld.kill();
        }
    }

    @Override
    public void close() {
        standbys.close();
        settleConnections();
        holdings.values().forEach(Holding::dismissConnections);
        notifications.close();
    }
}

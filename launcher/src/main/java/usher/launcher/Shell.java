package usher.launcher;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import usher.activation.Child;
import usher.activation.Containment;
import usher.activation.Enclosure;
import usher.activation.EventLoop;
import usher.activation.Launch;
import usher.activation.Listener;
import usher.activation.PassedSockets;
import usher.activation.Pipe;
import usher.activation.Spawner;
import usher.activation.Spawning;
import usher.activation.posix.PosixException;
import usher.bundles.Bundle;
import usher.bundles.BundleName;
import usher.bundles.Service;
import usher.bundles.Service.Script;

/**
 * Carries the engine's effects out: opens, watches, spawns, signals, and tells the engine what came of it and what the
 * kernel reports afterwards. It decides nothing.
 */
final class Shell implements AutoCloseable {
    private static final int SIGKILL = 9;
    private static final int SIGTERM = 15;
    private static final int SIGCONT = 18;

    private final EventLoop loop;
    private final Spawner spawner;
    private final Launches launches;
    private final Diary diary;
    private final Consumer<Event> tell;
    private final Map<BundleName, Holding> holdings = new HashMap<>();
    private final Connections connections;
    private final ListeningSockets sockets;
    private final Notifications notifications;
    private final Endings endings;
    private final Containment containment;
    private final Idleness idleness = new Idleness();

    /** Sockets that were passed to the launcher are used before others are opened. */
    Shell(
            EventLoop loop,
            PassedSockets passed,
            Spawner spawner,
            Containment containment,
            Launches launches,
            Diary diary,
            Consumer<Event> tell) {
        this.loop = loop;
        this.spawner = spawner;
        this.launches = launches;
        this.diary = diary;
        this.tell = tell;
        this.sockets = new ListeningSockets(loop, passed, diary, tell);
        this.containment = containment;
        this.connections = new Connections(loop, spawner, containment, launches, diary, tell, this::watch);
        this.notifications = new Notifications(loop, containment, diary, tell);
        this.endings = new Endings(loop, containment, notifications, sockets, diary, tell);
    }

    Containment containment() {
        return containment;
    }

    Holding holding(BundleName bundle) {
        return holdings.computeIfAbsent(bundle, name -> new Holding());
    }

    void carryOut(Effect effect) {
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
            sockets.unwatch(holding(unwatch.bundle()));
        } else if (effect instanceof Effect.Spawn spawn) {
            spawn(spawn);
        } else if (effect instanceof Effect.Count count) {
            tell.accept(new Event.Counted(count.bundle(), idleness.count(holding(count.bundle()))));
        } else if (effect instanceof Effect.Hush hush) {
            tell.accept(new Event.Counted(hush.bundle(), idleness.hush(holding(hush.bundle()))));
        } else if (effect instanceof Effect.Unhush unhush) {
            idleness.unhush(holding(unhush.bundle()));
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
        }
    }

    private void watch(BundleName bundle) {
        sockets.watch(bundle, holding(bundle));
    }

    private void close(BundleName bundle) {
        Holding holding = holding(bundle);
        sockets.close(holding);
        holding.closeStored();
        holding.dismissConnections();
        connections.releaseGroup(bundle, holding);
    }

    private void spawn(Effect.Spawn spawn) {
        Optional<Service> service = spawn.bundle().service();
        if (service.isEmpty()) {
            notSpawned(spawn, "nothing to run");
            return;
        }
        Optional<String> fault = containment.apply(spawn.bundle());
        if (fault.isPresent()) {
            notSpawned(spawn, fault.get());
            return;
        }
        try {
            spawn(spawn, service.get());
        } catch (PosixException outOfDescriptors) {
            notSpawned(spawn, outOfDescriptors.getMessage());
        }
    }

    private void notSpawned(Effect.Spawn spawn, String why) {
        BundleName bundle = spawn.bundle().name();
        diary.complain(bundle + "/" + spawn.script().fileName() + ": " + why);
        tell.accept(new Event.SpawnFailed(bundle, spawn.script(), spawn.process(), why));
    }

    private void spawn(Effect.Spawn spawn, Service service) {
        BundleName bundle = spawn.bundle().name();
        Script script = spawn.script();
        int number = spawn.process();
        Holding holding = holding(bundle);
        boolean announces = script == Script.RUN && service.notificationFd().isPresent();
        Optional<Pipe> readiness = announces ? Optional.of(Pipe.open()) : Optional.empty();
        List<Listener> sockets = script == Script.RUN ? holding.open(spawn.bundle()) : List.of();
        var marks = spawn.mark() ? holding.mark() : Map.<Listener, usher.activation.QueueMark>of();
        Enclosure enclosure = containment.enclosure(spawn.bundle(), number);
        Spawning spawning = spawner.spawn(enclosure.admit(launch(spawn, service, holding, sockets, readiness)));
        if (spawning instanceof Spawning.Spawned spawned) {
            readiness.ifPresent(pipe -> awaitReadiness(bundle, number, pipe));
            Child child = spawned.child();
            enclosure.isLedBy(child);
            Set<String> names = new HashSet<>();
            sockets.forEach(socket -> names.add(socket.declaration().name()));
            Holding.Running process =
                    new Holding.Running(number, child, enclosure, script, System.nanoTime(), marks, names);
            holding.processes.put(number, process);
            if (script == Script.RUN && service.sdNotify()) {
                notifications.follow(
                        bundle, holding, process, pid -> endings.lead(spawn.bundle(), holding, process, pid));
            }
            endings.follow(spawn.bundle(), holding, process);
            tell.accept(new Event.Spawned(bundle, script, number));
        } else if (spawning instanceof Spawning.SpawnFailure failure) {
            readiness.ifPresent(Pipe::close);
            enclosure.close();
            notSpawned(spawn, failure.message());
        }
    }

    private Launch launch(
            Effect.Spawn spawn, Service service, Holding holding, List<Listener> sockets, Optional<Pipe> readiness) {
        Bundle bundle = spawn.bundle();
        return switch (spawn.script()) {
            case RUN -> {
                Optional<String> address = service.sdNotify() ? Optional.of(notifications.address()) : Optional.empty();
                yield launches.run(bundle, service, sockets, holding.stored, readiness.map(Pipe::writeEnd), address);
            }
            case START, STOP -> launches.script(bundle, service, spawn.script());
            case FINISH -> {
                Integer group = holding.ended.remove(spawn.ended().process());
                yield launches.finish(bundle, service, spawn.ended().status(), group == null ? 0 : group);
            }
        };
    }

    /** Ready is whoever writes a newline; an end without one says nothing. */
    private void awaitReadiness(BundleName bundle, int process, Pipe pipe) {
        pipe.writeEnd().close();
        byte[] buffer = new byte[256];
        loop.watch(pipe.readEnd(), EventLoop.READABLE, events -> {
            int got = pipe.read(buffer);
            for (int i = 0; i < got; i++) {
                if (buffer[i] == '\n') {
                    pipe.close();
                    tell.accept(new Event.Ready(bundle, process));
                    return;
                }
            }
            if (got == 0) {
                pipe.close();
            }
        });
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
        child.signal(bundle.service().map(Service::downSignal).orElse(SIGTERM));
        child.signal(SIGCONT);
    }

    private void kill(BundleName bundle) {
        Holding holding = holding(bundle);
        holding.processes.values().forEach(endings::kill);
        holding.connections.forEach(child -> child.signalGroup(SIGKILL));
        if (holding.connectionsHeld != null) {
            holding.connectionsHeld.kill();
        }
    }

    @Override
    public void close() {
        holdings.values().forEach(Holding::dismissConnections);
        notifications.close();
    }
}

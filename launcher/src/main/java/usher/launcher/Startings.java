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
import usher.activation.ExitStatus;
import usher.activation.Listener;
import usher.activation.PendingSpawn;
import usher.activation.Pipe;
import usher.activation.QueueMark;
import usher.activation.Spawner;
import usher.activation.Spawning;
import usher.activation.Taken;
import usher.activation.posix.PosixException;
import usher.bundles.Bundle;
import usher.bundles.BundleName;
import usher.bundles.Service;
import usher.bundles.Service.Script;

/**
 * Starts scripts and daemons, and takes over those that a launcher before this one has started: a process that was
 * started and not yet written down is found by its marker instead of being started once more.
 */
final class Startings {
    private final EventLoop loop;
    private final Spawner spawner;
    private final Containment containment;
    private final SpawnLaunches launches;
    private final Standbys standbys;
    private final Notifications notifications;
    private final Endings endings;
    private final Remains remains;
    private final Survivors survivors;
    private final Diary diary;
    private final Consumer<Event> tell;
    private @Nullable Making underWay;

    /** A process that is being made, and what it is to be. */
    private record Making(
            Effect.Spawn spawn,
            Holding holding,
            PendingSpawn process,
            Enclosure enclosure,
            List<Listener> sockets,
            Map<Listener, QueueMark> marks,
            Optional<Pipe> readiness) {}

    Startings(
            EventLoop loop,
            Spawner spawner,
            Containment containment,
            SpawnLaunches launches,
            Standbys standbys,
            Notifications notifications,
            Endings endings,
            Remains remains,
            Survivors survivors,
            Diary diary,
            Consumer<Event> tell) {
        this.loop = loop;
        this.spawner = spawner;
        this.containment = containment;
        this.launches = launches;
        this.standbys = standbys;
        this.notifications = notifications;
        this.endings = endings;
        this.remains = remains;
        this.survivors = survivors;
        this.diary = diary;
        this.tell = tell;
    }

    /** The process may be made while the caller goes on, until {@link #settle}. */
    void start(Effect.Spawn spawn, Holding holding) {
        Making before = underWay;
        underWay = null;
        Optional<Service> service = spawn.bundle().service();
        Optional<String> fault = service.isEmpty() ? Optional.of("nothing to run") : containment.apply(spawn.bundle());
        if (fault.isPresent()) {
            notSpawned(spawn, fault.get());
        } else {
            try {
                begin(spawn, service.get(), holding);
            } catch (PosixException outOfDescriptors) {
                notSpawned(spawn, outOfDescriptors.getMessage());
            }
        }
        end(before);
    }

    /** Waits for what is under way; whether anything was. */
    boolean settle() {
        Making last = underWay;
        underWay = null;
        end(last);
        return last != null;
    }

    /** Whether a process of the bundle is under way. */
    boolean isStarting(BundleName bundle) {
        return underWay != null && underWay.spawn().bundle().name().equals(bundle);
    }

    private void notSpawned(Effect.Spawn spawn, String why) {
        BundleName bundle = spawn.bundle().name();
        diary.complain(bundle + "/" + spawn.script().fileName() + ": " + why);
        remains.ofNone(bundle, spawn.process());
        tell.accept(new Event.SpawnFailed(bundle, spawn.script(), spawn.process(), why));
    }

    private void begin(Effect.Spawn spawn, Service service, Holding holding) {
        BundleName bundle = spawn.bundle().name();
        int number = spawn.process();
        boolean runs = spawn.script() == Script.RUN;
        Optional<Child> survivor = survivors.process(bundle, number);
        Optional<Pipe> readiness = runs && service.notificationFd().isPresent()
                ? Optional.of(readiness(bundle, number, survivor.isPresent()))
                : Optional.empty();
        List<Listener> sockets = runs ? holding.open(spawn.bundle()) : List.of();
        Enclosure enclosure = containment.enclosure(spawn.bundle(), number);
        Optional<Standing.Begun> begun = standbys.take(spawn);
        Map<Listener, QueueMark> marks = new HashMap<>();
        PendingSpawn process;
        if (begun.isPresent()) {
            marks.putAll(begun.get().marks());
            process = begun.get().process();
        } else {
            marks.putAll(spawn.mark() ? holding.glance() : Map.of());
            process = survivor.isPresent()
                    ? PendingSpawn.done(new Spawning.Spawned(survivor.get()))
                    : spawner.begin(launches.of(spawn, service, holding, readiness, enclosure));
        }
        if (!runs) {
            process.await(); // it may end before it is written down, and runs once more then: the sooner it is, the
            // better
        }
        Making making = new Making(spawn, holding, process, enclosure, sockets, marks, readiness);
        if (process.isOver()) {
            end(making);
        } else {
            remains.ofBegun(spawn);
            underWay = making;
        }
    }

    private void end(@Nullable Making making) {
        if (making == null) {
            return;
        }
        try {
            Spawning spawning = making.process().await();
            if (spawning instanceof Spawning.Spawned spawned) {
                spawned(making, spawned.child());
            } else if (spawning instanceof Spawning.SpawnFailure failure) {
                remains.ofReady(making.spawn().bundle().name(), making.spawn().process());
                making.readiness().ifPresent(Pipe::close);
                making.enclosure().close();
                notSpawned(making.spawn(), failure.message());
            }
        } catch (PosixException outOfDescriptors) {
            notSpawned(making.spawn(), outOfDescriptors.getMessage());
        }
    }

    private void spawned(Making making, Child child) {
        Effect.Spawn spawn = making.spawn();
        BundleName bundle = spawn.bundle().name();
        Set<String> given = new HashSet<>();
        for (Listener socket : making.sockets()) {
            given.add(socket.inode());
        }
        Holding.Running process = new Holding.Running(
                spawn.process(), child, making.enclosure(), spawn.script(), System.nanoTime(), making.marks(), given);
        remains.of(spawn.bundle(), making.holding(), process);
        follow(spawn.bundle(), making.holding(), process);
        making.readiness().ifPresent(pipe -> awaitReadiness(bundle, spawn.process(), pipe));
        // Only now, when the daemon is written down and on its way to them: it takes milliseconds.
        making.marks().replaceAll(Listener::complete);
        tell.accept(new Event.Spawned(bundle, spawn.script(), spawn.process()));
    }

    private void follow(Bundle definition, Holding holding, Holding.Running process) {
        process.enclosure().isLedBy(process.child());
        holding.processes.put(process.number(), process);
        boolean notifies = definition.service().map(Service::sdNotify).orElse(false);
        if (process.script() == Script.RUN && notifies) {
            notifications.follow(
                    definition.name(), holding, process, pid -> endings.lead(definition, holding, process, pid));
        }
        endings.follow(definition, holding, process);
    }

    /** Takes over a process that is written down; one that is gone without a trace is told of once all is taken over. */
    void restore(Holding holding, ProcessImage image) {
        Optional<Child> child = survivors.process(image);
        if (child.isEmpty()) {
            loop.submit(() -> gone(image));
            return;
        }
        Holding.Running process = new Holding.Running(
                image.number(),
                child.get(),
                containment.enclosure(image.definition(), image.number()),
                image.script(),
                image.begunAt(),
                Map.of(),
                image.sockets());
        follow(image.definition(), holding, process);
        image.main()
                .filter(main -> main.isAlive())
                .ifPresent(main -> endings.lead(image.definition(), holding, process, main.pid()));
        survivors
                .readiness(image.bundle(), image.number())
                .ifPresent(pipe -> awaitReadiness(image.bundle(), image.number(), pipe));
    }

    private void gone(ProcessImage image) {
        remains.ofGone(image.bundle(), image.number());
        tell.accept(
                new Event.Exited(image.bundle(), image.script(), image.number(), ExitStatus.unknown(), Taken.UNKNOWN));
        remains.ofForgotten(image.bundle(), image.number());
        if (survivors.hasProcess(image.bundle(), image.number() + 1)) {
            tell.accept(new Event.Knocked(image.bundle()));
        }
    }

    /** That of the process which a launcher before this one has started already, or a new one. */
    private Pipe readiness(BundleName bundle, int number, boolean started) {
        Optional<Pipe> survivor = survivors.readiness(bundle, number);
        if (survivor.isPresent() && started) {
            return survivor.get();
        }
        survivor.ifPresent(Pipe::close);
        Pipe pipe = Pipe.open();
        remains.ofReadiness(bundle, number, pipe);
        return pipe;
    }

    /** Ready is whoever writes a newline; an end without one says nothing. */
    private void awaitReadiness(BundleName bundle, int process, Pipe pipe) {
        remains.ofReadinessAwaited(bundle, process, pipe);
        pipe.writeEnd().close();
        byte[] buffer = new byte[256];
        loop.watch(pipe.readEnd(), EventLoop.READABLE, events -> {
            int got = pipe.peek(buffer);
            boolean ready = false;
            for (int i = 0; i < got; i++) {
                ready |= buffer[i] == '\n';
            }
            if (ready) {
                tell.accept(new Event.Ready(bundle, process));
            }
            if (ready || got == 0) {
                remains.ofReady(bundle, process);
                pipe.close();
            } else if (got > 0) {
                pipe.read(buffer);
            }
        });
    }
}

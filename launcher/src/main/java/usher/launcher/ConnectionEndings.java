package usher.launcher;

import java.util.Optional;
import java.util.function.Consumer;
import usher.activation.Acceptance;
import usher.activation.Child;
import usher.activation.EventLoop;
import usher.activation.ExitStatus;
import usher.activation.Spawning;
import usher.activation.Timer;
import usher.activation.posix.Processes;
import usher.bundles.Bundle;
import usher.bundles.BundleName;
import usher.bundles.Service.Script;

/**
 * Sees the processes of connections to their end: when {@code run} has ended, {@code finish} runs, if there is one, and
 * then the connection's place is another's.
 */
final class ConnectionEndings {
    private final EventLoop loop;
    private final ConnectionSpawner processes;
    private final Arrivals arrivals;
    private final Diary diary;
    private final ConnectionChronicle chronicle;
    private final Consumer<Event> tell;
    private final Consumer<BundleName> watch;

    /** {@code watch} has the bundle's sockets watched again that were not, because they were full. */
    ConnectionEndings(
            EventLoop loop,
            ConnectionSpawner processes,
            Arrivals arrivals,
            Diary diary,
            ConnectionChronicle chronicle,
            Consumer<Event> tell,
            Consumer<BundleName> watch) {
        this.loop = loop;
        this.processes = processes;
        this.arrivals = arrivals;
        this.diary = diary;
        this.chronicle = chronicle;
        this.tell = tell;
        this.watch = watch;
    }

    /** A connection has got a process, which is written down already. */
    void follow(Door door, Child run, Acceptance.Connection connection, Source source) {
        if (door.rules().log()) {
            arrivals.log(door, connection, "connected, process " + run.pid());
        }
        new Instance(door, Optional.of(connection), source).runs(run);
        tell.accept(new Event.Connected(door.name()));
    }

    /** Takes over the process of a connection from a launcher before this one. */
    void restore(Door door, ConnectionImage image) {
        Instance instance = new Instance(door, Optional.empty(), image.source());
        Optional<Child> child = image.child();
        if (child.isPresent() && image.ended().isPresent()) {
            instance.cleansUp(child.get(), image.ended().get());
        } else if (child.isPresent()) {
            instance.runs(child.get());
        } else if (image.ended().isPresent() || !instance.endedUnseen(image.pid())) {
            chronicle.isOver(image.bundle(), image.pid());
            return;
        }
        door.intake().sources.arrived(image.source(), door.rules(), System.nanoTime());
        door.intake().running++;
    }

    /** The process of one connection, and then its {@code finish}. */
    private final class Instance {
        private final Door door;
        /** Of one that a launcher before this one has accepted, nothing is known any more. */
        private final Optional<Acceptance.Connection> connection;

        private final Source source;
        private final long begun = System.nanoTime();

        Instance(Door door, Optional<Acceptance.Connection> connection, Source source) {
            this.door = door;
            this.connection = connection;
            this.source = source;
        }

        void runs(Child run) {
            door.holding().connections.add(run);
            loop.watch(run.pidfd(), EventLoop.READABLE, events -> {
                Optional<ExitStatus> status = run.reap();
                if (status.isPresent() && door.holding().connections.remove(run)) {
                    ended(run.pid(), status.get());
                }
            });
        }

        private void ended(int run, ExitStatus status) {
            logEnd(run, status);
            if (!cleanUp(run, status)) {
                over(run, status);
            }
        }

        /** While there was no launcher; says whether {@code finish} runs now. */
        boolean endedUnseen(int run) {
            logEnd(run, ExitStatus.unknown());
            return cleanUp(run, ExitStatus.unknown());
        }

        private void logEnd(int run, ExitStatus status) {
            if (door.rules().log()) {
                String how = "process " + run + " ended with " + Words.of(status);
                long millis = (System.nanoTime() - begun) / 1_000_000;
                connection.ifPresentOrElse(
                        known -> arrivals.log(door, known, "left after " + millis + " ms, " + how),
                        () -> arrivals.log(door, "one whom a launcher before this one let in left, " + how));
            }
        }

        /** Starts {@code finish}, if there is one; says whether it runs now. */
        private boolean cleanUp(int run, ExitStatus status) {
            Bundle bundle = door.bundle();
            if (!bundle.has(Script.FINISH)) {
                return false;
            }
            Spawning spawning = processes.finish(door, status, run);
            if (spawning instanceof Spawning.Spawned spawned) {
                chronicle.isOver(bundle.name(), run);
                chronicle.begun(ConnectionImage.of(door, spawned.child(), source, Optional.of(status)));
                cleansUp(spawned.child(), status);
                return true;
            }
            diary.complain(bundle.name() + "/finish: " + ((Spawning.SpawnFailure) spawning).message());
            return false;
        }

        void cleansUp(Child finish, ExitStatus status) {
            door.holding().cleaning.add(finish);
            long patience = LifeDraft.timeouts(door.bundle()).finish().toNanos();
            Optional<Timer> timer = patience == 0
                    ? Optional.empty()
                    : Optional.of(loop.at(System.nanoTime() + patience, () -> finish.signalGroup(Processes.SIGKILL)));
            loop.watch(finish.pidfd(), EventLoop.READABLE, events -> {
                Optional<ExitStatus> its = finish.reap();
                if (its.isPresent() && door.holding().cleaning.remove(finish)) {
                    timer.ifPresent(Timer::cancel);
                    if (!its.get().isSuccess()) {
                        diary.note(door.name() + "/finish: ended with " + Words.of(its.get()));
                    }
                    over(finish.pid(), status);
                }
            });
        }

        private void over(int pid, ExitStatus status) {
            chronicle.isOver(door.name(), pid);
            Intake intake = door.intake();
            intake.running--;
            intake.sources.left(source);
            tell.accept(new Event.Disconnected(door.name(), status));
            if (intake.full || intake.hasDue(System.nanoTime())) {
                intake.full = false;
                if (door.holding().watching) {
                    watch.accept(door.name());
                }
            }
        }
    }
}

package usher.launcher;

import java.util.Optional;
import java.util.function.Consumer;
import usher.activation.Child;
import usher.activation.Children;
import usher.activation.Containment;
import usher.activation.EventLoop;
import usher.activation.ExitStatus;
import usher.activation.posix.Processes;
import usher.bundles.Bundle;
import usher.bundles.BundleName;
import usher.bundles.Service.Script;

/**
 * Sees processes to their end: when the main one is gone, what is left in its {@link usher.activation.Enclosure} is
 * killed, and only when that is gone, too, does the engine hear of it. So nothing of a daemon is left when it is started
 * again or its sockets are watched again.
 */
final class Endings {
    /** Orphans that nobody follows tell of their end by a signal only that Java cannot hear without harm. */
    private static final long BETWEEN_SWEEPS = 10_000_000_000L;

    private static final long BETWEEN_BUSY_SWEEPS = 1_000_000_000L;
    private static final int BUSY = 20;

    private final EventLoop loop;
    private final Containment containment;
    private final Notifications notifications;
    private final ListeningSockets sockets;
    private final Standbys standbys;
    private final Survivors survivors;
    private final Remains remains;
    private final Diary diary;
    private final Consumer<Event> tell;

    Endings(
            EventLoop loop,
            Containment containment,
            Notifications notifications,
            ListeningSockets sockets,
            Standbys standbys,
            Survivors survivors,
            Remains remains,
            Diary diary,
            Consumer<Event> tell) {
        this.loop = loop;
        this.containment = containment;
        this.notifications = notifications;
        this.sockets = sockets;
        this.standbys = standbys;
        this.survivors = survivors;
        this.remains = remains;
        this.diary = diary;
        this.tell = tell;
    }

    /** Reaps, from now on, the orphans that nobody follows. */
    void sweep() {
        sweepLater(BETWEEN_SWEEPS);
    }

    private void sweepLater(long pause) {
        loop.at(
                System.nanoTime() + pause,
                () -> sweepLater(Children.reapOrphans() < BUSY ? BETWEEN_SWEEPS : BETWEEN_BUSY_SWEEPS));
    }

    void follow(Bundle definition, Holding holding, Holding.Running process) {
        loop.watch(process.child().pidfd(), EventLoop.READABLE, events -> {
            notifications.catchUp();
            if (holding.main(process).equals(process.child())) {
                ended(definition, holding, process);
            } else {
                // It is waited for at the end of all, because the number of its session is its own until then.
                loop.unwatch(process.child().pidfd());
            }
        });
        if (process.script() == Script.RUN) {
            sockets.lend(definition.name(), holding);
        }
    }

    /** The daemon says that this process of its is the main one (MAINPID). */
    void lead(Bundle definition, Holding holding, Holding.Running process, int pid) {
        if (pid == holding.main(process).pid()) {
            return;
        }
        if (pid == process.child().pid()) {
            holding.forgetMain(process);
            notifications.hearMain(process, pid);
            remains.of(definition, holding, process);
            follow(definition, holding, process);
            return;
        }
        Optional<Child> named = process.enclosure().holds(pid) ? Child.follow(pid) : Optional.empty();
        if (named.isPresent() && !process.enclosure().holds(pid)) {
            named.get().close();
            named = Optional.empty();
        }
        if (named.isEmpty()) {
            diary.complain(definition.name() + ": says MAINPID=" + pid + ", which is no process of its");
            return;
        }
        holding.forgetMain(process);
        holding.mains.put(process.number(), named.get());
        notifications.hearMain(process, pid);
        remains.of(definition, holding, process);
        loop.watch(named.get().pidfd(), EventLoop.READABLE, events -> {
            notifications.catchUp();
            ended(definition, holding, process);
        });
    }

    /** Sends KILL to all of it. */
    void kill(Holding.Running process) {
        process.child().signal(Processes.SIGKILL);
        process.enclosure().kill();
    }

    private void ended(Bundle definition, Holding holding, Holding.Running process) {
        process.enclosure().kill();
        Optional<ExitStatus> status = holding.main(process).reap();
        if (status.isPresent()) {
            process.enclosure().whenEmpty(loop, all -> {
                if (!all) {
                    diary.complain(definition.name() + "/" + process.script().fileName()
                            + ": something of it has not gone although it was killed; going on without");
                }
                gone(definition, holding, process, status.get());
            });
        }
    }

    private void gone(Bundle definition, Holding holding, Holding.Running process, ExitStatus status) {
        BundleName bundle = definition.name();
        if (process.child().reap().isEmpty()) {
            process.child().signal(Processes.SIGKILL);
            loop.watch(
                    process.child().pidfd(),
                    EventLoop.READABLE,
                    events -> process.child().reap());
        }
        sockets.reviveShutDown(bundle, holding);
        Event.Exited end = new Event.Exited(bundle, process.script(), process.number(), status, holding.taken(process));
        // Somebody may wait: the next process comes before all else, or has come from a launcher before this one.
        boolean isFollowed = standbys.follow(end) || survivors.hasProcess(bundle, process.number() + 1);
        holding.forgetMain(process);
        holding.processes.remove(process.number());
        remains.ofGone(bundle, process.number());
        notifications.forget(process);
        process.enclosure().close();
        // As long as it listens it may run at any moment; but what its cgroup/ asks for is not to outlive its
        // processes.
        if (holding.processes.isEmpty()
                && (holding.listeners.isEmpty() || !definition.cgroup().isEmpty())) {
            containment.isIdle(bundle);
        }
        Children.reapOrphans();
        if (process.script() == Script.RUN && definition.has(Script.FINISH)) {
            remains.ofEnded(bundle, process);
        }
        if (process.script() == Script.RUN || !status.isSuccess()) {
            diary.note(bundle + "/" + process.script().fileName() + ": ended with " + Words.of(status));
        }
        tell.accept(end);
        remains.ofForgotten(bundle, process.number());
        if (isFollowed) {
            tell.accept(new Event.Knocked(bundle));
        }
    }
}

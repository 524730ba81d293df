package usher.launcher;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import usher.activation.Child;
import usher.activation.Enclosure;
import usher.activation.Listener;
import usher.activation.QueueMark;
import usher.activation.Taken;
import usher.activation.posix.Descriptor;
import usher.bundles.Bundle;
import usher.bundles.ListeningSocket;
import usher.bundles.Service.Script;

/** What the shell holds of the system for one bundle: its open sockets and its processes. */
final class Holding {
    private static final long LIVED = 1_000_000_000L;

    /** By the name of the socket. */
    final Map<String, Listener> listeners = new HashMap<>();

    /** Those that a launcher before this one had opened, as long as the engine may not know of it. */
    final Set<String> restored = new HashSet<>();

    /** What there is of connections, by the name of the socket. */
    final Map<String, Intake> intakes = new HashMap<>();

    /** Processes of connections. */
    final Set<Child> connections = new HashSet<>();

    /** {@code finish} after processes of connections. */
    final Set<Child> cleaning = new HashSet<>();

    /** Those that a daemon has, of which only that it shuts them down is looked for. */
    final Set<Listener> lent = new HashSet<>();

    /** Traffic is to be reported. */
    boolean watching;
    /** Why each socket could not be opened the last time, so that the same is not said twice. */
    final Map<String, String> troubles = new HashMap<>();

    /** By the engine's number of each: scripts, and a daemon with perhaps its successor; not those of connections. */
    final Map<Integer, Running> processes = new HashMap<>();

    /** Processes that daemons have named as their main ones, by the same numbers. */
    final Map<Integer, Child> mains = new HashMap<>();

    /** What holds the processes of connections; null: nothing but their process groups. */
    @Nullable
    Enclosure connectionsHeld;

    /** Descriptors that the daemon has given to be kept for its next start, in the order in which they came. */
    final List<Stored> stored = new ArrayList<>();

    /** The daemon's processes are stopped, while its sockets are looked at. */
    boolean frozen;

    /**
     * A process besides those of connections.
     *
     * @param child the one that was started
     * @param enclosure what holds it and what descends from it
     * @param sockets those it was given, by {@link Listener#inode}
     */
    record Running(
            int number,
            Child child,
            Enclosure enclosure,
            Script script,
            long begunAt,
            Map<Listener, QueueMark> marks,
            Set<String> sockets) {

        Running {
            sockets = Set.copyOf(sockets);
        }
    }

    /** A descriptor kept for the daemon's next start ({@code sd_pid_notify_with_fds(3)}), and its name as kept. */
    record Stored(String key, String name, Descriptor descriptor) {}

    /** The one whose end is the end of all, and to which signals go. */
    Child main(Running process) {
        return mains.getOrDefault(process.number(), process.child());
    }

    /** Sockets are declared under other names now, each by the one it had; all of them at once, since two may swap theirs. */
    void rename(Map<String, ListeningSocket> declared) {
        Map<String, Listener> listenersNow = new HashMap<>();
        Map<String, Intake> intakesNow = new HashMap<>();
        Set<String> restoredNow = new HashSet<>();
        declared.forEach((old, socket) -> {
            String name = socket.name();
            Listener listener = Objects.requireNonNull(listeners.remove(old));
            listener.redeclare(socket);
            listenersNow.put(name, listener);
            intakesNow.put(name, intake(old));
            intakes.remove(old);
            if (restored.remove(old)) {
                restoredNow.add(name);
            }
            troubles.remove(name);
        });
        listeners.putAll(listenersNow);
        intakes.putAll(intakesNow);
        restored.addAll(restoredNow);
    }

    void forgetMain(Running process) {
        Child main = mains.remove(process.number());
        if (main != null) {
            main.close();
        }
    }

    /** Whether a daemon runs, not counting processes of connections. */
    boolean runs() {
        return processes.values().stream().anyMatch(process -> process.script() == Script.RUN);
    }

    /** Whether a daemon that runs has this socket. */
    boolean isHandedOver(Listener socket) {
        if (processes.isEmpty()) {
            return false;
        }
        String inode = socket.inode();
        return processes.values().stream().anyMatch(process -> process.sockets().contains(inode));
    }

    Intake intake(String socket) {
        Intake intake = intakes.get(socket);
        if (intake == null) {
            intake = new Intake();
            intakes.put(socket, intake);
        }
        return intake;
    }

    /** The open ones in the order of the bundle, which is that of their descriptors. */
    List<Listener> open(Bundle bundle) {
        List<Listener> open = new ArrayList<>();
        for (ListeningSocket socket : bundle.sockets()) {
            Listener listener = listeners.get(socket.name());
            if (listener != null) {
                open.add(listener);
            }
        }
        return open;
    }

    /** Whether somebody waits on any of the sockets. */
    boolean isAwaited() {
        boolean waiting = false;
        for (Listener listener : listeners.values()) {
            waiting |= listener.isReadable();
        }
        return waiting;
    }

    /** Whether the daemon that has just ended has taken anything off the queues. */
    Taken taken(Running ended) {
        if (!isAwaited() || System.nanoTime() - ended.begunAt() >= LIVED) {
            return Taken.YES;
        }
        Taken all = ended.marks().isEmpty() ? Taken.UNKNOWN : Taken.NO;
        for (Map.Entry<Listener, QueueMark> mark : ended.marks().entrySet()) {
            Taken one = mark.getKey().takenSince(mark.getValue());
            if (one == Taken.YES) {
                return Taken.YES;
            }
            all = one == Taken.UNKNOWN ? Taken.UNKNOWN : all;
        }
        return all;
    }

    /** What waits in the queues, as far as that is told at once. */
    Map<Listener, QueueMark> glance() {
        Map<Listener, QueueMark> glances = new HashMap<>();
        for (Listener listener : listeners.values()) {
            glances.put(listener, listener.glance());
        }
        return glances;
    }

    /** Whether a connection that was taken already may be served now. */
    boolean hasDueConnections() {
        long now = System.nanoTime();
        return intakes.values().stream().anyMatch(intake -> intake.hasDue(now));
    }

    /** How many connections have got a process. */
    int served() {
        return intakes.values().stream().mapToInt(intake -> intake.started).sum();
    }

    /** Peers who wait for a process are let go. */
    void dismissConnections() {
        intakes.values().forEach(Intake::dismiss);
    }
}

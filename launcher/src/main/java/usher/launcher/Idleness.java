package usher.launcher;

import usher.activation.Listener;
import usher.activation.OpenConnections;
import usher.activation.posix.Processes;
import usher.bundles.Service.Script;

/**
 * Looks whether anybody uses a bundle's sockets, and holds newcomers off meanwhile: a TCP socket drops their first
 * packets, which their kernels send again after a second; the queue of a Unix socket takes them in, and the daemon is
 * stopped (SIGSTOP) so that it does not take them out.
 */
final class Idleness {
    /** How many connections are open or wait on the bundle's sockets. */
    int count(Holding holding) {
        int open = OpenConnections.count(holding.listeners.values());
        for (Listener listener : holding.listeners.values()) {
            open += listener.isReadable() ? 1 : 0;
        }
        return open;
    }

    int hush(Holding holding) {
        boolean freezes = false;
        for (Listener listener : holding.listeners.values()) {
            freezes |= !listener.dropNewcomers();
        }
        if (freezes) {
            holding.frozen = true;
            signalDaemons(holding, Processes.SIGSTOP);
        }
        return count(holding);
    }

    void unhush(Holding holding) {
        holding.listeners.values().forEach(Listener::admitNewcomers);
        thaw(holding);
    }

    /** The daemon goes on, if it was stopped here; newcomers are still held off. */
    void thaw(Holding holding) {
        if (holding.frozen) {
            holding.frozen = false;
            signalDaemons(holding, Processes.SIGCONT);
        }
    }

    private static void signalDaemons(Holding holding, int signal) {
        for (Holding.Running process : holding.processes.values()) {
            if (process.script() == Script.RUN) {
                process.child().signalGroup(signal);
            }
        }
    }
}

package usher.launcher;

import java.util.Optional;
import usher.activation.Child;
import usher.activation.ExitStatus;
import usher.activation.ProcessId;
import usher.bundles.BundleName;

/**
 * The process of one connection, or its {@code finish}, as it is written down for the launcher that comes after this one.
 *
 * @param begunAt {@link System#nanoTime} just after it was started: to read its start time for each would cost more
 * @param ended of {@code finish}, how {@code run} has ended
 */
record ConnectionImage(
        BundleName bundle, String socket, int pid, long begunAt, Source source, Optional<ExitStatus> ended) {

    /** The same when its socket has got another name. */
    ConnectionImage of(String name) {
        return new ConnectionImage(bundle, name, pid, begunAt, source, ended);
    }

    /** Of one that was just started. Its socket may have another name than when the connection came. */
    static ConnectionImage of(Door door, Child started, Source source, Optional<ExitStatus> ended) {
        String socket = door.listener().declaration().name();
        return new ConnectionImage(door.name(), socket, started.pid(), System.nanoTime(), source, ended);
    }

    /** The process, if it runs. */
    Optional<Child> child() {
        return ProcessId.startedAround(pid, begunAt).flatMap(id -> id.open().map(pidfd -> Child.adopt(pid, pidfd)));
    }
}

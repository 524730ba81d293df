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

    /** Of one that was just started. */
    static ConnectionImage of(Door door, Child started, Source source, Optional<ExitStatus> ended) {
        return new ConnectionImage(door.name(), door.socket().name(), started.pid(), System.nanoTime(), source, ended);
    }

    /** The process, if it runs. */
    Optional<Child> child() {
        return ProcessId.startedAround(pid, begunAt).flatMap(id -> id.open().map(pidfd -> Child.adopt(pid, pidfd)));
    }
}

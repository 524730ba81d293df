package usher.launcher;

import java.util.Optional;
import usher.activation.Child;
import usher.activation.ProcessId;
import usher.bundles.BundleName;

/**
 * The process of one connection, as it is written down for the launcher that comes after this one.
 *
 * @param begunAt {@link System#nanoTime} just after it was started: to read its start time for each would cost more
 */
record ConnectionImage(BundleName bundle, String socket, int pid, long begunAt, Source source) {
    /** The process, if it runs. */
    Optional<Child> child() {
        return ProcessId.startedAround(pid, begunAt).flatMap(id -> id.open().map(pidfd -> Child.adopt(pid, pidfd)));
    }
}

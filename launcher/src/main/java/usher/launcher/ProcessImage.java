package usher.launcher;

import java.util.Optional;
import java.util.Set;
import usher.activation.ProcessId;
import usher.bundles.Bundle;
import usher.bundles.BundleName;
import usher.bundles.Service.Script;

/**
 * A process of a bundle, besides those of connections, as it is written down for the launcher that comes after this one.
 *
 * @param definition by which it was started
 * @param main the one that the daemon has named as its main one (MAINPID), if another
 * @param begunAt {@link System#nanoTime}
 * @param sockets those it was given, by {@link usher.activation.Listener#inode}
 */
record ProcessImage(
        Bundle definition,
        int number,
        ProcessId process,
        Optional<ProcessId> main,
        Script script,
        long begunAt,
        Set<String> sockets) {
    BundleName bundle() {
        return definition.name();
    }
}

package usher.launcher;

import usher.activation.ExitStatus;
import usher.bundles.Bundle;
import usher.bundles.BundleName;
import usher.bundles.Service.Script;

/** What the engine wants done. The shell carries effects out in the order given. */
sealed interface Effect {

    /** Open those sockets of the bundle that are not open; answered by Opened or OpenFailed for each. */
    record Open(Bundle bundle) implements Effect {}

    /** Close all sockets of the bundle. */
    record Close(BundleName bundle) implements Effect {}

    /** Report the next traffic on any open socket of the bundle. */
    record Watch(BundleName bundle) implements Effect {}

    record Unwatch(BundleName bundle) implements Effect {}

    /**
     * Run a script; answered by Spawned or SpawnFailed, later Exited. {@code last} is how {@code run} ended, for
     * {@code finish}. {@code mark}: look at the queue first, so that Exited can tell whether anything was taken off it.
     */
    record Spawn(Bundle bundle, Script script, ExitStatus last, boolean mark) implements Effect {}

    /** Take at most {@code room} connections, a process for each; answered by Connected or AcceptFailed. */
    record Accept(Bundle bundle, int room) implements Effect {}

    /** Send the bundle's down-signal, then CONT, to its main process (or processes). */
    record Signal(Bundle bundle) implements Effect {}

    /** Kill every process of the bundle. */
    record Kill(BundleName bundle) implements Effect {}

    /** The job has come to its end for one bundle; job 0 is the launcher's own. */
    record Report(long job, BundleName bundle, Outcome outcome) implements Effect {}

    record JobEnded(long job) implements Effect {}

    /** Everything is stopped after a shutdown. */
    record Exit() implements Effect {}
}

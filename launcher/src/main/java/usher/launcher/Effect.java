package usher.launcher;

import usher.activation.ExitStatus;
import usher.bundles.Bundle;
import usher.bundles.BundleName;
import usher.bundles.Service.Script;

/** What the engine wants done. The shell carries effects out in the order given. */
sealed interface Effect {

    /** Whether it need not be known whether it has been carried out, since once more changes nothing. */
    default boolean isHarmlessTwice() {
        return this instanceof Watch
                || this instanceof Unwatch
                || this instanceof Report
                || this instanceof JobEnded
                || this instanceof Exit;
    }

    /**
     * Open those sockets of the bundle that are not open, answered by Opened or OpenFailed for each; to those that are,
     * apply what of their declaration can change while they are.
     */
    record Open(Bundle bundle) implements Effect {}

    /**
     * Close those of the bundle's sockets whose addresses its definition no longer has; those that it has under other names
     * stay open, and have these names from now on.
     */
    record CloseOthers(Bundle bundle) implements Effect {}

    /** Close all sockets of the bundle. */
    record Close(BundleName bundle) implements Effect {}

    /** Report the next traffic on any open socket of the bundle. */
    record Watch(BundleName bundle) implements Effect {}

    record Unwatch(BundleName bundle) implements Effect {}

    /**
     * Run a script; answered by Spawned or SpawnFailed, later Exited. {@code process} is the number by which the bundle
     * tells this process from its others. {@code ended} is told to {@code finish}. {@code mark}: look at the queue
     * first, so that Exited can tell whether anything was taken off it.
     */
    record Spawn(Bundle bundle, Script script, int process, Ended ended, boolean mark) implements Effect {}

    /** The {@code run} that {@code finish} cleans up after, and how it ended. */
    record Ended(int process, ExitStatus status) {
        static final Ended NONE = new Ended(0, ExitStatus.unknown());
    }

    /** Take at most {@code room} connections, a process for each; answered by Connected or AcceptFailed. */
    record Accept(Bundle bundle, int room) implements Effect {}

    /** Count the connections that are open, or wait, on the bundle's sockets; answered by Counted. */
    record Count(BundleName bundle) implements Effect {}

    /** Hold new connections off, where the kernel lets us, without refusing them; then count, as {@link Count}. */
    record Hush(BundleName bundle) implements Effect {}

    /** New connections are welcome again. */
    record Unhush(BundleName bundle) implements Effect {}

    /** Have the logger come to the end of its standard input, once what is in its pipe has been read. */
    record EndInput(BundleName bundle) implements Effect {}

    /** Send the bundle's down-signal, then CONT, to every process of the bundle. */
    record Signal(Bundle bundle) implements Effect {}

    /** Send the bundle's down-signal, then CONT, to this process. */
    record SignalProcess(Bundle bundle, int process) implements Effect {}

    /** Kill this process and all that it has left behind. */
    record KillProcess(BundleName bundle, int process) implements Effect {}

    /** Kill every process of the bundle. */
    record Kill(BundleName bundle) implements Effect {}

    /** The job has come to its end for one bundle; job 0 is the launcher's own. */
    record Report(long job, BundleName bundle, Outcome outcome) implements Effect {}

    record JobEnded(long job) implements Effect {}

    /** Everything is stopped after a shutdown. */
    record Exit() implements Effect {}
}

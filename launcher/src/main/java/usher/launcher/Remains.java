package usher.launcher;

import java.util.List;
import java.util.Optional;
import usher.activation.Child;
import usher.activation.Keeper;
import usher.activation.Pipe;
import usher.activation.ProcessId;
import usher.bundles.Bundle;
import usher.bundles.BundleName;

/** What is kept and written down of processes, so that the launcher that comes after this one finds them. */
final class Remains {
    private final Keeper keeper;
    private final Chronicle chronicle;

    Remains(Keeper keeper, Chronicle chronicle) {
        this.keeper = keeper;
        this.chronicle = chronicle;
    }

    /** A process has been started, or another one of its has become the main one. */
    void of(Bundle definition, Holding holding, Holding.Running process) {
        Child main = holding.main(process);
        Optional<ProcessId> named =
                main.equals(process.child()) ? Optional.empty() : Optional.of(ProcessId.of(main.pid()));
        if (named.isEmpty()) {
            keeper.keep(
                    Survivors.processKey(definition.name() + "/" + process.number()),
                    List.of(process.child().pidfd()));
        }
        chronicle.process(new ProcessImage(
                definition,
                process.number(),
                ProcessId.of(process.child().pid()),
                named,
                process.script(),
                process.begunAt(),
                process.sockets()));
    }

    /** A process is being made. */
    void ofBegun(Effect.Spawn spawn) {
        chronicle.begun(spawn);
    }

    /** There will be no such process; it is written down together with what comes next, the event that tells of it. */
    void ofNone(BundleName bundle, int process) {
        chronicle.begunIsOver(bundle, process);
    }

    /** It is written down together with what comes next, which is to be the event that tells of it. */
    void ofGone(BundleName bundle, int process) {
        chronicle.processIsGone(bundle, process);
    }

    /** Once it is written down that it is gone: until then its pidfd is what the next launcher learns its status by. */
    void ofForgotten(BundleName bundle, int process) {
        keeper.forgetAtLeisure(Survivors.processKey(bundle + "/" + process));
        keeper.forgetAtLeisure(Survivors.readinessKey(bundle, process));
    }

    /** For {@code finish}, which is still to clean up after this {@code run}. */
    void ofEnded(BundleName bundle, Holding.Running run) {
        chronicle.ended(bundle, run.number(), run.child().pid());
    }

    /** The process group of the {@code run} that has ended, told once. */
    int takeGroup(BundleName bundle, int run) {
        return chronicle.takeGroup(bundle, run);
    }

    /** Kept before anybody writes to it. */
    void ofReadiness(BundleName bundle, int process, Pipe pipe) {
        keeper.keep(Survivors.readinessKey(bundle, process), List.of(pipe.readEnd(), pipe.writeEnd()));
    }

    /** Its process is recorded, so nobody else is to get the write end; that it is closed is to be noticed. */
    void ofReadinessAwaited(BundleName bundle, int process, Pipe pipe) {
        keeper.keep(Survivors.readinessKey(bundle, process), List.of(pipe.readEnd(), pipe.readEnd()));
    }

    void ofReady(BundleName bundle, int process) {
        keeper.forget(Survivors.readinessKey(bundle, process));
    }
}

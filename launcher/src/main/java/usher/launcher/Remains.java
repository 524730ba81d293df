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

    void ofGone(BundleName bundle, int process) {
        keeper.forget(Survivors.processKey(bundle + "/" + process));
        keeper.forget(Survivors.readinessKey(bundle, process));
        chronicle.processIsGone(bundle, process);
    }

    /** Kept before anybody writes to it. */
    void ofReadiness(BundleName bundle, int process, Pipe pipe) {
        keeper.keep(Survivors.readinessKey(bundle, process), List.of(pipe.readEnd(), pipe.writeEnd()));
    }

    void ofReady(BundleName bundle, int process) {
        keeper.forget(Survivors.readinessKey(bundle, process));
    }
}

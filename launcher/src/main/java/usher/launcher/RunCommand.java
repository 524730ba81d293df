package usher.launcher;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import usher.activation.OriginalLimits;
import usher.activation.PassedSockets;
import usher.activation.posix.Limits;
import usher.activation.posix.StrayDescriptors;
import usher.bundles.BundleSet;
import usher.bundles.Problem;
import usher.depgraph.Relations;

/** {@code usher run}: the launcher in the foreground. */
final class RunCommand {
    private RunCommand() {}

    /** Returns the exit status after a shutdown. */
    @SuppressWarnings("try") // the lock is held, not used
    static int run(Arguments arguments, Places places, Paint paint, PrintStream out, PrintStream err) {
        OriginalLimits limits = OriginalLimits.capture();
        StrayDescriptors.sealAll();
        PassedSockets passed =
                PassedSockets.of(System.getenv(), ProcessHandle.current().pid());
        Limits.umask(022);
        BundleSet tree = places.read();
        Selection selection = Selection.of(arguments.operands(), tree);
        if (!selection.unknown().isEmpty()) {
            OrderCommand.complain(selection, places, err);
            return Exit.NO_SUCH_BUNDLE;
        }
        if (selection.names().isEmpty() && tree.problems().stream().anyMatch(Problem::isError)) {
            OrderCommand.report(tree.problems(), err);
            return Exit.FAILED;
        }
        Optional<String> fault = places.runDirectory().make(places.uid());
        if (fault.isPresent()) {
            err.println("usher: " + fault.get());
            return Exit.FAILED;
        }
        Relations relations = Relations.of(tree);
        try (Lock lock = Lock.take(
                        places.runDirectory().path(), ProcessHandle.current().pid());
                Launcher launcher = new Launcher(places, arguments.controlGroup(), limits, passed, err, relations)) {
            List<Problem> problems = new ArrayList<>(tree.problems());
            problems.addAll(relations.start(selection.names(), false, Set.of()).problems());
            OrderCommand.report(problems, err);
            launcher.begin(selection.names());
            List<String> options = Banner.options(arguments, places, System.getenv());
            Set<usher.bundles.BundleName> concerned = selection.closure(relations);
            out.print(Banner.text(launcher.bundles(concerned), launcher.sockets(), options, paint));
            out.flush();
            launcher.serve();
            return Exit.DONE;
        } catch (Unfit unfit) {
            err.println("usher: " + unfit.why());
            return Exit.FAILED;
        }
    }
}

package usher.launcher;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import usher.activation.OriginalLimits;
import usher.activation.ProcessId;
import usher.activation.posix.Limits;
import usher.activation.posix.Processes;
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
        Limits.umask(022);
        Optional<String> fault = places.runDirectory().make(places.uid());
        if (fault.isPresent()) {
            err.println("usher: " + fault.get());
            return Exit.FAILED;
        }
        BundleSet tree = places.read();
        try (Lock lock = Lock.take(places.runDirectory().path(), ProcessId.of(Processes.pid()), guard());
                Diary diary = new Diary(err, places.spareLogDirectory())) {
            Heritage heritage = Heritage.take(places.runDirectory(), System.getenv(), diary);
            if (heritage.found().isEmpty()) {
                Selection selection = Selection.of(arguments.operands(), tree);
                if (!selection.unknown().isEmpty()) {
                    OrderCommand.complain(selection, places, err);
                    return Exit.NO_SUCH_BUNDLE;
                }
                if (selection.names().isEmpty() && tree.problems().stream().anyMatch(Problem::isError)) {
                    OrderCommand.report(tree.problems(), err);
                    return Exit.FAILED;
                }
            }
            Relations relations = Relations.of(tree);
            Optional<String> shortage = heritage.found().isEmpty() ? shortage(arguments, relations) : Optional.empty();
            if (shortage.isPresent()) {
                err.println("usher: " + shortage.get());
                return Exit.FAILED;
            }
            try (Launcher launcher =
                    new Launcher(places, arguments.controlGroup(), limits, heritage, diary, relations)) {
                if (heritage.found().isEmpty() && !heritage.isToStop()) {
                    begin(launcher, arguments, places, relations, paint, out, err);
                }
                launcher.serve();
                return Exit.DONE;
            }
        } catch (Unfit unfit) {
            err.println("usher: " + unfit.why());
            return Exit.FAILED;
        }
    }

    /** The parent of this process, if it is its guard. */
    static Optional<ProcessId> guard() {
        ProcessId parent = ProcessId.of(Processes.parent());
        boolean guarded = Integer.toString(parent.pid()).equals(System.getenv("USHER_GUARD"));
        return guarded ? Optional.of(parent) : Optional.empty();
    }

    private static Optional<String> shortage(Arguments arguments, Relations relations) {
        Selection selection = Selection.of(arguments.operands(), relations.bundles());
        return DescriptorNeeds.shortage(
                relations.start(selection.names(), false, Set.of()),
                relations.bundles(),
                Limits.of(Limits.NOFILE).hard());
    }

    private static void begin(
            Launcher launcher,
            Arguments arguments,
            Places places,
            Relations relations,
            Paint paint,
            PrintStream out,
            PrintStream err) {
        BundleSet tree = relations.bundles();
        Selection selection = Selection.of(arguments.operands(), tree);
        List<Problem> problems = new ArrayList<>(tree.problems());
        problems.addAll(relations.start(selection.names(), false, Set.of()).problems());
        OrderCommand.report(problems, err);
        launcher.begin(selection.names());
        List<String> options = Banner.options(arguments, places, System.getenv());
        Set<usher.bundles.BundleName> concerned = selection.closure(relations);
        out.print(Banner.text(launcher.bundles(concerned), launcher.sockets(), options, paint));
        out.flush();
    }
}

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
import usher.bundles.BundleName;
import usher.bundles.BundleSet;
import usher.bundles.Problem;
import usher.depgraph.Plan;
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
            Relations relations = Relations.of(tree);
            Optional<FirstJob> first = Optional.empty();
            if (!heritage.hasBegun()) {
                FirstJob job = FirstJob.of(arguments, relations);
                int status = job.fault(places, err);
                if (status != Exit.DONE) {
                    return status;
                }
                first = Optional.of(job);
            }
            try (Launcher launcher =
                    new Launcher(places, arguments.controlGroup(), limits, heritage, diary, relations)) {
                if (first.isPresent() && !heritage.isToStop()) {
                    first.get().begin(launcher, arguments, places, paint, out, err);
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

    /** What a launcher that takes nothing over begins with. */
    private record FirstJob(Selection selection, Relations relations, Plan plan) {
        static FirstJob of(Arguments arguments, Relations relations) {
            Selection selection = Selection.of(arguments.operands(), relations.bundles());
            return new FirstJob(selection, relations, relations.start(selection.names(), false, Set.of()));
        }

        /** The exit status, and the reason has been told, if it is not even to be tried. */
        int fault(Places places, PrintStream err) {
            List<Problem> problems = relations.bundles().problems();
            if (Complaints.unknown(selection, places, err)) {
                return Exit.NO_SUCH_BUNDLE;
            }
            if (selection.names().isEmpty() && problems.stream().anyMatch(Problem::isError)) {
                Complaints.errors(problems, err);
                return Exit.FAILED;
            }
            Optional<String> shortage = DescriptorNeeds.shortage(
                    plan, relations.bundles(), Limits.of(Limits.NOFILE).hard());
            shortage.ifPresent(why -> err.println("usher: run: " + why));
            return shortage.isPresent() ? Exit.FAILED : Exit.DONE;
        }

        void begin(
                Launcher launcher, Arguments arguments, Places places, Paint paint, PrintStream out, PrintStream err) {
            List<Problem> problems = new ArrayList<>(relations.bundles().problems());
            problems.addAll(plan.problems());
            Complaints.errors(problems, err);
            launcher.begin(selection.names());
            List<String> options = Banner.options(arguments, places, System.getenv());
            Set<BundleName> concerned = selection.closure(relations);
            out.print(Banner.text(launcher.bundles(concerned), launcher.sockets(), options, paint));
            out.flush();
        }
    }
}

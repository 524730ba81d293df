package usher.launcher;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import usher.bundles.Bundle;
import usher.bundles.BundleName;
import usher.bundles.BundleSet;
import usher.bundles.Enablement;
import usher.bundles.Problem;

/** {@code usher enable}, {@code disable} and {@code is-enabled}. */
final class EnableCommand {
    private EnableCommand() {}

    /** The exit status: 0; 1 if a link could not be changed; 3 if is-enabled finds one missing; 4 if there is no such bundle. */
    static int run(Arguments arguments, Places places, PrintStream out, PrintStream err) {
        BundleSet bundles = places.read();
        Selection selection = Selection.of(arguments.operands(), bundles);
        if (Complaints.unknown(selection, places, err)) {
            return Exit.NO_SUCH_BUNDLE;
        }
        Enablement enablement = new Enablement(places.searchPath(), bundles);
        List<Bundle> named = new ArrayList<>();
        for (BundleName name : selection.names()) {
            bundles.find(name).ifPresent(named::add);
        }
        return arguments.subcommand() == Subcommand.IS_ENABLED
                ? tell(named, enablement, arguments.json(), out)
                : change(named, enablement, arguments, out, err);
    }

    private static int tell(List<Bundle> named, Enablement enablement, boolean asJson, PrintStream out) {
        Json json = new Json().object().key("bundles").array();
        StringBuilder text = new StringBuilder();
        boolean all = true;
        for (Bundle bundle : named) {
            Enablement.State state = enablement.state(bundle);
            String words = state == Enablement.State.NOT_APPLICABLE
                    ? "calls for no links"
                    : state.name().toLowerCase(Locale.ROOT) + (state == Enablement.State.PARTLY ? " enabled" : "");
            all &= state == Enablement.State.ENABLED;
            text.append(bundle.name()).append(": ").append(words).append('\n');
            json.object().member("name", bundle.name().value()).key("enabled").value(state == Enablement.State.ENABLED);
            json.member("state", words).endObject();
        }
        out.print(asJson ? json.endArray().endObject().text() : text);
        return all ? Exit.DONE : Exit.NOT_UP;
    }

    private static int change(
            List<Bundle> named, Enablement enablement, Arguments arguments, PrintStream out, PrintStream err) {
        boolean enable = arguments.subcommand() == Subcommand.ENABLE;
        Json json = new Json().object().key("changed").array();
        StringBuilder text = new StringBuilder();
        List<Problem> problems = new ArrayList<>();
        for (Bundle bundle : named) {
            Enablement.Result result = enable ? enablement.enable(bundle) : enablement.disable(bundle);
            result.changed().forEach(link -> {
                text.append(enable ? "made " : "removed ").append(link).append('\n');
                json.value(link.toString());
            });
            problems.addAll(result.problems());
        }
        out.print(arguments.json() ? json.endArray().endObject().text() : text);
        return Complaints.all(problems, err) ? Exit.FAILED : Exit.DONE;
    }
}

package usher.launcher;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import usher.bundles.BundleName;
import usher.bundles.BundleSet;
import usher.depgraph.Edge;
import usher.depgraph.Relations;

/** {@code usher why A B}: every chain of links and reasons that orders two bundles. */
final class WhyCommand {
    private WhyCommand() {}

    /** The exit status: 0; 1 if the two are not ordered; 4 if one is no bundle. */
    static int run(Arguments arguments, Places places, PrintStream out, PrintStream err) {
        BundleSet bundles = places.read();
        Selection selection = Selection.of(arguments.operands(), bundles);
        if (!selection.unknown().isEmpty()) {
            OrderCommand.complain(selection, places, err);
            return Exit.NO_SUCH_BUNDLE;
        }
        BundleName a = bundles.canonical(new BundleName(arguments.operands().get(0)));
        BundleName b = bundles.canonical(new BundleName(arguments.operands().get(1)));
        List<List<Edge>> chains = Relations.of(bundles).why(a, b);
        out.print(arguments.json() ? json(a, b, chains) : text(a, b, chains));
        return chains.isEmpty() ? Exit.FAILED : Exit.DONE;
    }

    private static String text(BundleName a, BundleName b, List<List<Edge>> chains) {
        if (chains.isEmpty()) {
            return "nothing orders " + a + " and " + b + "\n";
        }
        StringBuilder out = new StringBuilder();
        for (List<Edge> chain : chains) {
            Edge first = chain.get(0);
            Edge last = chain.get(chain.size() - 1);
            out.append(first.from()).append(" before ").append(last.to()).append('\n');
            for (Edge edge : chain) {
                out.append("  ").append(edge.from()).append(" before ").append(edge.to());
                out.append("  (").append(OrderText.reason(edge)).append(")\n");
            }
        }
        return out.toString();
    }

    private static String json(BundleName a, BundleName b, List<List<Edge>> chains) {
        Json json = new Json().object().key("bundles").array();
        for (BundleName name : new ArrayList<>(List.of(a, b))) {
            json.value(name.value());
        }
        json.endArray().key("chains").array();
        for (List<Edge> chain : chains) {
            json.array();
            chain.forEach(edge -> OrderJson.edge(json, edge));
            json.endArray();
        }
        return json.endArray().endObject().text();
    }
}

package usher.launcher;

import java.io.PrintStream;
import java.util.List;
import java.util.Optional;
import usher.bundles.BundleName;
import usher.bundles.BundleSet;
import usher.depgraph.ChainList;
import usher.depgraph.Edge;
import usher.depgraph.Relations;

/** {@code usher why A B}: every chain of links and reasons that orders two bundles. */
final class WhyCommand {
    private WhyCommand() {}

    /** The exit status: 0; 1 if nothing orders the two; 4 if one is no bundle. */
    static int run(Arguments arguments, Places places, PrintStream out, PrintStream err) {
        BundleSet bundles = places.read();
        Selection selection = Selection.of(arguments.operands(), bundles);
        if (Complaints.unknown(selection, places, err)) {
            return Exit.NO_SUCH_BUNDLE;
        }
        BundleName a = bundles.canonical(new BundleName(arguments.operands().get(0)));
        BundleName b = bundles.canonical(new BundleName(arguments.operands().get(1)));
        Relations relations = Relations.of(bundles);
        Why why = new Why(a, b, relations.why(a, b), relations.whyStopping(a, b), relations.whyApart(a, b));
        out.print(arguments.json() ? json(why) : text(why));
        return why.isNothing() ? Exit.FAILED : Exit.DONE;
    }

    /**
     * All that relates two bundles in time.
     *
     * @param chains why one starts before the other, and stops after it
     * @param stopping why one stops after the other, though neither waits for the other to start
     * @param apart why they are never up together
     */
    private record Why(BundleName a, BundleName b, ChainList chains, ChainList stopping, Optional<Edge> apart) {
        boolean isNothing() {
            return chains.isEmpty() && stopping.isEmpty() && apart.isEmpty();
        }

        boolean isCut() {
            return chains.cut() || stopping.cut();
        }
    }

    private static String text(Why why) {
        if (why.isNothing()) {
            return "nothing orders " + why.a + " and " + why.b + "\n";
        }
        StringBuilder out = new StringBuilder();
        for (List<Edge> chain : why.chains.chains()) {
            out.append(first(chain)).append(" before ").append(last(chain)).append('\n');
            steps(chain, out);
        }
        for (List<Edge> chain : why.stopping.chains()) {
            out.append(last(chain)).append(" stops before ").append(first(chain));
            out.append(", though neither waits for the other to start\n");
            steps(chain, out);
        }
        if (why.isCut()) {
            int listed = why.chains.chains().size() + why.stopping.chains().size();
            out.append("the search was cut short here: there may be more chains than these ")
                    .append(listed)
                    .append('\n');
        }
        why.apart.ifPresent(edge -> out.append(why.a)
                .append(" and ")
                .append(why.b)
                .append(" are never up together: starting one stops the other first  (")
                .append(edge.source())
                .append(")\n"));
        return out.toString();
    }

    private static BundleName first(List<Edge> chain) {
        return chain.get(0).from();
    }

    private static BundleName last(List<Edge> chain) {
        return chain.get(chain.size() - 1).to();
    }

    private static void steps(List<Edge> chain, StringBuilder out) {
        for (Edge edge : chain) {
            out.append("  ").append(edge.from()).append(" before ").append(edge.to());
            out.append("  (").append(edge.because()).append(")\n");
        }
    }

    private static String json(Why why) {
        Json json = new Json().object().key("bundles").array();
        json.value(why.a.value()).value(why.b.value()).endArray();
        chains("chains", why.chains, json);
        chains("stopping", why.stopping, json);
        json.key("conflict");
        if (why.apart.isPresent()) {
            OrderJson.edge(json, why.apart.get());
        } else {
            json.nothing();
        }
        json.key("cut").value(why.isCut());
        return json.endObject().text();
    }

    private static void chains(String key, ChainList chains, Json json) {
        json.key(key).array();
        for (List<Edge> chain : chains.chains()) {
            json.array();
            chain.forEach(edge -> OrderJson.edge(json, edge));
            json.endArray();
        }
        json.endArray();
    }
}

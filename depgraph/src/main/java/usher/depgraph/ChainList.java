package usher.depgraph;

import java.util.ArrayList;
import java.util.List;

/**
 * Chains of orders, each from one bundle to another by way of others.
 *
 * @param chains shortest first
 * @param cut whether the search for them was cut short, so that there may be more
 */
public record ChainList(List<List<Edge>> chains, boolean cut) {
    static final ChainList NONE = new ChainList(List.of(), false);

    public ChainList {
        chains = List.copyOf(chains);
    }

    public boolean isEmpty() {
        return chains.isEmpty();
    }

    ChainList and(ChainList others) {
        List<List<Edge>> all = new ArrayList<>(chains);
        all.addAll(others.chains);
        return new ChainList(all, cut || others.cut);
    }
}

package usher.bundles;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A name found on the search path: where, and, once it has been read, what it is. */
final class Entry {
    final BundleName name;

    /** Indices of the directories that have it, ascending. */
    private int[] places;

    @Nullable
    Bundle bundle;

    /** The bundle that a plain service directory's {@code log/} is. */
    @Nullable
    Bundle logger;

    /** The neighbour that this entry is a link to. */
    @Nullable
    BundleName alias;

    /** Of an alias: the relation directories of this name, which add to the bundle that it leads to. */
    @Nullable
    Bundle additions;

    final List<Problem> problems = new ArrayList<>(0);

    Entry(BundleName name, int place) {
        this.name = name;
        this.places = new int[] {place};
    }

    void addPlace(int place) {
        places = Arrays.copyOf(places, places.length + 1);
        places[places.length - 1] = place;
    }

    int[] places() {
        return places;
    }
}

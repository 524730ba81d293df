package usher.depgraph;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

import usher.bundles.BundleName;
import usher.bundles.ListeningSocket;

/**
 * One step of a plan. Steps of one wave may run at once; a step's wave is one more than the highest of what it waits
 * for.
 *
 * @param seq from 1, in plan order
 * @param wave from 1
 * @param socket the socket to open or close; absent for start and stop
 * @param after what this step waits for, and why: in a start plan edges whose {@code to} is this bundle, in a stop
 *     plan edges whose {@code from} is this bundle
 */
public record Step(
        int seq, int wave, Kind kind, BundleName bundle, Optional<ListeningSocket> socket, List<Edge> after) {

    public enum Kind {
        OPEN,
        START,
        STOP,
        CLOSE;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public Step {
        after = List.copyOf(after);
    }
}

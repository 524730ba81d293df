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
 * @param after what this step waits for, and why: one end of each edge is this bundle, the other end is the bundle
 *     whose step (start, or open if that bundle waits for traffic; stop; or neither, if it is being started by another
 *     job) comes first. That processes start after the sockets of the job are open is not listed
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

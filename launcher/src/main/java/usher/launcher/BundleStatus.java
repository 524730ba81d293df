package usher.launcher;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import usher.activation.ExitStatus;
import usher.bundles.BundleName;

/**
 * What {@code status} says of one bundle.
 *
 * @param pid of the main process, if there is one
 * @param instances processes alive, for those that run one per connection
 * @param since when it came into this state
 * @param starts how often {@code run} was started
 * @param lastExit how {@code run}, or a one-shot, last ended
 * @param nextTry when it will be started again, in back-off
 * @param enabled all links that it calls for are there; or, if it calls for none, it has no {@code down}
 * @param detail why it is as it is, a phrase for people, or empty
 * @param containment what holds its processes together: {@code control group} or {@code session}
 */
record BundleStatus(
        BundleName name,
        State state,
        OptionalLong pid,
        int instances,
        Instant since,
        int starts,
        Optional<ExitStatus> lastExit,
        Optional<Instant> nextTry,
        boolean enabled,
        String detail,
        String containment) {

    /** The exit status of {@code status} with these bundles named: 0, or 3 if one is neither up nor listening. */
    static int exitStatus(List<BundleStatus> named) {
        return named.stream().allMatch(bundle -> bundle.state.isUp()) ? Exit.DONE : Exit.NOT_UP;
    }
}

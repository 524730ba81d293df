package usher.activation;

import java.nio.file.Path;
import java.util.Collection;
import java.util.Optional;
import java.util.function.BiFunction;
import usher.bundles.Bundle;
import usher.bundles.BundleName;

/**
 * How what a bundle runs is held together: by version-2 control groups where they can be made, else by sessions.
 */
public sealed interface Containment extends AutoCloseable permits ControlGroups, SessionsOnly {

    /**
     * Finds out what can be had, and moves this process into a group of its own if groups can.
     *
     * @param runDirectory whose launcher this is, absolute: two launchers share no group
     * @param marker what INVOCATION_ID says in the environment of a bundle's process, by its number
     */
    static Containment establish(Path runDirectory, BiFunction<BundleName, Integer, String> marker) {
        Children.takeInOrphans();
        return ControlGroups.establish(runDirectory, marker);
    }

    /** {@code control group} or {@code session}. */
    String kind();

    /** A sentence for people: where the groups are, or why there are none. */
    String detail();

    /**
     * Kills what an earlier launcher of this run directory has left behind, but for what is in these.
     *
     * @param kept of processes that go on
     */
    void clear(Collection<Enclosure> kept);

    /** What the bundle's {@code cgroup/} asks for is made so; if that cannot be, why. */
    Optional<String> apply(Bundle bundle);

    /** For one process of a bundle, by the number that tells it from the bundle's others. Always the same for the same. */
    Enclosure enclosure(Bundle bundle, int process);

    /** For the processes of all connections; nothing where a process of its own is not held for each. */
    Optional<Enclosure> ofConnections(Bundle bundle);

    /** The {@link Enclosure#tag} of the enclosure that the process is in, as the kernel says; empty if it does not. */
    String tagOf(int process);

    /** Nothing of the bundle runs, and nothing may do so at any moment. */
    void isIdle(BundleName bundle);

    /** Everything is stopped. */
    @Override
    void close();
}

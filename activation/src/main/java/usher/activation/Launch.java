package usher.activation;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import usher.activation.posix.Descriptor;
import usher.bundles.Service;

/**
 * A process to be started.
 *
 * @param command the executable's absolute path, and its arguments
 * @param place who it is and where it stands
 * @param descriptors what it gets under which number, and nothing else: 0, 1 and 2 are /dev/null where absent. They
 *     stay the caller's
 * @param tellsPid LISTEN_PID is set to its process id, as {@code sd_listen_fds(3)} wants it
 * @param membership the control group it is to be in, if any; {@link Enclosure#admit} says which
 * @param isPlayed its process ends where it would execute the command: {@link Spawner#canPlay}
 */
public record Launch(
        List<String> command,
        Environment environment,
        Service.Place place,
        Map<Integer, Descriptor> descriptors,
        boolean tellsPid,
        Optional<Membership> membership,
        boolean isPlayed) {

    public Launch {
        command = List.copyOf(command);
        descriptors = Map.copyOf(descriptors);
        if (command.isEmpty()) {
            throw new IllegalArgumentException("no command");
        }
    }

    /** In whatever group this process is in. */
    public Launch(
            List<String> command,
            Environment environment,
            Service.Place place,
            Map<Integer, Descriptor> descriptors,
            boolean tellsPid) {
        this(command, environment, place, descriptors, tellsPid, Optional.empty(), false);
    }

    /** The same with this variable. */
    public Launch with(String variable, String value) {
        return with(environment.with(variable, value));
    }

    Launch within(Membership group) {
        return new Launch(command, environment, place, descriptors, tellsPid, Optional.of(group), isPlayed);
    }

    Launch with(Environment other) {
        return new Launch(command, other, place, descriptors, tellsPid, membership, isPlayed);
    }

    /** The same, whose process ends where it would execute the command. */
    public Launch played() {
        return new Launch(command, environment, place, descriptors, tellsPid, membership, true);
    }
}

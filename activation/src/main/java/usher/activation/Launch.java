package usher.activation;

import java.util.List;
import java.util.Map;
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
 */
public record Launch(
        List<String> command,
        Environment environment,
        Service.Place place,
        Map<Integer, Descriptor> descriptors,
        boolean tellsPid) {

    public Launch {
        command = List.copyOf(command);
        descriptors = Map.copyOf(descriptors);
        if (command.isEmpty()) {
            throw new IllegalArgumentException("no command");
        }
    }
}

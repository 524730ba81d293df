package usher.activation;

import usher.activation.posix.Errno;
import usher.activation.posix.Nodes;
import usher.activation.posix.PosixException;

/** Why a process could not be made, in words. */
final class SpawnFaults {
    private SpawnFaults() {}

    /** posix_spawn gives one error number for all that it does; what is there says which it was. */
    static Spawning of(Launch launch, int errno, String failed) {
        if (!failed.isEmpty()) {
            return new Spawning.SpawnFailure(errno, PosixException.sentence(failed, "", errno));
        }
        String directory = launch.place().directory().toString();
        boolean aboutFiles = errno == Errno.ENOENT || errno == Errno.ENOTDIR || errno == Errno.EACCES;
        if (aboutFiles && launch.place().root().isEmpty() && Nodes.checkExecutable(directory + "/.") < 0) {
            return new Spawning.SpawnFailure(errno, PosixException.sentence("change to directory", directory, errno));
        }
        return new Spawning.SpawnFailure(errno, cannotExecute(launch.command().get(0), errno));
    }

    static String cannotExecute(String path, int errno) {
        boolean exists = Nodes.stat(path).isPresent();
        String advice = switch (errno) {
            case Errno.ENOENT -> exists ? ": the interpreter that its first line names does not exist" : "";
            case Errno.EACCES -> exists ? ": it is not executable (chmod +x it)" : "";
            case Errno.ENOEXEC -> ": its first line must name an interpreter, such as #!/bin/sh";
            default -> "";
        };
        return PosixException.sentence("execute", path, errno) + advice;
    }
}

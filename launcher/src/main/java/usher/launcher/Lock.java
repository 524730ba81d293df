package usher.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import usher.activation.posix.Descriptor;
import usher.activation.posix.Descriptors;
import usher.activation.posix.Errno;
import usher.activation.posix.PosixException;

/**
 * One launcher per run directory: {@code flock(2)} on RUN-DIR/lock, which the kernel drops with the launcher and no
 * child inherits; RUN-DIR/launcher.pid says who has it.
 */
final class Lock implements AutoCloseable {
    private final Descriptor descriptor;
    private final Path pidFile;

    private Lock(Descriptor descriptor, Path pidFile) {
        this.descriptor = descriptor;
        this.pidFile = pidFile;
    }

    static Lock take(Path runDirectory, long pid) throws Unfit {
        Path pidFile = runDirectory.resolve("launcher.pid");
        Path file = runDirectory.resolve("lock");
        int flags = Descriptors.O_RDWR | Descriptors.O_CREAT | Descriptors.O_CLOEXEC | Descriptors.O_NOFOLLOW;
        try {
            Descriptor descriptor = Descriptor.own(Descriptors.open(file.toString(), flags, 0600), "open", file);
            int locked = Descriptors.lock(descriptor.number(), Descriptors.LOCK_EX | Descriptors.LOCK_NB);
            if (locked == -Errno.EAGAIN) {
                throw new Unfit(runDirectory + ": a launcher runs here already, process " + holder(pidFile)
                        + " (talk to it with `usher status`, end it with `usher shutdown`, or name another run directory"
                        + " with --run-dir)");
            }
            PosixException.check(locked, "lock", file);
            Path fresh = runDirectory.resolve("launcher.pid.new");
            Files.writeString(fresh, pid + "\n");
            Files.move(fresh, pidFile, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
            return new Lock(descriptor, pidFile);
        } catch (PosixException e) {
            throw new Unfit(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            throw new Unfit(pidFile + ": cannot be written: " + RunDirectory.reason(e));
        }
    }

    private static String holder(Path pidFile) {
        try {
            return Files.readString(pidFile).trim();
        } catch (IOException e) {
            return "unknown";
        }
    }

    @Override
    public void close() {
        try {
            Files.deleteIfExists(pidFile);
        } catch (IOException e) {
            // It names a process that is no more, which whoever reads it has to reckon with anyway.
        }
        descriptor.close();
    }
}

package usher.launcher;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import usher.activation.ProcessId;
import usher.activation.posix.CrashPoint;
import usher.activation.posix.Descriptor;
import usher.activation.posix.Descriptors;
import usher.activation.posix.PosixException;

/**
 * One launcher per run directory. RUN-DIR/lock says which process it is, by number, start time and boot of the machine,
 * so that it is known to be gone the moment it is; who reads and writes that has the file locked meanwhile ({@code
 * flock(2)}). A lock held for the launcher's life would outlive it, in the table of descriptors that
 * {@link usher.activation.TableHolder} shares. RUN-DIR/launcher.pid is for people and scripts.
 */
final class Lock implements AutoCloseable {
    private static final int LONGEST = 200;

    private final Path runDirectory;

    private Lock(Path runDirectory) {
        this.runDirectory = runDirectory;
    }

    /** Takes it for this process; {@code guard} is written to RUN-DIR/guard.pid if there is one. */
    static Lock take(Path runDirectory, ProcessId self, Optional<ProcessId> guard) throws Unfit {
        Path file = runDirectory.resolve("lock");
        int flags = Descriptors.O_RDWR | Descriptors.O_CREAT | Descriptors.O_CLOEXEC | Descriptors.O_NOFOLLOW;
        try (Descriptor descriptor = Descriptor.own(Descriptors.open(file.toString(), flags, 0600), "open", file)) {
            PosixException.check(Descriptors.lock(descriptor.number(), Descriptors.LOCK_EX), "lock", file);
            Optional<ProcessId> holder = holder(descriptor);
            // A launcher whose guard was killed has become the guard, or by an upgrade this process.
            boolean oneOfUs = holder.equals(Optional.of(self)) || holder.isPresent() && holder.equals(guard);
            if (holder.isPresent() && !oneOfUs && holder.get().isAlive()) {
                throw new Unfit(runDirectory + ": a launcher runs here already, process "
                        + holder.get().pid() + " (talk to it with `usher status`, end it with `usher shutdown`, or name"
                        + " another run directory with --run-dir)");
            }
            String words = self.pid() + " " + self.startedAt() + " " + boot();
            // Over what is there, so that a full file system has room for it.
            byte[] padded =
                    (words + " ".repeat(LONGEST - 1 - words.length()) + "\n").getBytes(StandardCharsets.US_ASCII);
            PosixException.check(Descriptors.write(descriptor.number(), padded, 0, padded.length), "write to", file);
            Lock lock = new Lock(runDirectory);
            lock.publish("launcher.pid", self.pid());
            if (guard.isPresent()) {
                lock.publish("guard.pid", guard.get().pid());
            }
            return lock;
        } catch (PosixException e) {
            throw new Unfit(String.valueOf(e.getMessage()));
        }
    }

    /** Names this boot of the machine: {@code random(4)}. */
    static String boot() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).trim();
        } catch (IOException noProc) {
            return "unknown";
        }
    }

    private static Optional<ProcessId> holder(Descriptor descriptor) {
        byte[] bytes = new byte[LONGEST];
        int got = Descriptors.pread(descriptor.number(), bytes, 0, bytes.length, 0);
        String[] words = new String(bytes, 0, Math.max(got, 0), StandardCharsets.US_ASCII)
                .trim()
                .split(" ", -1);
        if (words.length != 3 || !words[2].equals(boot())) {
            return Optional.empty();
        }
        return Optional.of(new ProcessId(Integer.parseInt(words[0]), Long.parseLong(words[1])));
    }

    /** A full file system has room for what takes the place of what is there. */
    private void publish(String name, int pid) throws Unfit {
        Path file = runDirectory.resolve(name);
        try {
            try {
                Path fresh = runDirectory.resolve(name + ".new");
                Files.writeString(fresh, pid + "\n");
                CrashPoint.pass();
                Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
                CrashPoint.pass();
            } catch (IOException full) {
                Files.writeString(file, pid + "\n", StandardOpenOption.WRITE);
            }
        } catch (IOException e) {
            throw new Unfit(file + ": cannot be written: " + RunDirectory.reason(e));
        }
    }

    @Override
    public void close() {
        for (String name : new String[] {"launcher.pid", "guard.pid"}) {
            try {
                Files.deleteIfExists(runDirectory.resolve(name));
            } catch (IOException e) {
                // It names a process that is no more, which whoever reads it has to reckon with anyway.
            }
        }
    }
}

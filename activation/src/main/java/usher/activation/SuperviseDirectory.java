package usher.activation;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import usher.activation.posix.Descriptor;
import usher.activation.posix.Descriptors;
import usher.activation.posix.Errno;
import usher.activation.posix.Nodes;
import usher.activation.posix.PosixException;

/**
 * What the tools of daemontools, runit and s6 look for in a service directory: {@code supervise/} with {@code ok}, a
 * FIFO that has a reader for as long as the service is supervised, {@code control}, a FIFO that takes commands of one
 * byte each, and {@code status}.
 *
 * <p>All {@code ok}s are names of one FIFO, so that they cost one descriptor together. The directories are root's, or
 * the launcher's user's, alone (0700), as daemontools makes them. Calls throw {@link PosixException}.
 */
public final class SuperviseDirectory implements AutoCloseable {
    private static final int EVERYBODY_SEES = 0755;
    private static final int OWN = 0700;
    private static final int COMMANDS = 0600;
    private static final int FACTS = 0644;
    private static final int CONTROL = Descriptors.O_RDWR | Descriptors.O_NONBLOCK | Descriptors.O_NOFOLLOW;

    private final String path;
    private final Descriptor control;

    private SuperviseDirectory(String path, Descriptor control) {
        this.path = path;
        this.control = control;
    }

    /** The FIFO that all {@code ok}s are names of; supervised is what has one as long as this is open. */
    public static Descriptor openOk(String path) {
        return fifo(path);
    }

    /** Makes {@code supervise/} in that directory, which is made too; what an earlier launcher has left there is used. */
    public static SuperviseDirectory make(String directory, String ok) {
        make(directory, EVERYBODY_SEES);
        String path = directory + "/supervise";
        make(path, OWN);
        int linked = Nodes.link(ok, path + "/ok");
        if (linked == -Errno.EEXIST) {
            String fresh = path + "/ok.new";
            Nodes.unlink(fresh);
            PosixException.check(Nodes.link(ok, fresh), "link", fresh);
            PosixException.check(Nodes.rename(fresh, path + "/ok"), "replace", path + "/ok");
            Nodes.unlink(fresh); // left where both were the same node
        } else {
            PosixException.check(linked, "link", path + "/ok");
        }
        return new SuperviseDirectory(path, fifo(path + "/control"));
    }

    /** The {@code control}s that an earlier launcher has left, by the names of the directories in this one. */
    public static Map<String, Descriptor> controls(Path directories) {
        Map<String, Descriptor> open = new HashMap<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(directories)) {
            for (Path one : all) {
                int fd = Descriptors.open(one + "/supervise/control", CONTROL, 0);
                if (fd >= 0) {
                    open.put(one.getFileName().toString(), Descriptor.own(fd));
                }
            }
        } catch (IOException | DirectoryIteratorException none) {
            return open;
        }
        return open;
    }

    private static void make(String path, int mode) {
        int made = Nodes.makeDirectory(path, mode);
        if (made != -Errno.EEXIST) {
            PosixException.check(made, "make directory", path);
        }
    }

    /** Open for both, so that it is never at its end; the umask is what it may be. */
    private static Descriptor fifo(String path) {
        int made = Nodes.makeFifo(path, COMMANDS);
        if (made != -Errno.EEXIST) {
            PosixException.check(made, "make FIFO", path);
        }
        return Descriptor.own(Descriptors.open(path, CONTROL, 0), "open", path);
    }

    /** Readable when commands have come. */
    public Descriptor control() {
        return control;
    }

    /** The commands that have come, a byte each; empty if none has. */
    public byte[] commands() {
        byte[] buffer = new byte[64];
        int got = Descriptors.read(control.number(), buffer, 0, buffer.length);
        return java.util.Arrays.copyOf(buffer, Math.max(0, got));
    }

    /** The status as written last, perhaps by an earlier launcher. */
    public Optional<byte[]> status() {
        int fd = Descriptors.open(path + "/status", Descriptors.O_RDONLY | Descriptors.O_NOFOLLOW, 0);
        if (fd < 0) {
            return Optional.empty();
        }
        try (Descriptor file = Descriptor.own(fd)) {
            byte[] buffer = new byte[64];
            int got = Descriptors.read(file.number(), buffer, 0, buffer.length);
            return Optional.of(java.util.Arrays.copyOf(buffer, Math.max(0, got)));
        }
    }

    /** One write, in place: its length never changes, so that readers see the old or the new. */
    public void write(byte[] status) {
        String file = path + "/status";
        int flags = Descriptors.O_WRONLY | Descriptors.O_CREAT | Descriptors.O_NOFOLLOW;
        try (Descriptor open = Descriptor.own(Descriptors.open(file, flags, FACTS), "open", file)) {
            PosixException.check(Descriptors.write(open.number(), status, 0, status.length), "write", file);
        }
    }

    /** Nobody supervises it any more, and whoever asks is told so: {@code ok} and {@code control} have no reader. */
    public void retire() {
        close();
        String fresh = path + "/ok.new";
        Nodes.unlink(fresh);
        if (Nodes.makeFifo(fresh, COMMANDS) == 0) {
            Nodes.rename(fresh, path + "/ok");
        }
    }

    /** Whether there is one that was retired; one whose {@code ok} is the shared one has an earlier launcher left. */
    public static boolean isRetired(String directory, String ok) {
        Optional<Nodes.Stat> own = Nodes.stat(directory + "/supervise/ok");
        return own.isPresent() && !own.equals(Nodes.stat(ok));
    }

    /** Takes all of it away, and the directory around it. */
    public void remove(String... besides) {
        close();
        for (String name : new String[] {"ok", "control", "status"}) {
            Nodes.unlink(path + "/" + name);
        }
        Nodes.removeDirectory(path);
        String directory = path.substring(0, path.lastIndexOf('/'));
        for (String name : besides) {
            Nodes.unlink(directory + "/" + name);
        }
        Nodes.removeDirectory(directory);
    }

    /** A file or link beside {@code supervise/}: a link if it is to lead somewhere, else an empty file. */
    public void putBeside(String name, @Nullable String target) {
        String beside = path.substring(0, path.lastIndexOf('/') + 1) + name;
        if (target != null) {
            Nodes.unlink(beside);
            Nodes.symlink(target, beside);
            return;
        }
        int fd = Descriptors.open(beside, Descriptors.O_WRONLY | Descriptors.O_CREAT | Descriptors.O_NOFOLLOW, FACTS);
        if (fd >= 0) {
            Descriptors.close(fd);
        }
    }

    @Override
    public void close() {
        control.close();
    }
}

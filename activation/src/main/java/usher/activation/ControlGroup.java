package usher.activation;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import usher.activation.posix.Descriptor;
import usher.activation.posix.Descriptors;
import usher.activation.posix.Errno;
import usher.activation.posix.Nodes;
import usher.activation.posix.PosixException;
import usher.activation.posix.Processes;

/** A version-2 control group, by its directory; it need not exist ({@code cgroups(7)}). */
final class ControlGroup {
    static final String PROCESSES = "cgroup.procs";

    private static final String EVENTS = "cgroup.events";
    private static final String POPULATED = "populated 1";
    private static final int POLLPRI = 2;
    /** Killed one by one, those that fork meanwhile are found in the next round; no more rounds than this. */
    private static final int MOST_ROUNDS = 50;

    private final String path;

    ControlGroup(String path) {
        this.path = path;
    }

    String path() {
        return path;
    }

    ControlGroup below(String name) {
        return new ControlGroup(path + "/" + name);
    }

    boolean exists() {
        return Nodes.stat(path).isPresent();
    }

    /** Makes it, if it is not there; 0, or the error number negated. */
    int make() {
        int result = Nodes.makeDirectory(path, 0755);
        return result == -Errno.EEXIST ? 0 : result;
    }

    /** Makes it and, if need be, the one that it is in. */
    int makeWithParent() {
        int result = make();
        if (result != -Errno.ENOENT) {
            return result;
        }
        int made = parent().make();
        return made < 0 ? made : make();
    }

    /** Writes to one of its files, in one piece as the kernel wants it; 0, or the error number negated. */
    int write(String file, String text) {
        int number = Descriptors.open(path + "/" + file, Descriptors.O_WRONLY, 0);
        if (number < 0) {
            return number;
        }
        try (Descriptor descriptor = Descriptor.own(number)) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            return Math.min(0, Descriptors.write(descriptor.number(), bytes, 0, bytes.length));
        }
    }

    /** What one of its files holds; nothing if it is not there or not to be read. */
    String read(String file) {
        try {
            return Files.readString(Path.of(path, file), StandardCharsets.UTF_8);
        } catch (IOException gone) {
            return "";
        }
    }

    int add(int process) {
        return write(PROCESSES, Integer.toString(process));
    }

    /** Whether a process lives in it or below it. */
    boolean isPopulated() {
        return happens(POPULATED);
    }

    private boolean happens(String what) {
        Optional<Descriptor> opened = events();
        if (opened.isEmpty()) {
            return false;
        }
        try (Descriptor events = opened.get()) {
            return look(events).contains(what);
        }
    }

    /** Whether whoever comes into it stands still. */
    boolean isFrozen() {
        return happens("frozen 1");
    }

    private ControlGroup parent() {
        return new ControlGroup(path.substring(0, path.lastIndexOf('/')));
    }

    /** Kills all that is in it and below it, those that are being started included. They are gone a little later. */
    void kill() {
        if (write("cgroup.kill", "1") < 0) {
            killEach();
        }
    }

    /** As before kernel 5.14: frozen, nothing in it can start another process while each is killed. */
    void killEach() {
        write("cgroup.freeze", "1");
        boolean found = true;
        for (int round = 0; found && round < MOST_ROUNDS; round++) {
            found = false;
            for (int process : members()) {
                found |= Processes.kill(process, Processes.SIGKILL) == 0;
            }
        }
        write("cgroup.freeze", "0");
    }

    /** The processes in it and below it that are alive. */
    List<Integer> members() {
        List<Integer> members = new ArrayList<>();
        for (ControlGroup group : withAllBelow()) {
            group.read(PROCESSES)
                    .lines()
                    .filter(line -> !line.isBlank())
                    .forEach(line -> members.add(Integer.valueOf(line)));
        }
        return members;
    }

    List<ControlGroup> children() {
        List<ControlGroup> children = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(Path.of(path), Files::isDirectory)) {
            entries.forEach(entry -> children.add(new ControlGroup(entry.toString())));
        } catch (IOException | DirectoryIteratorException gone) {
            return children;
        }
        return children;
    }

    /** Each before those below it. */
    private List<ControlGroup> withAllBelow() {
        List<ControlGroup> all = new ArrayList<>(List.of(this));
        for (int i = 0; i < all.size(); i++) {
            all.addAll(all.get(i).children());
        }
        return all;
    }

    /** Removes it and those below it; 0, or the error number negated: EBUSY as long as a process lives in one. */
    int remove() {
        int result = Nodes.removeDirectory(path);
        if (result != -Errno.EBUSY || isPopulated()) {
            return result == -Errno.ENOENT ? 0 : result;
        }
        List<ControlGroup> all = withAllBelow();
        for (int i = all.size() - 1; i >= 0; i--) {
            result = Nodes.removeDirectory(all.get(i).path);
        }
        return result;
    }

    /** Its file of events, which polls as failed when something has changed since it was {@linkplain #isPopulated(Descriptor) looked at}. */
    Optional<Descriptor> events() {
        int number = Descriptors.open(path + "/" + EVENTS, Descriptors.O_RDONLY, 0);
        return number < 0 ? Optional.empty() : Optional.of(Descriptor.own(number));
    }

    static boolean isPopulated(Descriptor events) {
        return look(events).contains(POPULATED);
    }

    private static String look(Descriptor events) {
        byte[] buffer = new byte[256];
        int got = Descriptors.pread(events.number(), buffer, 0, buffer.length, 0);
        // Once the group is removed, the file cannot be read any more.
        return new String(buffer, 0, Math.max(got, 0), StandardCharsets.UTF_8);
    }

    /** Waits until no process is left in it or below it; false if that takes longer. */
    boolean awaitEmpty(Duration atMost) {
        Optional<Descriptor> opened = events();
        if (opened.isEmpty()) {
            return true;
        }
        long end = System.nanoTime() + atMost.toNanos();
        try (Descriptor events = opened.get()) {
            while (isPopulated(events)) {
                long left = (end - System.nanoTime()) / 1_000_000;
                if (left <= 0) {
                    return false;
                }
                PosixException.check(
                        Descriptors.poll(events.number(), POLLPRI, (int) Math.min(left, 1_000)), "wait for", path);
            }
        }
        return true;
    }

    @Override
    public String toString() {
        return path;
    }
}

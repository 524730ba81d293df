package usher.launcher;

import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import usher.activation.EventLoop;
import usher.activation.SuperviseDirectory;
import usher.activation.posix.Descriptor;
import usher.activation.posix.Limits;
import usher.activation.posix.Nodes;
import usher.activation.posix.PosixException;
import usher.bundles.Bundle;
import usher.bundles.BundleName;

/**
 * RUN-DIR/bundles: a service directory for every bundle, with a {@code supervise/} as daemontools and runit make it. As
 * each costs a descriptor, there are only so many.
 */
final class SuperviseDirectories implements AutoCloseable {
    private static final int EVERYBODY_SEES = 0755;

    private final EventLoop loop;
    private final Diary diary;
    private final BiConsumer<BundleName, byte[]> take;
    private final String directory;
    private final @Nullable Descriptor ok;
    private final Map<BundleName, Entry> entries = new HashMap<>();
    /** Held open, as what was written into them under a launcher before this one is there only as long as somebody does. */
    private final Map<String, Descriptor> earlier;

    private final Set<BundleName> troubled = new HashSet<>();
    private final long most = most(Limits.of(Limits.NOFILE).soft());
    private boolean full;

    /** What there is for one bundle. */
    static final class Entry {
        final SuperviseDirectory files;
        boolean down;
        SuperviseStatus shown;
        /** When its daemon exits it is not started again. */
        boolean once;
        /** Once it is down it is supervised no more. */
        boolean leaving;

        private Entry(SuperviseDirectory files, SuperviseStatus shown, boolean down) {
            this.files = files;
            this.shown = shown;
            this.down = down;
        }
    }

    /** {@code take} gets what is written into a bundle's {@code control}. */
    SuperviseDirectories(EventLoop loop, Path runDirectory, Diary diary, BiConsumer<BundleName, byte[]> take) {
        this.loop = loop;
        this.diary = diary;
        this.take = take;
        this.directory = runDirectory.resolve("bundles").toString();
        Nodes.makeDirectory(directory, EVERYBODY_SEES);
        this.ok = openOk();
        this.earlier = SuperviseDirectory.controls(runDirectory.resolve("bundles"));
    }

    /** For how many bundles there is a directory, with a FIFO each, where a process may have so many descriptors. */
    static long most(long limit) {
        return limit < 0 ? Long.MAX_VALUE : limit / 5 * 2;
    }

    boolean isFull() {
        if (entries.size() >= most && !full) {
            full = true;
            diary.complain(
                    "svc, svstat and sv are answered for " + most + " bundles only, since their FIFOs get two fifths"
                            + " of the descriptors that this process may have (ulimit -Hn)");
        }
        return entries.size() >= most;
    }

    private @Nullable Descriptor openOk() {
        try {
            return SuperviseDirectory.openOk(sharedOk());
        } catch (PosixException e) {
            diary.complain(e.getMessage() + ", so svc, svstat and sv are not answered");
            return null;
        }
    }

    private String sharedOk() {
        return directory + "/.ok";
    }

    /** Whether anybody can ask here at all. */
    boolean areAnswered() {
        return ok != null;
    }

    @Nullable
    Entry find(BundleName name) {
        return entries.get(name);
    }

    /** Those that have a directory. */
    List<BundleName> names() {
        return List.copyOf(entries.keySet());
    }

    /** Whether its directory was left to those who ask for a service that is supervised no more. */
    boolean isRetired(BundleName name) {
        return SuperviseDirectory.isRetired(directory + "/" + name, sharedOk());
    }

    /** Makes the bundle's directory, or goes on with that of a launcher before this one, whose process is the same. */
    Entry make(Bundle bundle, int pid) {
        BundleName name = bundle.name();
        SuperviseDirectory files = SuperviseDirectory.make(directory + "/" + name, sharedOk());
        Descriptor before = earlier.remove(name.value());
        if (before != null) {
            before.close();
        }
        Instant now = Instant.now();
        Optional<SuperviseStatus> last = files.status().flatMap(SuperviseStatus::parse);
        boolean goesOn = pid != 0 && last.isPresent() && last.get().pid() == pid;
        Entry entry = new Entry(files, goesOn ? last.get() : SuperviseStatus.down(now), bundle.isDown());
        entry.once = goesOn && entry.shown.want() == SuperviseStatus.Want.ONCE;
        entries.put(name, entry);
        besides(bundle, files);
        files.write(entry.shown.bytes());
        loop.watch(files.control(), EventLoop.READABLE, events -> take.accept(name, files.commands()));
        return entry;
    }

    /** The bundle is {@code down} now, or is not any more. */
    void renew(Bundle bundle, Entry entry) {
        entry.down = bundle.isDown();
        Nodes.unlink(directory + "/" + bundle.name() + "/down");
        besides(bundle, entry.files);
    }

    /** What the tools look for beside {@code supervise/}. */
    private static void besides(Bundle bundle, SuperviseDirectory files) {
        if (bundle.isDown()) {
            files.putBeside("down", null);
        }
        bundle.logLink().ifPresent(link -> files.putBeside("log", "../" + link.to()));
        bundle.service().ifPresent(service -> {
            String check = service.directory().resolve("check").toString();
            if (Nodes.checkExecutable(check) == 0) {
                files.putBeside("check", check);
            }
        });
    }

    /** What fails here is told once and keeps nobody from running. */
    void guarded(BundleName name, Runnable work) {
        try {
            work.run();
            troubled.remove(name);
        } catch (PosixException e) {
            if (troubled.add(name)) {
                diary.complain(name + ": " + e.getMessage() + ", so svc, svstat and sv may not be answered truly");
            }
        }
    }

    /** The bundle is supervised no more, and its directory says so. */
    void retire(BundleName name) {
        Entry entry = entries.remove(name);
        if (entry != null) {
            entry.files.retire();
        }
    }

    void remove(BundleName name) {
        Entry entry = entries.remove(name);
        if (entry != null) {
            entry.files.remove("down", "log", "check");
        }
    }

    void removeAll() {
        names().forEach(this::remove);
        Nodes.unlink(sharedOk());
        Nodes.removeDirectory(directory);
    }

    /** Leaves what is there to the next launcher. */
    @Override
    public void close() {
        entries.values().forEach(entry -> entry.files.close());
        earlier.values().forEach(Descriptor::close);
        if (ok != null) {
            ok.close();
        }
    }
}

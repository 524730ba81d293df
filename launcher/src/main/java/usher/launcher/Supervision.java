package usher.launcher;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
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
import usher.bundles.Link;
import usher.bundles.Relation;
import usher.bundles.Service.Script;
import usher.depgraph.Relations;

/**
 * RUN-DIR/bundles: a service directory for every bundle, as svc, svstat and svok of daemontools and sv of runit want it.
 * What they write into {@code control} becomes a job or a signal; {@code status} is brought up to date with each change.
 */
final class Supervision implements AutoCloseable {
    /** As many directories are made at a time for bundles that nobody has asked for. */
    private static final int AT_ONCE = 32;

    private static final int EVERYBODY_SEES = 0755;

    private final EventLoop loop;
    private final Engine engine;
    private final Shell shell;
    private final Diary diary;
    private final BiConsumer<Event.Verb, BundleName> ask;
    private final String directory;
    private final @Nullable Descriptor ok;
    private final Map<BundleName, Entry> entries = new HashMap<>();
    private final ArrayDeque<BundleName> unmade = new ArrayDeque<>();
    private final Set<BundleName> troubled = new HashSet<>();
    private @Nullable Relations known;
    private final long most = most(Limits.of(Limits.NOFILE).soft());
    private boolean full;
    private boolean over;

    /** What there is for one bundle. */
    private static final class Entry {
        final SuperviseDirectory files;
        boolean down;
        SuperviseStatus shown;
        /** When its daemon exits it is not started again. */
        boolean once;
        /** Once it is down it is supervised no more. */
        boolean leaving;

        Entry(SuperviseDirectory files, SuperviseStatus shown, boolean down) {
            this.files = files;
            this.shown = shown;
            this.down = down;
        }
    }

    /** {@code ask} is told of jobs that nobody waits for. */
    Supervision(
            EventLoop loop,
            Path runDirectory,
            Engine engine,
            Shell shell,
            Diary diary,
            BiConsumer<Event.Verb, BundleName> ask) {
        this.loop = loop;
        this.engine = engine;
        this.shell = shell;
        this.diary = diary;
        this.ask = ask;
        this.directory = runDirectory.resolve("bundles").toString();
        Nodes.makeDirectory(directory, EVERYBODY_SEES);
        this.ok = openOk();
    }

    /** For how many bundles there is a directory, with a FIFO each, where a process may have so many descriptors. */
    static long most(long limit) {
        return limit < 0 ? Long.MAX_VALUE : limit / 5 * 2;
    }

    private boolean isFull() {
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

    /** An event that comes before this one: a daemon that was to run once and exits is not started again. */
    Optional<Event> before(Event event) {
        if (event instanceof Event.Exited exited && exited.script() == Script.RUN) {
            Entry entry = entries.get(exited.bundle());
            Life life = engine.life(exited.bundle());
            if (entry != null && entry.once && life != null && life.main() == exited.process()) {
                entry.once = false;
                List<BundleName> names = List.of(exited.bundle());
                return Optional.of(new Event.Requested(Jobs.OWN, Event.Verb.STOP, names, engine.relations()));
            }
        }
        return Optional.empty();
    }

    /** Shows how it stands with bundles whose lives have changed. */
    void update(Collection<BundleName> changed) {
        if (ok != null && !over) {
            for (BundleName name : changed) {
                Life life = engine.life(name);
                if (life != null) {
                    guarded(name, () -> show(name, life));
                }
            }
        }
    }

    private void show(BundleName name, Life life) {
        boolean starts = engine.operations().start(name) != null;
        boolean idle = life.isGone() && !starts && engine.operations().stop(name) == null;
        Entry entry = entries.get(name);
        if (entry == null && ((idle && isRetired(name)) || isFull())) {
            return;
        }
        int pid = shell.pid(life);
        if (entry == null) {
            entry = make(life.bundle(), pid);
        }
        entry.once &= !idle;
        Instant now = Instant.now();
        SuperviseStatus next = entry.shown.next(life, starts, pid, entry.once, now);
        if (!next.equals(entry.shown)) {
            entry.shown = next;
            entry.files.write(next.bytes());
        }
        if (entry.leaving && idle) {
            entries.remove(name);
            entry.files.retire();
        }
    }

    /** Whether its directory was left to those who ask for a service that is supervised no more. */
    private boolean isRetired(BundleName name) {
        return Nodes.stat(directory + "/" + name + "/supervise/ok").isPresent();
    }

    private Entry make(Bundle bundle, int pid) {
        BundleName name = bundle.name();
        SuperviseDirectory files = SuperviseDirectory.make(directory + "/" + name, sharedOk());
        Instant now = Instant.now();
        Optional<SuperviseStatus> earlier = files.status().flatMap(SuperviseStatus::parse);
        boolean goesOn = pid != 0 && earlier.isPresent() && earlier.get().pid() == pid;
        Entry entry = new Entry(files, goesOn ? earlier.get() : SuperviseStatus.down(now), bundle.isDown());
        entry.once = goesOn && entry.shown.want() == SuperviseStatus.Want.ONCE;
        entries.put(name, entry);
        besides(bundle, files);
        files.write(entry.shown.bytes());
        loop.watch(files.control(), EventLoop.READABLE, events -> take(name, files.commands()));
        return entry;
    }

    /** What the tools look for beside {@code supervise/}. */
    private static void besides(Bundle bundle, SuperviseDirectory files) {
        if (bundle.isDown()) {
            files.putBeside("down", null);
        }
        for (Link link : bundle.links()) {
            if (link.relation() == Relation.LOG) {
                files.putBeside("log", "../" + link.to());
            }
        }
        bundle.service().ifPresent(service -> {
            String check = service.directory().resolve("check").toString();
            if (Nodes.checkExecutable(check) == 0) {
                files.putBeside("check", check);
            }
        });
    }

    private void take(BundleName name, byte[] bytes) {
        Entry entry = entries.get(name);
        for (SuperviseCommand command : SuperviseCommand.of(bytes)) {
            if (entry != null) {
                diary.note(name + ": " + command + " asked for in its supervise directory");
                obey(name, entry, command);
            }
        }
        Life life = engine.life(name);
        if (life != null) {
            guarded(name, () -> show(name, life));
        }
    }

    private void obey(BundleName name, Entry entry, SuperviseCommand command) {
        Life life = engine.life(name);
        switch (command) {
            case UP, DOWN, RESTART, EXIT -> {
                entry.once = false;
                entry.leaving = command == SuperviseCommand.EXIT;
                if (entry.leaving && life == null) {
                    entries.remove(name);
                    entry.files.retire();
                }
                ask.accept(
                        command == SuperviseCommand.UP
                                ? Event.Verb.START_NOW
                                : command == SuperviseCommand.RESTART ? Event.Verb.RESTART : Event.Verb.STOP,
                        name);
            }
            case ONCE -> {
                entry.leaving = false;
                if (life == null || !life.phase().isPassing() && life.phase() != Life.Phase.UP) {
                    ask.accept(Event.Verb.START_NOW, name);
                }
                entry.once = true;
            }
            default -> {
                boolean sent =
                        life != null && shell.signal(life, command.signal().orElseThrow());
                if (sent && (command == SuperviseCommand.PAUSE || command == SuperviseCommand.CONTINUE)) {
                    entry.shown = entry.shown.withPaused(command == SuperviseCommand.PAUSE);
                    entry.files.write(entry.shown.bytes());
                }
            }
        }
    }

    /** Bundles that can be asked for have a directory before they are; those that are no more lose theirs. */
    void know(Relations relations) {
        if (ok == null || over || relations == known) {
            return;
        }
        known = relations;
        boolean idle = unmade.isEmpty();
        for (Bundle bundle : relations.bundles().bundles()) {
            Entry entry = entries.get(bundle.name());
            if (entry != null && entry.down != bundle.isDown()) {
                entry.down = bundle.isDown();
                Nodes.unlink(directory + "/" + bundle.name() + "/down");
                besides(bundle, entry.files);
            } else if (entry == null) {
                unmade.add(bundle.name());
            }
        }
        for (BundleName name : List.copyOf(entries.keySet())) {
            Life life = engine.life(name);
            if (relations.bundles().find(name).isEmpty() && (life == null || life.isGone())) {
                remove(name);
            }
        }
        if (idle && !unmade.isEmpty()) {
            loop.submit(this::makeSome);
        }
    }

    private void makeSome() {
        for (int i = 0; i < AT_ONCE && !unmade.isEmpty() && !over && !isFull(); i++) {
            BundleName name = unmade.remove();
            Relations relations = engine.relations();
            Optional<Bundle> bundle = relations.bundles().find(name);
            boolean retired = engine.life(name) != null && isRetired(name);
            if (bundle.isPresent() && !entries.containsKey(name) && !retired) {
                guarded(name, () -> make(bundle.get(), 0));
            }
        }
        if (isFull()) {
            unmade.clear();
        }
        if (!unmade.isEmpty() && !over) {
            loop.submit(this::makeSome);
        }
    }

    /** What fails here is told once and keeps nobody from running. */
    private void guarded(BundleName name, Runnable work) {
        try {
            work.run();
            troubled.remove(name);
        } catch (PosixException e) {
            if (troubled.add(name)) {
                diary.complain(name + ": " + e.getMessage() + ", so svc, svstat and sv may not be answered truly");
            }
        }
    }

    private void remove(BundleName name) {
        Entry entry = entries.remove(name);
        if (entry != null) {
            entry.files.remove("down", "log", "check");
        }
    }

    /** After a shutdown nothing is left. */
    void removeAll() {
        over = true;
        new ArrayList<>(entries.keySet()).forEach(this::remove);
        Nodes.unlink(sharedOk());
        Nodes.removeDirectory(directory);
    }

    @Override
    public void close() {
        entries.values().forEach(entry -> entry.files.close());
        if (ok != null) {
            ok.close();
        }
    }
}

package usher.launcher;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import usher.activation.EventLoop;
import usher.bundles.Bundle;
import usher.bundles.BundleName;
import usher.bundles.Service.Script;
import usher.depgraph.Relations;

/**
 * Bundles as svc, svstat and svok of daemontools and sv of runit see them: what these write into {@code control}
 * becomes a job or a signal; {@code status} is brought up to date with each change ({@link SuperviseDirectories}).
 */
final class Supervision implements AutoCloseable {
    /** As many directories are made at a time for bundles that nobody has asked for. */
    private static final int AT_ONCE = 32;

    private final EventLoop loop;
    private final Engine engine;
    private final Shell shell;
    private final Diary diary;
    private final BiConsumer<Event.Verb, BundleName> ask;
    private final SuperviseDirectories directories;
    private final ArrayDeque<BundleName> unmade = new ArrayDeque<>();
    private @Nullable Relations known;
    private boolean over;

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
        this.directories = new SuperviseDirectories(loop, runDirectory, diary, this::take);
    }

    /** An event that comes before this one: a daemon that was to run once and exits is not started again. */
    Optional<Event> before(Event event) {
        if (event instanceof Event.Exited exited && exited.script() == Script.RUN) {
            SuperviseDirectories.Entry entry = directories.find(exited.bundle());
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
        if (directories.areAnswered() && !over) {
            for (BundleName name : changed) {
                Life life = engine.life(name);
                if (life != null && !shell.isStarting(name)) {
                    directories.guarded(name, () -> show(name, life));
                }
            }
        }
    }

    private void show(BundleName name, Life life) {
        boolean starts = engine.operations().start(name) != null;
        boolean idle = life.isGone() && !starts && engine.operations().stop(name) == null;
        SuperviseDirectories.Entry entry = directories.find(name);
        if (entry == null && ((idle && directories.isRetired(name)) || directories.isFull())) {
            return;
        }
        int pid = shell.pid(life);
        if (entry == null) {
            entry = directories.make(life.bundle(), pid);
        }
        entry.once &= !idle;
        Instant now = Instant.now();
        SuperviseStatus next = entry.shown.next(life, starts, pid, entry.once, now);
        byte[] bytes = next.bytes();
        if (!Arrays.equals(bytes, entry.shown.bytes())) {
            entry.files.write(bytes);
        }
        entry.shown = next;
        if (entry.leaving && idle) {
            directories.retire(name);
        }
    }

    private void take(BundleName name, byte[] bytes) {
        SuperviseDirectories.Entry entry = directories.find(name);
        for (SuperviseCommand command : SuperviseCommand.of(bytes)) {
            if (entry != null) {
                diary.note(name + ": " + command + " asked for in its supervise directory");
                obey(name, entry, command);
            }
        }
        Life life = engine.life(name);
        if (life != null) {
            directories.guarded(name, () -> show(name, life));
        }
    }

    private void obey(BundleName name, SuperviseDirectories.Entry entry, SuperviseCommand command) {
        Life life = engine.life(name);
        switch (command) {
            case UP, DOWN, RESTART, EXIT -> {
                entry.once = false;
                entry.leaving = command == SuperviseCommand.EXIT;
                if (entry.leaving && life == null) {
                    directories.retire(name);
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
        if (!directories.areAnswered() || over || relations == known) {
            return;
        }
        known = relations;
        boolean idle = unmade.isEmpty();
        for (Bundle bundle : relations.bundles().bundles()) {
            SuperviseDirectories.Entry entry = directories.find(bundle.name());
            if (entry != null && entry.down != bundle.isDown()) {
                directories.renew(bundle, entry);
            } else if (entry == null) {
                unmade.add(bundle.name());
            }
        }
        for (BundleName name : directories.names()) {
            Life life = engine.life(name);
            if (relations.bundles().find(name).isEmpty() && (life == null || life.isGone())) {
                directories.remove(name);
            }
        }
        if (idle && !unmade.isEmpty()) {
            loop.submit(this::makeSome);
        }
    }

    private void makeSome() {
        for (int i = 0; i < AT_ONCE && !unmade.isEmpty() && !over && !directories.isFull(); i++) {
            BundleName name = unmade.remove();
            Relations relations = engine.relations();
            Optional<Bundle> bundle = relations.bundles().find(name);
            boolean retired = engine.life(name) != null && directories.isRetired(name);
            if (bundle.isPresent() && directories.find(name) == null && !retired) {
                directories.guarded(name, () -> directories.make(bundle.get(), 0));
            }
        }
        if (directories.isFull()) {
            unmade.clear();
        }
        if (!unmade.isEmpty() && !over) {
            loop.submit(this::makeSome);
        }
    }

    /** After a shutdown nothing is left. */
    void removeAll() {
        over = true;
        directories.removeAll();
    }

    @Override
    public void close() {
        directories.close();
    }
}

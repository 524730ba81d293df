package usher.launcher;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import usher.activation.Containment;
import usher.activation.Enclosure;
import usher.activation.EventLoop;
import usher.activation.Listener;
import usher.activation.ProcessId;
import usher.activation.Spawner;
import usher.activation.posix.CrashPoint;
import usher.activation.posix.Processes;
import usher.bundles.Bundle;

/**
 * What is done while there is nothing to do: soon after the launcher has come to rest, the start of a lazy bundle is
 * rehearsed, and a restart, so that the first peer who knocks does not wait until all that is needed is loaded and compiled. What does
 * happen comes first: between two knocks of a {@link Rehearsal} the loop looks.
 */
final class Leisure {
    private static final long PAUSE = 50_000_000;
    private static final long BETWEEN_KNOCKS = 1_000_000;
    /** The Java machine compiles what has run for the hundredth time, or somewhat later if much is to be compiled. */
    private static final int KNOCKS = 250;

    /** No process of a bundle has this number. */
    private static final int NOBODY = -1;

    private final EventLoop loop;
    private final Engine engine;
    private final Shell shell;
    private final Spawner spawner;
    private final Containment containment;
    private final Path directory;
    /** A kill at a chosen step, as tests have it, is not meant for those of a rehearsal. */
    private boolean begun = CrashPoint.isOn();

    Leisure(EventLoop loop, Engine engine, Shell shell, Spawner spawner, Containment containment, Path directory) {
        this.loop = loop;
        this.engine = engine;
        this.shell = shell;
        this.spawner = spawner;
        this.containment = containment;
        this.directory = directory;
    }

    /** To be called whenever all that has happened has been taken: looks whether anything is in flight. */
    void look() {
        if (!begun && engine.operations().isEmpty()) {
            begun = true;
            loop.at(System.nanoTime() + PAUSE, this::rehearse);
        }
    }

    private void rehearse() {
        if (!engine.operations().isEmpty()) {
            begun = false;
            return;
        }
        Optional<Bundle> lazy = engine.lives().stream()
                .filter(life -> life.phase() == Life.Phase.LISTENING)
                .map(Life::bundle)
                .findFirst();
        try {
            if (lazy.isPresent()) {
                List<Listener> open = open(lazy.get());
                Rehearsal rehearsal = rehearsal(lazy.get(), open);
                rehearsal.playRestart();
                play(rehearsal, lazy.get(), open, KNOCKS);
            }
        } catch (IOException noRoom) {
            // Then the first who knocks waits a little longer.
        }
    }

    private List<Listener> open(Bundle bundle) {
        return shell.holding(bundle.name()).open(bundle);
    }

    private Rehearsal rehearsal(Bundle bundle, List<Listener> open) throws IOException {
        Enclosure enclosure = containment.enclosure(bundle, NOBODY);
        return new Rehearsal(
                bundle,
                open,
                launch -> spawner.rehearse(enclosure.admit(launch)),
                directory,
                ProcessId.of(Processes.pid()));
    }

    /** Until its sockets are others, because of a stop or a refresh: those that were closed are not to be named. */
    private void play(Rehearsal rehearsal, Bundle bundle, List<Listener> open, int knocks) {
        if (knocks > 0 && open.equals(open(bundle))) {
            rehearsal.play();
            loop.at(System.nanoTime() + BETWEEN_KNOCKS, () -> play(rehearsal, bundle, open, knocks - 1));
        }
    }
}

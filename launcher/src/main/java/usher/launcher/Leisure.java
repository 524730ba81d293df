package usher.launcher;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import usher.activation.Containment;
import usher.activation.Enclosure;
import usher.activation.EventLoop;
import usher.activation.ProcessId;
import usher.activation.Spawner;
import usher.activation.posix.Processes;
import usher.bundles.Bundle;

/**
 * What is done while there is nothing to do: soon after the launcher has come to rest, the start of a lazy bundle is
 * rehearsed, so that the first peer who knocks does not wait until all that is needed is loaded and compiled. What does
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

    Leisure(EventLoop loop, Engine engine, Shell shell, Spawner spawner, Containment containment, Path directory) {
        this.loop = loop;
        this.engine = engine;
        this.shell = shell;
        this.spawner = spawner;
        this.containment = containment;
        this.directory = directory;
    }

    void begin() {
        loop.at(System.nanoTime() + PAUSE, this::rehearse);
    }

    private void rehearse() {
        if (!engine.operations().isEmpty()) {
            begin();
            return;
        }
        Optional<Bundle> lazy = engine.lives().stream()
                .filter(life -> life.phase() == Life.Phase.LISTENING)
                .map(Life::bundle)
                .findFirst();
        try {
            if (lazy.isPresent()) {
                play(rehearsal(lazy.get()), KNOCKS);
            }
        } catch (IOException noRoom) {
            // Then the first who knocks waits a little longer.
        }
    }

    private Rehearsal rehearsal(Bundle bundle) throws IOException {
        Enclosure enclosure = containment.enclosure(bundle, NOBODY);
        return new Rehearsal(
                bundle,
                shell.holding(bundle.name()).open(bundle),
                launch -> spawner.rehearse(enclosure.admit(launch)),
                directory,
                ProcessId.of(Processes.pid()));
    }

    private void play(Rehearsal rehearsal, int knocks) {
        rehearsal.play();
        if (knocks > 1) {
            loop.at(System.nanoTime() + BETWEEN_KNOCKS, () -> play(rehearsal, knocks - 1));
        }
    }
}

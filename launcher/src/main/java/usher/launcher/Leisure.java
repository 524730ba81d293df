package usher.launcher;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import usher.activation.Containment;
import usher.activation.EventLoop;
import usher.activation.Keeper;
import usher.activation.Spawner;
import usher.activation.posix.CrashPoint;
import usher.activation.posix.FileMappings;
import usher.activation.posix.PosixException;
import usher.bundles.Bundle;
import usher.bundles.BundleName;
import usher.bundles.BundleSet;

/**
 * What is done while there is nothing to do, once the launcher has come to rest. For what waits for traffic the next process is
 * made ready ({@link Standbys}), and soon a {@link Rehearsal} is played, so that the first peer who knocks does not wait
 * until all that is needed is loaded and compiled. If nothing does, what only the start needed of programs and archives is
 * {@linkplain FileMappings given back}. What does happen comes first: between two steps of a rehearsal the loop looks.
 */
final class Leisure implements AutoCloseable {
    private static final long PAUSE = 50_000_000;
    /** After the death of a launcher before this one: who was interrupted comes first, and it may be killed again. */
    private static final long PAUSE_AFTER_DEATH = 5_000_000_000L;

    /** The Java machine compiles what has run for the hundredth time, or somewhat later if much is to be compiled. */
    private static final int KNOCKS = 150;

    private static final String NAME = "rehearsal";

    private final EventLoop loop;
    private final Engine engine;
    private final Spawner spawner;
    private final Containment containment;
    private final Outputs outputs;
    private final Keeper keeper;
    private final Standbys standbys;
    private final Path directory;
    private final long pause;
    /** A kill at a chosen step, as tests have it, is not meant for those of a rehearsal. */
    private final boolean rehearses = !CrashPoint.isOn() && Spawner.canPlay();

    private boolean begun;

    private @Nullable Rehearsal rehearsal;

    Leisure(
            EventLoop loop,
            Engine engine,
            Spawner spawner,
            Containment containment,
            Outputs outputs,
            Keeper keeper,
            Standbys standbys,
            Path directory,
            boolean comesBack) {
        this.loop = loop;
        this.engine = engine;
        this.spawner = spawner;
        this.containment = containment;
        this.outputs = outputs;
        this.keeper = keeper;
        this.standbys = standbys;
        this.directory = directory;
        this.pause = comesBack ? PAUSE_AFTER_DEATH : PAUSE;
    }

    /** To be called whenever all that has happened has been taken: looks whether anything is in flight. */
    void look() {
        if (!begun && engine.operations().isEmpty()) {
            begun = true;
            loop.submit(() -> standbys.prepareSome(listening()));
            loop.at(System.nanoTime() + pause, this::begin);
        }
    }

    private List<Bundle> listening() {
        return engine.lives().stream()
                .filter(life -> life.phase() == Life.Phase.LISTENING)
                .map(Life::bundle)
                .toList();
    }

    private void begin() {
        if (!engine.operations().isEmpty()) {
            begun = false;
            return;
        }
        List<Bundle> lazy = listening();
        if (rehearses && !lazy.isEmpty()) {
            rehearse(lazy.get(0));
        } else {
            FileMappings mappings = FileMappings.unchanged();
            // Not at once: the Java machine compiles what has run up to here, for which it needs half of all this.
            loop.at(System.nanoTime() + PAUSE, mappings::giveBack);
        }
    }

    private void rehearse(Bundle lazy) {
        try {
            rehearsal = new Rehearsal(
                    loop,
                    spawner,
                    containment,
                    outputs,
                    keeper,
                    name(engine.relations().bundles()),
                    lazy.sockets().get(0).handover(),
                    directory);
            rehearsal.play(KNOCKS, () -> rehearsal = null);
        } catch (IOException | PosixException noRoom) {
            close(); // Then the first who knocks waits a little longer.
        }
    }

    /** One that no bundle has. */
    private static BundleName name(BundleSet bundles) {
        String name = NAME;
        while (bundles.find(new BundleName(name)).isPresent()) {
            name += "~";
        }
        return new BundleName(name);
    }

    @Override
    public void close() {
        if (rehearsal != null) {
            rehearsal.close();
        }
    }
}

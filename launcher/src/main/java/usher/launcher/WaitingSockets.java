package usher.launcher;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import usher.bundles.Bundle;
import usher.bundles.BundleName;
import usher.bundles.ListeningSocket;
import usher.launcher.Life.Phase;
import usher.launcher.Life.Wish;
import usher.launcher.Outcome.Kind;

/**
 * What becomes of a start whose bundle's sockets cannot be opened yet, and of a bundle whose last socket opens late.
 * Two bundles in conflict may declare the same address: the one has it when the other has been stopped.
 */
final class WaitingSockets {
    private final Engine engine;
    private final Operations operations;
    private final Jobs jobs;

    WaitingSockets(Engine engine, Operations operations, Jobs jobs) {
        this.engine = engine;
        this.operations = operations;
        this.jobs = jobs;
    }

    /** A job does not wait for what stands in the way of a socket, unless that may go away by itself, or is being stopped. */
    void openFailed(Bundle bundle, Event.OpenFailed failed) {
        Operation start = operations.start(bundle.name());
        if (start == null || engine.lifeOf(bundle.name()).hasOpenDoors()) {
            return;
        }
        if (!failed.hopeful() && !rivalIsBeingStopped(bundle.name())) {
            String why = rivalThatListens(bundle)
                    .map(rival -> failed.why() + " (" + rival + ", which it conflicts with, listens there; it waits)")
                    .orElse(failed.why());
            engine.end(start, new Outcome(Kind.FAILED, why));
        } else if (start.deadline == Life.NEVER) {
            long patience =
                    bundle.service().map(s -> s.timeouts().up().toMillis()).orElse(0L);
            start.deadline = patience == 0 ? Life.NEVER : engine.now() + patience;
            engine.alarm(start.deadline, bundle.name());
        }
    }

    /** Of the sockets that are not open, those whose volumes are not there or are yet to be, each with who mounts that. */
    Map<String, BundleName> barred(BundleName bundle, Doors doors) {
        Map<String, BundleName> barred = engine.relations().listensBelow(bundle);
        barred.entrySet().removeIf(below -> doors.open().contains(below.getKey()) || isUp(below.getValue()));
        return barred;
    }

    private boolean isUp(BundleName bundle) {
        Life life = engine.life(bundle);
        return life != null && life.isUpForOthers() && operations.start(bundle) == null;
    }

    /** A bundle is up, or its start has ended otherwise: if it mounts something, those that listen below that go on. */
    void mounted(Bundle mounter) {
        if (mounter.mount().isEmpty()) {
            return;
        }
        for (Life life : engine.lives()) {
            if (!life.doors().barred().isEmpty()) {
                Operation start = operations.start(life.bundle().name());
                if (start != null && !start.wanted) {
                    engine.touch(life.bundle().name());
                } else if (isUp(mounter.name())) {
                    openAgain(life);
                }
            }
        }
    }

    /** Tries again to open what is not open, as far as it may be by now. */
    void openAgain(Life life) {
        Set<String> barred = barred(life.bundle().name(), life.doors()).keySet();
        engine.become(LifeCycle.openAgain(life, barred, engine.now()));
    }

    /** One that has a socket open where this one wants to. */
    private Optional<BundleName> rivalThatListens(Bundle bundle) {
        for (BundleName rival : engine.relations().conflicts(bundle.name())) {
            Life life = engine.life(rival);
            if (life != null && life.bundle().sockets().stream().anyMatch(socket -> isOpenHere(socket, life, bundle))) {
                return Optional.of(rival);
            }
        }
        return Optional.empty();
    }

    private static boolean isOpenHere(ListeningSocket socket, Life rival, Bundle bundle) {
        return rival.doors().open().contains(socket.name())
                && bundle.sockets().stream().anyMatch(own -> own.address().equals(socket.address()));
    }

    private boolean rivalIsBeingStopped(BundleName bundle) {
        for (BundleName rival : engine.relations().conflicts(bundle)) {
            if (operations.stop(rival) != null) {
                return true;
            }
        }
        return false;
    }

    /** A bundle has been stopped: those in conflict with it may have the addresses that it had. */
    void stopped(BundleName bundle) {
        for (BundleName rival : engine.relations().conflicts(bundle)) {
            Life life = engine.life(rival);
            if (life != null && !life.hasOpenDoors()) {
                openAgain(life);
            }
        }
    }

    /** The last socket could be opened when no job waited any more: go on where the job would have. */
    void opened(BundleName name) {
        Life life = engine.lifeOf(name);
        if (life.phase() == Phase.DOWN
                && life.wish() != Wish.DOWN
                && life.hasOpenDoors()
                && operations.start(name) == null
                && operations.stop(name) == null) {
            Operation start = operations.addStart(life.bundle());
            start.wish = life.wish();
            start.wanted = true;
            jobs.join(Jobs.OWN, start);
            engine.order();
        }
    }
}

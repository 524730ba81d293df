package usher.launcher;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import usher.bundles.Bundle;
import usher.bundles.BundleName;
import usher.bundles.Problem;
import usher.bundles.Service.Script;
import usher.launcher.Life.Wish;
import usher.launcher.Outcome.Kind;

/** Refresh and replacement: what lives takes over a newer definition, or gets another process by it. */
final class Changes {
    private final Engine engine;
    private final Operations operations;
    private final Jobs jobs;
    private final WaitingSockets waitingSockets;

    /** Of a bundle that runs and has no directory any more. */
    static final Outcome GONE =
            new Outcome(Kind.FAILED, "it is no longer there; it goes on as it was started until it is stopped");

    Changes(Engine engine, Operations operations, Jobs jobs, WaitingSockets waitingSockets) {
        this.engine = engine;
        this.operations = operations;
        this.jobs = jobs;
        this.waitingSockets = waitingSockets;
    }

    /** A daemon that runs gets a successor; what only listens is refreshed. */
    void replace(long job, BundleName name, List<Effect> effects) {
        Life life = engine.lifeOf(name);
        if (!life.has(Script.RUN)) {
            jobs.report(job, name, new Outcome(Kind.FAILED, "has no daemon that could be replaced"), effects);
        } else if (operations.stop(name) != null) {
            jobs.report(job, name, new Outcome(Kind.FAILED, "is being stopped"), effects);
        } else if (apply(job, name, life, effects)) {
            if (life.keepsDefinition()) {
                Operation start = join(job, name, Wish.RUN);
                start.standing = true;
                start.replace = true;
                start.begun = false;
            } else {
                awaitAdded(job, name, life, effects);
            }
        }
    }

    /** Opens what was added, closes what was removed, and leaves the rest alone. */
    void refresh(long job, BundleName name, List<Effect> effects) {
        Life life = engine.life(name);
        if (life == null || life.isGone() || operations.stop(name) != null) {
            jobs.report(job, name, Outcome.of(Kind.REFRESHED), effects);
        } else if (apply(job, name, life, effects)) {
            awaitAdded(job, name, life, effects);
        }
    }

    /** Takes over the definition as read for the job; false if that cannot be, and it has been reported. */
    private boolean apply(long job, BundleName name, Life life, List<Effect> effects) {
        Bundle fresh = engine.relations().bundles().find(name).orElse(null);
        Optional<String> obstacle = obstacleToRefresh(life.bundle(), fresh);
        if (fresh == null || obstacle.isPresent()) {
            jobs.report(job, name, new Outcome(Kind.FAILED, obstacle.orElse("")), effects);
            return false;
        }
        Set<String> barred = waitingSockets.barred(name, life.doors()).keySet();
        engine.become(LifeCycle.refresh(life, fresh, barred, engine.now()));
        return true;
    }

    /** The job waits until what was added is open; not for what was being waited for already. */
    private void awaitAdded(long job, BundleName name, Life before, List<Effect> effects) {
        Life life = engine.lifeOf(name);
        boolean opens = life.bundle().sockets().stream()
                .anyMatch(socket -> !life.doors().open().contains(socket.name())
                        && !before.bundle().declares(socket));
        if (life.wish() != Wish.DOWN && opens) {
            join(job, name, life.wish());
        } else {
            jobs.report(job, name, Outcome.of(Kind.REFRESHED), effects);
        }
    }

    private static Optional<String> obstacleToRefresh(Bundle old, @Nullable Bundle fresh) {
        if (fresh == null) {
            return Optional.of(GONE.detail());
        }
        Optional<Problem> error =
                fresh.problems().stream().filter(Problem::isError).findFirst();
        if (error.isPresent()) {
            return Optional.of(error.get().source() + ": " + error.get().message());
        }
        return !old.sockets().isEmpty()
                        && !fresh.sockets().isEmpty()
                        && old.isPerConnection() != fresh.isPerConnection()
                ? Optional.of("accept was put there or taken away: stop it and start it to have that")
                : Optional.empty();
    }

    /** The start operation of a bundle that lives, which the job waits for. */
    private Operation join(long job, BundleName name, Wish wish) {
        Operation start = operations.start(name);
        if (start == null) {
            Life life = engine.lifeOf(name);
            start = operations.addStart(life.bundle());
            start.wish = wish;
            start.standing = true;
        }
        jobs.join(job, start);
        engine.touch(name);
        return start;
    }
}

package usher.launcher;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import usher.bundles.BundleName;
import usher.launcher.Life.Phase;

/** Restart and replacement of several bundles at once: which of them run, which only listen, and which are to be started. */
final class Restarts {
    private final Engine engine;
    private final Jobs jobs;
    private final Admission admission;
    private final Changes changes;

    Restarts(Engine engine, Jobs jobs, Admission admission, Changes changes) {
        this.engine = engine;
        this.jobs = jobs;
        this.admission = admission;
        this.changes = changes;
    }

    /** Stops those with processes, and what requires them, and starts the same again; what only listens is left alone. */
    void restart(long job, Collection<BundleName> asked, List<Effect> effects) {
        Set<BundleName> running = new TreeSet<>();
        for (Life life : engine.lives()) {
            if (life.phase().isPassing() || life.phase() == Phase.UP || life.tries()) {
                running.add(life.bundle().name());
            }
        }
        List<BundleName> names = restartable(job, asked, running, effects);
        List<BundleName> again = new ArrayList<>();
        List<BundleName> anew = new ArrayList<>();
        Set<BundleName> stopping = Admission.membersOf(engine.relations().stop(names, running));
        for (BundleName name : names) {
            Life life = engine.life(name);
            if (running.contains(name)) {
                stopping.add(name);
            } else if (life != null && life.phase() == Phase.LISTENING) {
                jobs.report(job, name, Engine.outcomeOf(life), effects);
            } else {
                anew.add(name);
            }
        }
        for (BundleName name : stopping) {
            admission.stopOne(job, name, true);
            if (engine.relations().bundles().find(name).isPresent()) {
                again.add(name);
            }
        }
        if (!again.isEmpty()) {
            admission.start(job, again, true, effects);
        }
        if (!anew.isEmpty()) {
            admission.start(job, anew, false, effects);
        }
    }

    /** Without those that run and could not be started again, as is known beforehand: they go on, and the job hears why. */
    private List<BundleName> restartable(
            long job, Collection<BundleName> names, Set<BundleName> running, List<Effect> effects) {
        List<BundleName> present = new ArrayList<>(names);
        present.removeIf(name -> engine.relations().bundles().find(name).isEmpty());
        Map<BundleName, Outcome> denied = Admission.denied(
                engine.relations().start(present, true, engine.operations().starting()));
        List<BundleName> restartable = new ArrayList<>();
        for (BundleName name : names) {
            Outcome why = present.contains(name) ? denied.get(name) : Changes.GONE;
            if (why != null && running.contains(name)) {
                jobs.report(job, name, why, effects);
            } else {
                restartable.add(name);
            }
        }
        return restartable;
    }

    /** A daemon that runs gets a successor; what only listens is refreshed, and what is down is started. */
    void replace(long job, Collection<BundleName> names, List<Effect> effects) {
        List<BundleName> anew = new ArrayList<>();
        for (BundleName name : names) {
            Life life = engine.life(name);
            if (life == null || !life.phase().isActive()) {
                anew.add(name);
            }
        }
        if (!anew.isEmpty()) {
            admission.start(job, anew, false, effects);
        }
        for (BundleName name : names) {
            if (!anew.contains(name)) {
                changes.replace(job, name, effects);
            }
        }
    }
}

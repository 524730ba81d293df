package usher.launcher;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import usher.bundles.Bundle;
import usher.bundles.BundleName;
import usher.depgraph.Plan;
import usher.depgraph.Step;
import usher.launcher.Life.Phase;
import usher.launcher.Life.Wish;
import usher.launcher.Outcome.Kind;

/**
 * Turns a request into operations: the plan says which bundles take part, what is in flight already is joined, and what
 * is as wished already is reported at once. A later stop takes the place of an earlier start of the same bundle; a
 * later start comes behind an earlier stop.
 */
final class Admission {
    private final Engine engine;
    private final Operations operations;
    private final Jobs jobs;
    private final Changes changes;
    private final Restarts restarts;

    Admission(Engine engine, Operations operations, Jobs jobs, WaitingSockets waitingSockets) {
        this.engine = engine;
        this.operations = operations;
        this.jobs = jobs;
        this.changes = new Changes(engine, operations, jobs, waitingSockets);
        this.restarts = new Restarts(engine, jobs, this, changes);
    }

    void admit(Event.Requested request, List<Effect> effects) {
        long job = request.job();
        switch (request.verb()) {
            case STOP -> stop(job, request.names(), effects);
            case SHUTDOWN -> shutDown(job, effects);
            case START, START_NOW, RESTART, REPLACE, REFRESH -> {
                if (engine.isShuttingDown()) {
                    for (BundleName name : request.names()) {
                        jobs.report(job, name, new Outcome(Kind.CANCELED, "the launcher is shutting down"), effects);
                    }
                } else {
                    admit(job, request, effects);
                }
            }
        }
    }

    private void admit(long job, Event.Requested request, List<Effect> effects) {
        Collection<BundleName> names = request.names();
        switch (request.verb()) {
            case RESTART -> restarts.restart(job, names, effects);
            case REPLACE -> restarts.replace(job, names, effects);
            case REFRESH -> names.forEach(name -> changes.refresh(job, name, effects));
            default -> start(job, names, request.verb() == Event.Verb.START_NOW, effects);
        }
    }

    /** A knock: the launcher's own job starts the bundle and what waited with it. */
    void startNow(BundleName name, List<Effect> effects) {
        if (concernsNobodyElse(engine, name)) {
            startOne(Jobs.OWN, name, Wish.RUN, effects); // what the plan would say, without looking at all the others
        } else {
            start(Jobs.OWN, List.of(name), true, effects);
        }
    }

    /** Whether what a knock at the bundle starts is the bundle alone, whatever else there is. */
    static boolean concernsNobodyElse(Engine engine, BundleName name) {
        return engine.operations().isEmpty() && engine.relations().standsAlone(name);
    }

    void start(long job, Collection<BundleName> names, boolean now, List<Effect> effects) {
        Plan plan = engine.relations().start(names, now, operations.starting());
        Map<BundleName, Wish> wishes = new TreeMap<>();
        Set<BundleName> stopped = new TreeSet<>();
        for (Step step : plan.steps()) {
            switch (step.kind()) {
                case OPEN -> wishes.putIfAbsent(step.bundle(), Wish.LISTEN);
                case START -> wishes.put(step.bundle(), Wish.RUN);
                case STOP -> stopped.add(step.bundle());
                case CLOSE -> {}
            }
        }
        for (BundleName name : stopped) {
            boolean listens = wishes.containsKey(name);
            if (!listens || !isOnlyListening(name)) {
                stopOne(job, name, listens);
            }
        }
        denied(plan).forEach((name, outcome) -> deny(job, name, outcome, effects));
        wishes.forEach((name, wish) -> startOne(job, name, wish, effects));
    }

    private boolean isOnlyListening(BundleName name) {
        Life life = engine.life(name);
        return life != null && life.phase() == Phase.LISTENING && operations.start(name) == null;
    }

    /** The plan leaves the bundle out; if it is up nevertheless, it goes on as it was started. */
    private void deny(long job, BundleName name, Outcome outcome, List<Effect> effects) {
        Bundle bundle = engine.relations().bundles().find(name).orElse(null);
        if (bundle != null && mayBeDenied(job, engine.lifeOf(bundle)) && operations.start(name) == null) {
            Phase rest = switch (outcome.kind()) {
                case REFUSED -> Phase.REFUSED;
                case FAILED -> Phase.FAILED;
                default -> Phase.SKIPPED;
            };
            engine.become(LifeCycle.deny(engine.lifeOf(bundle), rest, outcome.detail(), engine.now()));
        }
        jobs.report(job, name, outcome, effects);
    }

    /** Those that the plan cannot start, and how that is called. */
    static Map<BundleName, Outcome> denied(Plan plan) {
        Map<BundleName, Outcome> denied = new LinkedHashMap<>();
        plan.refused().forEach((name, why) -> denied.put(name, new Outcome(Kind.REFUSED, why)));
        plan.failed().forEach((name, why) -> denied.put(name, new Outcome(Kind.FAILED, why)));
        plan.skipped().forEach((name, why) -> denied.put(name, new Outcome(Kind.SKIPPED, why)));
        return denied;
    }

    private static boolean mayBeDenied(long job, Life life) {
        boolean knocked = job == Jobs.OWN && life.isListening();
        return knocked || !life.phase().isActive() && life.phase() != Phase.DOOMED;
    }

    private void startOne(long job, BundleName name, Wish planned, List<Effect> effects) {
        Bundle bundle = engine.relations().bundles().find(name).orElse(null);
        if (bundle == null) {
            return;
        }
        Life life = engine.lifeOf(bundle);
        Wish wish = planned;
        Operation start = operations.start(name);
        if (start != null) {
            if (start.wish.compareTo(wish) < 0) {
                start.wish = wish;
                start.wanted = false;
            }
            jobs.join(job, start);
            engine.touch(name);
        } else if (operations.stop(name) == null && isAsWished(life, wish)) {
            jobs.report(job, name, Engine.outcomeOf(life), effects);
        } else {
            Operation added = operations.addStart(bundle);
            added.wish = wish;
            jobs.join(job, added);
            engine.touch(name);
        }
    }

    private static boolean isAsWished(Life life, Wish wish) {
        return switch (life.phase()) {
            case UP -> !life.bundle().isPerConnection() || life.wish().compareTo(wish) >= 0;
            case LISTENING -> life.wish().compareTo(wish) >= 0;
            default -> false;
        };
    }

    private void stop(long job, Collection<BundleName> names, List<Effect> effects) {
        Set<BundleName> up = present();
        Set<BundleName> stopping = membersOf(engine.relations().stop(names, up));
        stopping.addAll(names);
        for (BundleName name : stopping) {
            if (up.contains(name) || operations.start(name) != null) {
                stopOne(job, name, false);
            } else {
                jobs.report(job, name, Outcome.of(Kind.STOPPED), effects);
            }
        }
    }

    void stopOne(long job, BundleName name, boolean keepSockets) {
        Life life = engine.life(name);
        Operation start = operations.start(name);
        if (start != null) {
            engine.end(start, new Outcome(Kind.CANCELED, "a stop came later"));
        }
        if (life == null || start == null && life.isGone()) {
            return;
        }
        Operation stop = operations.stop(name);
        if (stop == null) {
            stop = operations.addStop(life.bundle());
            stop.keepSockets = keepSockets;
            engine.become(LifeCycle.doom(life, engine.now()));
        } else if (stop.keepSockets && !keepSockets) {
            stop.keepSockets = false;
            if (stop.begun) {
                engine.become(LifeCycle.stop(life, false, false, engine.now()));
            }
        }
        jobs.join(job, stop);
        engine.touch(name);
    }

    private void shutDown(long job, List<Effect> effects) {
        Set<BundleName> all = present();
        all.addAll(operations.starting());
        stop(job, all, effects);
    }

    private Set<BundleName> present() {
        Set<BundleName> present = new TreeSet<>();
        for (Life life : engine.lives()) {
            if (!life.isGone()) {
                present.add(life.bundle().name());
            }
        }
        return present;
    }

    static Set<BundleName> membersOf(Plan plan) {
        Set<BundleName> members = new TreeSet<>();
        for (Step step : plan.steps()) {
            members.add(step.bundle());
        }
        return members;
    }
}

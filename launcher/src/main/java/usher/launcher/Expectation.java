package usher.launcher;

import java.util.List;
import java.util.Optional;
import usher.activation.ExitStatus;
import usher.activation.Taken;
import usher.bundles.Bundle;
import usher.bundles.BundleName;
import usher.bundles.Service.Script;
import usher.depgraph.Relations;
import usher.launcher.Life.Phase;
import usher.launcher.Life.Wish;

/**
 * What the {@link Engine} will want of a knock at a bundle, now or when its daemon has ended, and nothing else, as long as the
 * life of the bundle is this one, the relations are these and no job is under way.
 */
record Expectation(Life life, Relations relations, Effect.Spawn spawn) {

    /** Nothing where more than the bundle's own life has a part in it, or more than its daemon is to be started. */
    static Optional<Expectation> of(Engine engine, BundleName name) {
        Life life = engine.life(name);
        return life == null ? Optional.empty() : of(engine, life, life);
    }

    /** Of a knock after that; nothing, besides, unless the bundle then only listens again. */
    static Optional<Expectation> after(Engine engine, Event.Exited end, long now) {
        Life life = engine.life(end.bundle());
        if (life == null || life.phase() != Phase.UP || life.main() != end.process()) {
            return Optional.empty();
        }
        LifeCycle.Next next = LifeCycle.on(life, end, now);
        return next.effects().equals(List.of(new Effect.Watch(end.bundle())))
                ? of(engine, life, next.life())
                : Optional.empty();
    }

    /** Of a knock after the daemon, having served somebody, has ended, if it is up. */
    static Optional<Expectation> afterEnd(Engine engine, BundleName name) {
        Life life = engine.life(name);
        if (life == null) {
            return Optional.empty();
        }
        Event.Exited end = new Event.Exited(name, Script.RUN, life.main(), ExitStatus.exit(0), Taken.YES);
        return after(engine, end, engine.now());
    }

    private static Optional<Expectation> of(Engine engine, Life life, Life then) {
        BundleName name = life.bundle().name();
        Bundle now = engine.relations().bundles().find(name).orElse(null);
        if (now == null
                || then.phase() != Phase.LISTENING
                || then.wish() != Wish.LISTEN
                || then.keepsDefinition()
                || !then.doors().areAllOpen(then.bundle())
                || !now.has(Script.RUN)
                || now.has(Script.START) && !then.prepared()
                || engine.isShuttingDown()
                || !Admission.concernsNobodyElse(engine, name)) {
            return Optional.empty();
        }
        Bundle bundle = now.withSockets(then.bundle().sockets());
        Effect.Spawn spawn = new Effect.Spawn(
                bundle,
                Script.RUN,
                then.processes() + 1,
                Effect.Ended.NONE,
                then.tally().suspect());
        return Optional.of(new Expectation(life, engine.relations(), spawn));
    }

    @SuppressWarnings(
            "ReferenceEquality") // a life that has changed is another one, and so is a tree that was read anew
    boolean holds(Engine engine) {
        return engine.life(life.bundle().name()) == life
                && engine.relations() == relations
                && engine.operations().isEmpty()
                && !engine.isShuttingDown();
    }

    /** Whether the process is the same, though the life may have gone on. */
    @SuppressWarnings("ReferenceEquality")
    boolean isOfSameProcess(Expectation other) {
        return relations == other.relations
                && spawn.process() == other.spawn.process()
                && spawn.bundle().sockets() == other.spawn.bundle().sockets();
    }
}

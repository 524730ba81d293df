package usher.launcher;

import java.util.Optional;
import usher.bundles.Bundle;
import usher.bundles.BundleName;
import usher.bundles.Service.Script;
import usher.depgraph.Relations;
import usher.launcher.Life.Phase;
import usher.launcher.Life.Wish;

/**
 * What the {@link Engine} will want of a knock at a bundle, and nothing else, as long as the life of the bundle is this one, the
 * relations are these and no job is under way.
 */
record Expectation(Life life, Relations relations, Effect.Spawn spawn) {

    /** Nothing where more than the bundle's own life has a part in it, or more than its daemon is to be started. */
    static Optional<Expectation> of(Engine engine, BundleName name) {
        Life life = engine.life(name);
        Bundle now = engine.relations().bundles().find(name).orElse(null);
        if (life == null
                || now == null
                || life.phase() != Phase.LISTENING
                || life.wish() != Wish.LISTEN
                || life.keepsDefinition()
                || !life.doors().areAllOpen(life.bundle())
                || life.tally().suspect()
                || !now.has(Script.RUN)
                || now.has(Script.START) && !life.prepared()
                || engine.isShuttingDown()
                || !Admission.concernsNobodyElse(engine, name)) {
            return Optional.empty();
        }
        Bundle bundle = now.withSockets(life.bundle().sockets());
        Effect.Spawn spawn = new Effect.Spawn(bundle, Script.RUN, life.processes() + 1, Effect.Ended.NONE, false);
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
}

package usher.launcher;

import java.util.Collection;
import java.util.Optional;
import java.util.function.Supplier;
import usher.bundles.BundleName;
import usher.bundles.Service.Script;
import usher.depgraph.Relations;

/**
 * Looks at the bundles again when one that mounts has its volume there: links that were pending lead to somebody now, who
 * is to be started with those that have them.
 */
final class Volumes {
    private final Engine engine;
    private final Supplier<Relations> read;

    /** {@code read} reads the bundles as they are now. */
    Volumes(Engine engine, Supplier<Relations> read) {
        this.engine = engine;
        this.read = read;
    }

    /** What comes before this event: whoever waits for the mount only learns in time what else it waits for. */
    Optional<Event> before(Event event) {
        if (!(event instanceof Event.OfProcess fact) || !mayBeMounted(fact) || engine.isShuttingDown()) {
            return Optional.empty();
        }
        Collection<BundleName> pending = engine.relations().pendingOn(fact.bundle());
        pending.removeIf(name -> !isWanted(name));
        return pending.isEmpty()
                ? Optional.empty()
                : Optional.of(new Event.Requested(Jobs.OWN, Event.Verb.START, pending, read.get()));
    }

    /** Not while {@code start} runs: half of what it mounts might be seen, the links' ends but not the bundles there. */
    private boolean mayBeMounted(Event.OfProcess fact) {
        boolean speaks = fact instanceof Event.Exited exited && exited.script() == Script.START
                || fact instanceof Event.Spawned spawned && spawned.script() == Script.RUN
                || fact instanceof Event.Ready
                || fact instanceof Event.Notified notified && notified.said().ready();
        Life life = engine.life(fact.bundle());
        return speaks && life != null && life.bundle().mount().isPresent();
    }

    /** Whether it is the {@code stop} of a bundle that mounts: what is open on the volume keeps it from being unmounted. */
    static boolean isUnmounting(Effect effect) {
        return effect instanceof Effect.Spawn spawn
                && spawn.script() == Script.STOP
                && spawn.bundle().mount().isPresent();
    }

    private boolean isWanted(BundleName name) {
        Life life = engine.life(name);
        return engine.operations().start(name) != null || life != null && !life.isGone();
    }
}

package usher.launcher;

import java.time.Duration;
import usher.launcher.Life.Idling;
import usher.launcher.Life.Phase;

/**
 * How a daemon with {@code idle-timeout} is stopped when none of its sockets has had an open connection for so long.
 *
 * <p>While connections are open they are counted now and then. When none is, the sockets are watched, so that one
 * knock, however short the visit, begins the time anew. When it is over, new connections are held off and it is looked
 * once more: what came in between is served by this daemon, what comes after waits for the next. An eager bundle waits
 * for a knock then, as a lazy one does; with the next daemon it is eager again.
 */
final class IdleStop {
    private static final long SHORTEST_LOOK = 50;
    private static final long LONGEST_LOOK = 15_000;

    private final LifeRules life;

    IdleStop(LifeRules life) {
        this.life = life;
    }

    private long limit() {
        return life.bundle
                .service()
                .flatMap(service -> service.idleTimeout())
                .map(Duration::toMillis)
                .orElse(Life.NEVER);
    }

    private boolean applies() {
        return life.phase == Phase.UP
                && !life.doomed
                && !life.bundle.sockets().isEmpty()
                && !life.bundle.isPerConnection()
                && limit() != Life.NEVER;
    }

    /** The daemon is up. */
    void begin() {
        forgetQuiet();
        if (applies()) {
            busy();
        }
    }

    /** Whether a knock is awaited although the daemon is up. */
    boolean isWatching() {
        return life.phase == Phase.UP && life.idling.quietSince() != Life.NEVER && !life.idling.hushed();
    }

    /** The time to look has come. */
    void look() {
        if (!applies()) {
            return;
        }
        boolean longEnough = life.idling.quietSince() != Life.NEVER && life.now - life.idling.quietSince() >= limit();
        if (longEnough && life.second.isEmpty()) {
            life.unwatch();
            life.idling = new Idling(life.idling.quietSince(), true);
            life.effects.add(new Effect.Hush(life.bundle.name()));
        } else {
            life.effects.add(new Effect.Count(life.bundle.name()));
        }
    }

    void counted(int connections) {
        if (life.phase != Phase.UP) {
            return;
        }
        boolean none = connections == 0 && applies() && life.second.isEmpty();
        if (life.idling.hushed() && none) {
            life.end("idle for " + Words.of(Duration.ofMillis(limit())));
        } else if (life.idling.hushed()) {
            life.effects.add(new Effect.Unhush(life.bundle.name()));
            busy();
        } else if (!none) {
            forgetQuiet();
            busy();
        } else if (life.idling.quietSince() == Life.NEVER) {
            life.idling = new Idling(life.now, false);
            life.deadline = life.now + limit();
            life.watch();
        }
    }

    void knocked() {
        if (isWatching()) {
            forgetQuiet();
            busy();
        }
    }

    /** The daemon has ended; tells whether because it was idle. */
    boolean ended() {
        boolean idle = life.idling.hushed();
        forgetQuiet();
        if (idle) {
            life.effects.add(new Effect.Unhush(life.bundle.name()));
        }
        life.idling = Idling.BUSY;
        return idle;
    }

    /** Nobody is awaited any more. */
    void forgetQuiet() {
        if (isWatching()) {
            life.unwatch();
            life.idling = Idling.BUSY;
        }
    }

    private void busy() {
        life.idling = Idling.BUSY;
        if (applies()) {
            life.deadline = life.now + Math.max(SHORTEST_LOOK, Math.min(LONGEST_LOOK, limit() / 4));
        }
    }
}

package usher.activation;

import java.util.function.Supplier;

/** A process that is being made, perhaps while the caller does something else. */
public final class PendingSpawn {
    private final boolean done;
    private final Supplier<Spawning> outcome;

    private PendingSpawn(boolean done, Supplier<Spawning> outcome) {
        this.done = done;
        this.outcome = outcome;
    }

    /** One that is made, or cannot be. */
    public static PendingSpawn done(Spawning outcome) {
        return new PendingSpawn(true, () -> outcome);
    }

    static PendingSpawn underWay(Supplier<Spawning> outcome) {
        return new PendingSpawn(false, outcome);
    }

    public boolean isDone() {
        return done;
    }

    /** Waits until it is made, and says what came of it; to be called once. */
    public Spawning await() {
        return outcome.get();
    }
}

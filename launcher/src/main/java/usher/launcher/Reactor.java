package usher.launcher;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Takes events in turn: the {@link Engine} decides, the {@link Chronicle} writes down what it wants done, and then it is
 * done. What is done about one event may cause others; those wait for their turn, never one is taken in another.
 */
final class Reactor {
    private final Engine engine;
    private final Chronicle chronicle;
    private final Clock clock;
    private final Surroundings surroundings;
    private final ArrayDeque<Event> raised = new ArrayDeque<>();
    private boolean busy;

    /** Whom it works for. */
    interface Surroundings {
        /** An event that is to be taken before this one. */
        Optional<Event> before(Event event);

        void carryOut(Effect effect);

        /** Brings to its end what is under way since {@link #carryOut}; whether anything was. */
        boolean settle();

        /** An event has been taken. */
        void after();
    }

    Reactor(Engine engine, Chronicle chronicle, Clock clock, Surroundings surroundings) {
        this.engine = engine;
        this.chronicle = chronicle;
        this.clock = clock;
        this.surroundings = surroundings;
    }

    /** Takes what a launcher before this one had on its hands, where it was interrupted, besides what has been raised since. */
    void goOn(Found found, Runnable restore) {
        busy = true;
        restore.run();
        List<Event> raisedNow = List.copyOf(raised);
        raised.clear();
        raised.addAll(found.events().values());
        raised.addAll(raisedNow);
        found.begun().forEach(surroundings::carryOut);
        for (int done = found.done(); done < found.effects().size(); done++) {
            surroundings.carryOut(found.effects().get(done));
            chronicle.done(done + 1);
        }
        settle();
        busy = false;
    }

    /** Takes the event and all that it raises, or leaves it to its turn; whether nothing waits then. */
    boolean take(Event event) {
        // What was raised under a launcher before this one comes first: who ended now was started then. Until that is
        // taken this is written down, too: that a process is gone is written with whatever is written next.
        boolean waits = busy || !raised.isEmpty();
        if (waits) {
            if (!isRoutine(event)) {
                chronicle.raised(event);
            }
            raised.add(event);
        }
        if (busy) {
            return false;
        }
        busy = true;
        try {
            if (!waits) {
                step(event, false);
            }
            for (Event next = next(); next != null; next = next()) {
                step(next, !isRoutine(next));
            }
        } finally {
            busy = false;
        }
        return true;
    }

    /** What is under way may go on as long as other events are to be taken, and raises others when it ends. */
    private @Nullable Event next() {
        if (raised.isEmpty()) {
            settle();
        }
        return raised.poll();
    }

    private void settle() {
        if (surroundings.settle()) {
            chronicle.settled();
        }
    }

    /** What is decided is written down before it is done, and what is done after it is. */
    private void step(Event event, boolean wasRaised) {
        Optional<Event> before = surroundings.before(event);
        if (before.isPresent()) {
            decide(before.get(), false);
        }
        decide(event, wasRaised);
        surroundings.after();
    }

    private void decide(Event event, boolean wasRaised) {
        List<Effect> effects = engine.on(event, clock.now());
        Life life = event instanceof Event.OfBundle fact ? engine.life(fact.bundle()) : null;
        if (isRoutine(event) && life != null && life.isServing()) {
            effects.forEach(surroundings::carryOut);
            return;
        }
        chronicle.decided(wasRaised, engine, effects);
        int done = 0;
        for (Effect effect : effects) {
            surroundings.carryOut(effect);
            done++;
            if (done < effects.size() || !raised.isEmpty() || !effect.isHarmlessTwice()) {
                chronicle.done(done);
            }
        }
    }

    /**
     * Whether it need not be written down that a connection came and went, since its process is: there are thousands a
     * second. Whatever changes besides is written with the next step.
     */
    private static boolean isRoutine(Event event) {
        return event instanceof Event.Connected
                || event instanceof Event.Disconnected
                || event instanceof Event.Knocked;
    }
}

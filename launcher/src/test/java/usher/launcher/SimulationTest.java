package usher.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Random histories of random trees. The seed of the run is printed and may be given: {@code -Dusher.seed=1}; so may the
 * number of events: {@code -Dusher.events=100000000} for the long profile.
 */
final class SimulationTest {
    private static final long EVENTS = Long.getLong("usher.events", 1_000_000);
    private static final int LENGTH = 400;
    /** So many events that even what is rare has happened. */
    private static final long ENOUGH = 20_000_000;

    @Test
    void holdsItsRulesInAMillionEvents() {
        long seed = Long.getLong("usher.seed", new Random().nextLong());
        System.out.println("simulation: -Dusher.seed=" + seed);
        long events = 0;
        long histories = 0;
        long begun = System.nanoTime();
        Set<Simulation.Passage> passages = new HashSet<>();
        for (long history = seed; events < EVENTS; history++, histories++) {
            Simulation simulation = new Simulation(history);
            try {
                simulation.play(LENGTH);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("with -Dusher.seed=" + history + " -Dusher.events=1", e);
            }
            events += simulation.events;
            passages.addAll(simulation.passages);
        }
        long millis = Math.max(1, (System.nanoTime() - begun) / 1_000_000);
        System.out.println("simulation: " + events + " events, " + histories + " histories, " + events * 1000 / millis
                + " events a second");
        assertThat(events).isGreaterThanOrEqualTo(EVENTS);
        StateDiagram diagram = new StateDiagram();
        diagram.assertHolds(passages);
        if (EVENTS >= ENOUGH) {
            diagram.assertHappens(passages);
        }
    }
}

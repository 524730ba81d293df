package usher.launcher;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import usher.activation.EventLoop;

/** Tells a client on a terminal what its job waits for, whenever that has changed, a few times a second at most. */
final class ProgressReport {
    private static final long EVERY = 200_000_000;
    private static final int MOST_NAMED = 3;

    private final EventLoop loop;
    private final Engine engine;
    private final Clock clock;

    ProgressReport(EventLoop loop, Engine engine, Clock clock) {
        this.loop = loop;
        this.engine = engine;
        this.clock = clock;
    }

    /** Until the job is over or its client gone. */
    void begin(long job, ControlConnection client) {
        later(job, client, null);
    }

    private void later(long job, ControlConnection client, @Nullable Progress told) {
        loop.at(System.nanoTime() + EVERY, () -> {
            if (client.isAnswering()) {
                Progress now = of(job);
                boolean news = told == null || !told.saysTheSame(now);
                if (news) {
                    client.progress(now.line());
                }
                later(job, client, news ? now : told);
            }
        });
    }

    private Progress of(long job) {
        List<Progress.Entry> entries = new ArrayList<>();
        int all = 0;
        for (Operation operation : (Iterable<Operation>) inFlight(job)::iterator) {
            all++;
            Life life = engine.life(operation.bundle.name());
            if (operation.mayBegin() || operation.begun) {
                if (life != null && entries.size() < MOST_NAMED) {
                    entries.add(entry(life));
                }
            }
        }
        return new Progress(all - entries.size(), entries);
    }

    private Stream<Operation> inFlight(long job) {
        Operations operations = engine.operations();
        return Stream.concat(operations.stopsInFlight().stream(), operations.startsInFlight().stream())
                .filter(operation -> operation.jobs.contains(job));
    }

    private Progress.Entry entry(Life life) {
        String why = life.detail().isEmpty() ? life.doors().why() : life.detail();
        return new Progress.Entry(
                life.bundle().name().value(), life.state().toString(), clock.now() - life.since(), why);
    }
}

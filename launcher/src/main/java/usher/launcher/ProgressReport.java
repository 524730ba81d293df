package usher.launcher;

import java.util.List;
import java.util.Optional;
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
        Operations operations = engine.operations();
        List<Operation> inFlight = Stream.concat(
                        operations.stopsInFlight().stream(), operations.startsInFlight().stream())
                .filter(operation -> operation.jobs.contains(job))
                .toList();
        List<Progress.Entry> entries = inFlight.stream()
                .filter(operation -> operation.begun || operation.mayBegin())
                .flatMap(operation -> Optional.ofNullable(engine.life(operation.bundle.name())).stream())
                .limit(MOST_NAMED)
                .map(this::entry)
                .toList();
        return new Progress(inFlight.size() - entries.size(), entries);
    }

    private Progress.Entry entry(Life life) {
        String why = life.detail().isEmpty() ? life.doors().why() : life.detail();
        return new Progress.Entry(
                life.bundle().name().value(), life.state().toString(), clock.now() - life.since(), why);
    }
}

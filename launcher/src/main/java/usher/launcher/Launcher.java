package usher.launcher;

import java.io.PrintStream;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import usher.activation.Containment;
import usher.activation.EventLoop;
import usher.activation.OriginalLimits;
import usher.activation.PassedSockets;
import usher.activation.Signals;
import usher.activation.Spawner;
import usher.activation.Timer;
import usher.bundles.BundleName;
import usher.depgraph.Relations;

/**
 * The launcher at work: one thread, one loop. Whatever happens becomes an event for the {@link Engine}; what the engine
 * wants done goes to the {@link Shell}, and what is to be told to {@link Requests} and {@link Diary}.
 */
final class Launcher implements AutoCloseable {
    private static final int SIGHUP = 1;

    private final EventLoop loop;
    private final Clock clock = new Clock();
    private final Engine engine;
    private final Diary diary;
    private final Outputs outputs;
    private final Spawner spawner;
    private final Containment containment;
    private final Shell shell;
    private final Survey survey;
    private final Requests requests;
    private final Supervision supervision;
    private final ControlServer control;
    private final ArrayDeque<Event> events = new ArrayDeque<>();
    private @Nullable Timer alarm;
    private long alarmAt = Life.NEVER;
    private boolean busy;

    /** Makes everything ready; {@link #serve} begins. The caller holds the {@link Lock} of the run directory. */
    Launcher(
            Places places,
            Optional<String> controlGroup,
            OriginalLimits limits,
            PassedSockets passed,
            PrintStream err,
            Relations relations)
            throws Unfit {
        loop = new EventLoop();
        engine = new Engine(relations);
        diary = new Diary(err, places.spareLogDirectory());
        outputs = new Outputs(Keeper.NONE, places.logDirectory(), places.spareLogDirectory(), places.spoolDirectory());
        outputs.clearUp();
        spawner = new Spawner(limits);
        containment = Containment.establish(places.runDirectory().path());
        diary.note("bundles are held by " + containment.detail());
        containment.clear(List.of());
        places.publishLogDirectory();
        shell = new Shell(loop, passed, spawner, containment, new Launches(outputs), diary, this::tell);
        survey = new Survey(engine, shell, clock);
        requests = new Requests(places, engine, survey, shell, this::tell);
        supervision = new Supervision(loop, places.runDirectory().path(), engine, shell, diary, requests::ask);
        control = ControlServer.open(loop, places, controlGroup, requests::answer);
        Signals.deliverTo(loop, this::signalled);
    }

    /** Starts these bundles; their sockets are open when it returns. */
    void begin(Collection<BundleName> names) {
        tell(new Event.Requested(requests.nextJob(), Event.Verb.START, names, engine.relations()));
    }

    /** Serves until a shutdown has stopped everything. */
    void serve() {
        loop.run();
    }

    List<BundleStatus> bundles(Set<BundleName> of) {
        return survey.bundles(engine.relations().bundles().bundles().stream()
                .filter(bundle -> of.contains(bundle.name()))
                .toList());
    }

    List<SocketStatus> sockets() {
        return survey.sockets(Set.of());
    }

    private void signalled(int signal) {
        if (signal == SIGHUP) {
            diary.note("told to refresh by signal HUP");
            requests.refreshAll().forEach(diary::complain);
        } else {
            diary.note("told to end by signal " + usher.bundles.Signals.name(signal));
            tell(new Event.Requested(requests.nextJob(), Event.Verb.SHUTDOWN, List.of(), engine.relations()));
        }
    }

    /** Takes an event. What is done about one event may cause others: they are taken in turn, never one in another. */
    private void tell(Event event) {
        events.add(event);
        if (busy) {
            return;
        }
        busy = true;
        try {
            for (Event next = events.poll(); next != null; next = events.poll()) {
                supervision.before(next).ifPresent(this::step);
                step(next);
            }
        } finally {
            busy = false;
        }
        setAlarm();
    }

    private void step(Event event) {
        for (Effect effect : engine.on(event, clock.now())) {
            carryOut(effect);
        }
        supervision.update(engine.takeChanged());
        supervision.know(engine.relations());
    }

    private void carryOut(Effect effect) {
        if (effect instanceof Effect.Report report) {
            report(report);
        } else if (effect instanceof Effect.JobEnded ended) {
            requests.ended(ended.job());
        } else if (effect instanceof Effect.Exit) {
            supervision.removeAll();
            loop.stop();
        } else {
            shell.carryOut(effect);
        }
    }

    private void report(Effect.Report report) {
        String line = report.bundle() + ": " + report.outcome();
        if (report.outcome().isGood() || report.outcome().kind() == Outcome.Kind.CANCELED) {
            diary.note(line);
        } else {
            diary.complain(line);
        }
        requests.report(report);
    }

    private void setAlarm() {
        long next = engine.nextDeadline();
        if (next == alarmAt) {
            return;
        }
        if (alarm != null) {
            alarm.cancel();
            alarm = null;
        }
        alarmAt = next;
        if (next != Life.NEVER) {
            alarm = loop.at(clock.nanoTime(next), () -> {
                alarmAt = Life.NEVER;
                tell(new Event.Tick());
            });
        }
    }

    @Override
    public void close() {
        supervision.close();
        control.close();
        shell.close();
        outputs.close();
        spawner.close();
        containment.close();
        diary.close();
        loop.close();
    }
}

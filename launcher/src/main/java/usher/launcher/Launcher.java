package usher.launcher;

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
 * wants done goes to the {@link Shell}, and what is to be told to {@link WaitedJobs} and {@link Diary}.
 */
final class Launcher implements AutoCloseable {
    private static final int SIGHUP = 1;
    private static final int SIGTERM = 15;
    private static final long LET_GO_AFTER = 20_000_000;

    private final EventLoop loop;
    private final Clock clock;
    private final Engine engine;
    private final Chronicle chronicle;
    private final Diary diary;
    private final Outputs outputs;
    private final Spawner spawner;
    private final Containment containment;
    private final Shell shell;
    private final Survey survey;
    private final WaitedJobs waited;
    private final Requests requests;
    private final Supervision supervision;
    private final ControlServer control;
    private final Heritage heritage;
    private final SharedTable table;
    private final ArrayDeque<Event> events = new ArrayDeque<>();
    private @Nullable Timer alarm;
    private long alarmAt = Life.NEVER;
    private boolean busy;
    private boolean ended;
    private boolean lettingGo;

    /** Makes everything ready; {@link #serve} begins. The caller holds the {@link Lock} of the run directory. */
    Launcher(
            Places places,
            Optional<String> controlGroup,
            OriginalLimits limits,
            Heritage heritage,
            Diary diary,
            Relations relations)
            throws Unfit {
        this.heritage = heritage;
        this.diary = diary;
        Survivors survivors = heritage.survivors();
        chronicle = heritage.chronicle();
        clock = heritage.clock();
        loop = new EventLoop();
        engine = new Engine(relations);
        outputs = new Outputs(
                loop, heritage.keeper(), places.logDirectory(), places.spareLogDirectory(), places.spoolDirectory());
        spawner = new Spawner(limits);
        containment = Containment.establish(places.runDirectory().path(), survivors::marker);
        diary.note("bundles are held by " + containment.detail());
        places.publishLogDirectory();
        PassedSockets passed = survivors.passed();
        shell = new Shell(
                loop,
                passed,
                spawner,
                containment,
                new Launches(
                        outputs, name -> !engine.relations().writersTo(name).isEmpty()),
                diary,
                chronicle,
                survivors,
                heritage.keeper(),
                this::tell);
        survey = new Survey(engine, shell, clock);
        Handing handing = new Handing(places.runDirectory().path(), heritage.keeper(), limits, diary);
        waited = new WaitedJobs(chronicle, new ProgressReport(loop, engine, clock));
        requests = new Requests(places, engine, survey, shell, chronicle, handing, waited, this::tell);
        supervision = new Supervision(loop, places.runDirectory().path(), engine, shell, diary, requests::ask);
        control = ControlServer.open(loop, places, controlGroup, survivors, heritage.keeper(), requests::answer);
        // Held anew before those who held it are let go; and let go before anybody is served, who would wait for them.
        table = new SharedTable(loop, heritage.keeper(), chronicle, diary);
        table.start();
        table.succeed(heritage.holders());
        heritage.found().ifPresentOrElse(this::goOn, this::closeRest);
        outputs.clearUp();
        containment.clear(shell.enclosures());
        Signals.deliverTo(loop, this::signalled);
        handing.watchGuard(loop);
    }

    /** Takes up what a launcher before this one had on its hands, where it was interrupted. */
    private void goOn(Found found) {
        busy = true;
        Recovery recovery = new Recovery(found);
        recovery.restore(outputs, heritage.survivors());
        requests.restore(found.settings().lastJob());
        waited.restore(found.jobs(), found.told());
        recovery.restore(engine, shell, clock.now());
        List<Event> raisedNow = List.copyOf(events);
        events.clear();
        events.addAll(found.events().values());
        events.addAll(raisedNow);
        for (int done = found.done(); done < found.effects().size(); done++) {
            carryOut(found.effects().get(done));
            chronicle.done(done + 1);
        }
        busy = false;
        closeRest();
        loop.submit(() -> tell(new Event.Tick()));
        if (heritage.isToStop()) {
            loop.submit(() -> signalled(SIGTERM));
        }
    }

    /** What outlived the launcher before this one and is of no use; without a record that is everything. */
    private void closeRest() {
        heritage.survivors().closeRest().forEach(name -> heritage.keeper().forget(name));
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
        // What was raised under a launcher before this one comes first: who ended now was started then. Until that is
        // taken this is written down, too: that a process is gone is written with whatever is written next.
        boolean waits = busy || !events.isEmpty();
        if (waits) {
            if (!isRoutine(event)) {
                chronicle.raised(event);
            }
            events.add(event);
        }
        if (busy) {
            return;
        }
        busy = true;
        try {
            if (!waits) {
                step(event, false);
            }
            takeRaised();
        } finally {
            busy = false;
        }
        setAlarm();
        letGoLater();
    }

    private void takeRaised() {
        for (Event next = events.poll(); next != null; next = events.poll()) {
            step(next, !isRoutine(next));
        }
    }

    /** Not at once, because it costs the more the more is kept. */
    private void letGoLater() {
        if (heritage.keeper().isStale() && !lettingGo) {
            lettingGo = true;
            loop.at(System.nanoTime() + LET_GO_AFTER, () -> {
                lettingGo = false;
                heritage.keeper().letGo();
            });
        }
    }

    /** What is decided is written down before it is done, and what is done after it is. */
    private void step(Event event, boolean raised) {
        Optional<Event> before = supervision.before(event);
        if (before.isPresent()) {
            decide(before.get(), false);
        }
        decide(event, raised);
        supervision.update(engine.takeChanged());
        supervision.know(engine.relations());
    }

    private void decide(Event event, boolean raised) {
        List<Effect> effects = engine.on(event, clock.now());
        Life life = event instanceof Event.OfBundle fact ? engine.life(fact.bundle()) : null;
        if (isRoutine(event) && life != null && life.isServing()) {
            effects.forEach(this::carryOut);
            return;
        }
        chronicle.decided(raised, engine, effects);
        int done = 0;
        for (Effect effect : effects) {
            carryOut(effect);
            done++;
            if (done < effects.size() || !events.isEmpty() || !effect.isHarmlessTwice()) {
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

    private void carryOut(Effect effect) {
        if (effect instanceof Effect.Report report) {
            report(report);
        } else if (effect instanceof Effect.JobEnded ended) {
            heritage.keeper().letGo(); // whoever waits for a stop may want the port at once
            waited.ended(ended.job());
        } else if (effect instanceof Effect.Exit) {
            supervision.removeAll();
            ended = true;
            loop.stop();
        } else {
            if (effect instanceof Effect.Open) {
                heritage.keeper().letGo(); // it may be the address that another bundle has just left
            }
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
        waited.report(report);
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

    /** After a shutdown. One that ends otherwise leaves everything as it is to the next, as if it had been killed. */
    @Override
    public void close() {
        if (!ended) {
            return;
        }
        table.close();
        supervision.close();
        control.close();
        shell.close();
        outputs.close();
        spawner.close();
        containment.close();
        loop.close();
        chronicle.end(); // last: until then the next launcher would go on here
    }
}

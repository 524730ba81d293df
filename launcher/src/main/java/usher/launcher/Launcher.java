package usher.launcher;

import java.util.Collection;
import java.util.List;
import java.util.Map;
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
import usher.activation.posix.Descriptor;
import usher.activation.posix.Processes;
import usher.bundles.Bundle;
import usher.bundles.BundleName;
import usher.bundles.BundleSet;
import usher.depgraph.Relations;

/**
 * The launcher at work: one thread, one loop. Whatever happens becomes an event for the {@link Engine}; what the engine
 * wants done goes to the {@link Shell}, and what is to be told to {@link WaitedJobs} and {@link Diary}.
 */
final class Launcher implements AutoCloseable {
    private static final long LET_GO_AFTER = 20_000_000;
    private static final long LOOK_AGAIN_AFTER = 5_000_000_000L;

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
    private final Volumes volumes;
    private final ControlServer control;
    private final Heritage heritage;
    private final SharedTable table;
    private final Reactor reactor;
    private final Leisure leisure;
    private @Nullable Timer alarm;
    private long alarmAt = Life.NEVER;
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
        reactor = new Reactor(engine, chronicle, clock, new Around());
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
                new Launches(this::streams, false),
                outputs,
                diary,
                chronicle,
                survivors,
                heritage.keeper(),
                engine,
                this::tell);
        shell.sweep();
        leisure = new Leisure(
                loop,
                engine,
                spawner,
                containment,
                outputs,
                heritage.keeper(),
                shell.standbys(),
                places.runDirectory().path(),
                heritage.found().isPresent());
        survey = new Survey(places.searchPath(), engine, shell, clock);
        Handing handing = new Handing(places.runDirectory().path(), heritage.keeper(), limits, diary);
        waited = new WaitedJobs(chronicle, new ProgressReport(loop, engine, clock));
        requests = new Requests(places, engine, survey, shell, chronicle, handing, waited, this::tell);
        supervision = new Supervision(loop, places.runDirectory().path(), engine, shell, diary, requests::ask);
        volumes = new Volumes(engine, () -> Relations.of(places.read()));
        control = ControlServer.open(loop, places, controlGroup, survivors, heritage.keeper(), requests::answer);
        // Held anew before those who held it are let go; and let go before anybody is served, who would wait for them.
        table = new SharedTable(loop, heritage.keeper(), chronicle, diary);
        table.start();
        table.succeed(heritage.holders());
        heritage.found().ifPresentOrElse(this::goOn, this::closeRest);
        outputs.clearUp();
        containment.clear(shell.enclosures(engine.lives()));
        Signals.deliverTo(loop, this::signalled);
        handing.watchGuard(loop);
        keepBack(limits);
    }

    private void keepBack(OriginalLimits limits) {
        if (!limits.keepBack()) {
            loop.at(System.nanoTime() + LOOK_AGAIN_AFTER, () -> keepBack(limits));
        }
    }

    /** Takes up what a launcher before this one had on its hands, where it was interrupted. */
    private void goOn(Found found) {
        reactor.goOn(found, () -> {
            Recovery recovery = new Recovery(found);
            recovery.restore(outputs, heritage.survivors());
            requests.restore(found.settings().lastJob());
            waited.restore(found.jobs(), found.told());
            recovery.restore(engine, shell, clock.now());
        });
        Recovery.knockedAt(engine, heritage.survivors()).forEach(name -> tell(new Event.Knocked(name)));
        closeRest();
        loop.submit(() -> tell(new Event.Tick()));
        if (heritage.isToStop()) {
            loop.submit(() -> signalled(Processes.SIGTERM));
        }
    }

    /** What outlived the launcher before this one and is of no use; without a record that is everything. */
    private void closeRest() {
        heritage.survivors().closeRest().forEach(name -> heritage.keeper().forget(name));
    }

    private Map<Integer, Descriptor> streams(Bundle bundle) {
        boolean reads = !engine.relations().writersTo(bundle.name()).isEmpty();
        return outputs.streams(bundle, reads);
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
        BundleSet tree = engine.relations().bundles();
        List<Bundle> some = tree.bundles().stream()
                .filter(bundle -> of.contains(bundle.name()))
                .toList();
        return survey.bundles(some, tree);
    }

    List<SocketStatus> sockets() {
        return survey.sockets(Set.of());
    }

    private void signalled(int signal) {
        if (signal == Processes.SIGHUP) {
            diary.note("told to refresh by signal HUP");
            requests.refreshAll().forEach(diary::complain);
        } else {
            diary.note("told to end by signal " + usher.bundles.Signals.name(signal));
            tell(new Event.Requested(requests.nextJob(), Event.Verb.SHUTDOWN, List.of(), engine.relations()));
        }
    }

    private void tell(Event event) {
        if (reactor.take(event)) {
            setAlarm();
            letGoLater();
            leisure.look();
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

    /** What the reactor has of this. */
    private final class Around implements Reactor.Surroundings {
        @Override
        public Optional<Event> before(Event event) {
            return supervision.before(event).or(() -> volumes.before(event));
        }

        @Override
        public void carryOut(Effect effect) {
            Launcher.this.carryOut(effect);
        }

        @Override
        public boolean settle() {
            return shell.settle();
        }

        @Override
        public void after() {
            Set<BundleName> changed = engine.takeChanged();
            supervision.update(changed);
            shell.standbys().changed(changed);
            supervision.know(engine.relations());
        }
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
            if (effect instanceof Effect.Open || Volumes.isUnmounting(effect)) {
                heritage.keeper().letGo(); // of the address or node that another bundle has just left
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
        leisure.close();
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

package usher.launcher;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import usher.activation.Containment;
import usher.activation.Enclosure;
import usher.activation.EventLoop;
import usher.activation.Spawner;
import usher.activation.Standby;
import usher.activation.Taken;
import usher.activation.posix.PosixException;
import usher.bundles.Bundle;
import usher.bundles.BundleName;
import usher.bundles.Service;
import usher.depgraph.Relations;

/**
 * The next processes of bundles that wait for traffic, {@linkplain Standby all but made}. At the knock the process comes
 * first, and then all that is decided, written down and done about it, which takes as long as the process itself. Those of
 * daemons that are up are made ready, too, for the case that one ends and somebody waits already.
 *
 * <pre>
 *   listening ──▶ standing by ──knock, or the daemon's end──▶ begun ──▶ the engine hears of it, and what it has spawned
 *   up a while ──▶    │ other relations, a job: dropped                                                   is this one
 * </pre>
 *
 * <p>So a process may be there of which nothing is written down. If the launcher is killed then, the next one knows by the
 * markers of what it finds that somebody has knocked.
 */
final class Standbys {
    /** As much as a few dozen daemons' environments, and a control group each. */
    private static final int MOST = 32;

    /** Most daemons that answer and end have done so by then. Tests set {@code -Dusher.up_a_while=0}. */
    private static final long UP_A_WHILE = TimeUnit.MILLISECONDS.toNanos(Long.getLong("usher.up_a_while", 100));

    private final EventLoop loop;
    private final Spawner spawner;
    private final Containment containment;
    private final SpawnLaunches launches;
    private final Engine engine;
    private final Function<BundleName, Holding> holdings;
    /** The one that was made ready last comes last. */
    private final Map<BundleName, Standing> standing = new LinkedHashMap<>();

    /** To be made ready. */
    private final Set<BundleName> next = new LinkedHashSet<>();
    /** To be made ready if they are up a while. */
    private final Set<BundleName> later = new HashSet<>();
    /** Those by which what stands was made ready. */
    private Relations relations;

    Standbys(
            EventLoop loop,
            Spawner spawner,
            Containment containment,
            SpawnLaunches launches,
            Engine engine,
            Function<BundleName, Holding> holdings) {
        this.loop = loop;
        this.spawner = spawner;
        this.containment = containment;
        this.launches = launches;
        this.engine = engine;
        this.holdings = holdings;
        this.relations = engine.relations();
    }

    /** These lives have changed: what was ready for them may not be any more, and who has served will serve again. */
    void changed(Collection<BundleName> bundles) {
        for (BundleName bundle : bundles) {
            Standing ready = standing.get(bundle);
            if (ready != null) {
                expectation(bundle)
                        .filter(ready.expectation::isOfSameProcess)
                        .ifPresentOrElse(still -> ready.expectation = still, () -> drop(bundle));
            }
            Life life = engine.life(bundle);
            if (life != null && life.tally().starts() > 0 && !life.bundle().isPerConnection()) {
                if (life.phase() == Life.Phase.LISTENING) {
                    prepareLater(List.of(bundle));
                } else if (life.phase() == Life.Phase.UP
                        && life.bundle().isLazy()
                        && ready == null
                        && later.add(bundle)) {
                    loop.at(System.nanoTime() + UP_A_WHILE, () -> isUpAWhile(bundle));
                }
            }
        }
        if (isOutdated() && engine.operations().isEmpty()) {
            relations = engine.relations();
            prepareLater(standing.keySet());
        }
    }

    private void isUpAWhile(BundleName bundle) {
        later.remove(bundle);
        prepare(bundle);
    }

    /** Of the next knock, or of that after the end of the daemon that is up. */
    private Optional<Expectation> expectation(BundleName bundle) {
        return Expectation.of(engine, bundle).or(() -> Expectation.afterEnd(engine, bundle));
    }

    @SuppressWarnings("ReferenceEquality") // a tree that was read anew is another one
    private boolean isOutdated() {
        return relations != engine.relations();
    }

    /** When all that has happened has been taken. */
    private void prepareLater(Collection<BundleName> bundles) {
        if (next.isEmpty() && !bundles.isEmpty()) {
            loop.submit(this::prepareNext);
        }
        next.addAll(bundles);
    }

    private void prepareNext() {
        next.forEach(this::prepare);
        next.clear();
    }

    /** Makes ready what a knock would start, if it is clear what that is; in place of the eldest if there are enough. */
    private void prepare(BundleName bundle) {
        Standing before = standing.get(bundle);
        if (before != null && (before.isBegun() || before.expectation.holds(engine))) {
            return;
        }
        drop(bundle);
        Optional<Expectation> expectation = expectation(bundle).filter(this::isPlain);
        if (expectation.isPresent()) {
            if (standing.size() >= MOST) {
                drop(standing.keySet().iterator().next());
            }
            prepare(bundle, expectation.get());
        }
    }

    private void prepare(BundleName bundle, Expectation expectation) {
        Effect.Spawn spawn = expectation.spawn();
        Enclosure enclosure = containment.enclosure(spawn.bundle(), spawn.process());
        Optional<Standby> process;
        try {
            Service service = spawn.bundle().service().orElseThrow();
            process = spawner.standBy(launches.of(spawn, service, holdings.apply(bundle), Optional.empty(), enclosure));
        } catch (PosixException full) {
            process = Optional.empty(); // then it is made at the knock, or not
        }
        if (process.isPresent()) {
            standing.put(bundle, new Standing(process.get(), expectation, enclosure));
        } else {
            enclosure.close();
        }
    }

    /** As many as there is room for. */
    void prepareSome(Collection<Bundle> bundles) {
        for (Bundle bundle : bundles) {
            if (standing.size() < MOST) {
                prepare(bundle.name());
            }
        }
    }

    /**
     * Whether nothing is looked up, made or applied for the start that may be another at the time of the knock. A daemon that
     * notifies may give descriptors to be stored as long as it is up.
     */
    private boolean isPlain(Expectation expectation) {
        Bundle bundle = expectation.spawn().bundle();
        Service service = bundle.service().orElseThrow();
        Service.Place place = service.place();
        boolean mayStore = service.sdNotify() && expectation.life().phase() == Life.Phase.UP;
        return !mayStore
                && place.user().isEmpty()
                && place.group().isEmpty()
                && place.root().isEmpty()
                && bundle.cgroup().isEmpty()
                && service.notificationFd().isEmpty()
                && holdings.apply(bundle.name()).stored.isEmpty();
    }

    /** Somebody knocks, and nobody has heard of it yet. */
    void begin(BundleName bundle) {
        Standing ready = standing.get(bundle);
        if (ready != null && !ready.isBegun()) {
            if (ready.isWhole() && ready.expectation.holds(engine)) {
                ready.begin(holdings.apply(bundle), loop);
            } else {
                drop(bundle);
            }
        }
    }

    /** The bundle's daemon has ended, and nobody has heard of it yet; whether the next process has been begun. */
    boolean follow(Event.Exited end) {
        Standing ready = standing.get(end.bundle());
        if (ready == null
                || ready.isBegun()
                || !ready.isWhole()
                || !holdings.apply(end.bundle()).isAwaited()) {
            return false;
        }
        // For a daemon that has served somebody it was asked before; for another one it matters how long it has lived,
        // which the end itself says.
        Expectation expected = end.taken() == Taken.YES && ready.expectation.holds(engine)
                ? ready.expectation
                : Expectation.after(engine, end, engine.now()).orElse(null);
        if (expected == null || !expected.isOfSameProcess(ready.expectation)) {
            return false;
        }
        ready.expectation = expected;
        ready.begin(holdings.apply(end.bundle()), loop);
        return true;
    }

    /** The process, if it has been begun. */
    Optional<Standing.Begun> take(Effect.Spawn spawn) {
        Standing ready = standing.get(spawn.bundle().name());
        if (ready == null || !ready.isBegunFor(spawn)) {
            drop(spawn.bundle().name()); // if it was begun, nothing may be left of it before there is another
            return Optional.empty();
        }
        standing.remove(spawn.bundle().name());
        return Optional.of(ready.take());
    }

    /** Nothing is left of it. */
    void drop(BundleName bundle) {
        Standing ready = standing.remove(bundle);
        if (ready != null) {
            ready.drop(loop);
        }
    }

    void close() {
        next.clear();
        new ArrayList<>(standing.keySet()).forEach(this::drop);
    }
}

package usher.conformance;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The launcher is killed after its n-th effect, while something is done, and it comes out as if nothing had been. With
 * {@code -Dusher.every=true} for every n there is, otherwise for one that the seed draws; docs/survival.md has the whole
 * sweep's figures.
 */
final class EveryEffectIT {
    private static final boolean EVERY = Boolean.getBoolean("usher.every");
    /** {@code -Dusher.trial=stop}: this one only. */
    private static final String ONLY = System.getProperty("usher.trial", "");
    /** Every n from this one on. */
    private static final int FIRST = Integer.getInteger("usher.first", 1);
    /** {@code -Dusher.ordinary=true}: without privileges. */
    private static final boolean ORDINARY = Boolean.getBoolean("usher.ordinary");

    /** {@code -Dusher.crowded=true}: as where so many descriptors are open that processes are made beside other effects. */
    private static final boolean CROWDED = Boolean.getBoolean("usher.crowded");

    /** About so many effects each has, from which one is drawn. */
    private static final Map<String, Integer> ABOUT = Map.ofEntries(
            Map.entry("lazy", 26),
            Map.entry("crash", 40),
            Map.entry("accept-tcp", 17),
            Map.entry("accept-unix", 19),
            Map.entry("start", 73),
            Map.entry("restart", 131),
            Map.entry("replace", 69),
            Map.entry("stop", 88),
            Map.entry("conflict", 61),
            Map.entry("rotation", 17),
            Map.entry("refresh", 46));

    /** Of these it is swept, too, how a launcher recovers that was killed in the middle, or after that many effects. */
    private static final List<String> RECOVERED = List.of("crash", "accept-unix", "restart", "rotation");

    /** So often in a row nobody dies at the end of a sweep: now and then the same takes a few effects less. */
    private static final int SPARED = 3;

    private static final int ABOUT_RECOVERY = 220;
    private static final int ABOUT_START = 90;

    @RegisterExtension
    final Launcher launcher = new Launcher();

    private final long seed = Long.getLong("usher.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final Map<String, Integer> steps = new TreeMap<>();
    private Deaths deaths;

    EveryEffectIT() throws IOException {
        deaths = new Deaths(launcher);
    }

    @BeforeEach
    void mayDie() throws IOException {
        boolean crowded = CROWDED || !EVERY && random.nextBoolean();
        System.out.println("EveryEffectIT: -Dusher.seed=" + seed + " -Dusher.crowded=" + crowded);
        Map<String, String> environment = new TreeMap<>(deaths.environment());
        options(environment, "-Dusher.up_a_while=0");
        if (crowded) {
            options(environment, "-Dusher.crowded=0");
        }
        if (ORDINARY) {
            OrdinaryUser.is(launcher);
            environment.put("HOME", "/nonexistent");
        }
        launcher.environment(environment);
    }

    private static void options(Map<String, String> environment, String option) {
        environment.merge("USHER_JAVA_OPTIONS", option, (one, other) -> one + " " + other);
    }

    private static boolean isWanted(String trial) {
        return ONLY.isEmpty() || ONLY.equals(trial);
    }

    private interface Life {
        /** Whether somebody died. */
        boolean ends(int n) throws Exception;
    }

    /** For every n until nobody dies any more, or for one of about so many. */
    private void each(String what, int about, Life life) throws Exception {
        if (!isWanted(what)) {
            return;
        }
        if (!EVERY) {
            int n = 1 + random.nextInt(about);
            life.ends(n);
            return;
        }
        int spared = 0;
        for (int n = FIRST; spared < SPARED; n++) {
            if (life.ends(n)) {
                steps.put(what, n);
                spared = 0;
            } else {
                spared++;
            }
        }
    }

    @Test
    void nothingElseComesOutOfWhatARunningLauncherDoes() throws Exception {
        List<Trial> trials = new Trials(launcher)
                .all().stream()
                        .filter(trial -> isWanted(trial.toString()) || isWanted("recovery-" + trial))
                        .toList();
        if (trials.isEmpty()) {
            return;
        }
        trials.forEach(Trial::declare);
        launcher.run();
        for (Trial trial : trials) {
            int about = ABOUT.getOrDefault(trial.toString(), ABOUT_RECOVERY);
            each(trial.toString(), about, n -> dies(trial, n) > 0);
            if (RECOVERED.contains(trial.toString())) {
                int first = Integer.getInteger("usher.death", EVERY ? about / 2 : 1 + random.nextInt(about));
                each("recovery-" + trial, ABOUT_RECOVERY, n -> dies(trial, first, n) > 1);
            }
        }
        System.out.println("EveryEffectIT: effects " + steps);
    }

    /** How often launchers have died: one after its n-th effect, perhaps others after so many of their lives. */
    private int dies(Trial trial, int n, long... next) throws Exception {
        trial.prepare();
        deaths.places();
        deaths.afterStart(next);
        deaths.atEffect(n);
        trial.operate();
        Statuses status = trial.control().status();
        List<String> places =
                next.length == 0 ? toldOf(trial.toString(), n) : toldOf("recovery-" + trial, (int) next[0]);
        trial.check(status);
        return places.size();
    }

    private List<String> toldOf(String what, int n) throws IOException {
        deaths.noMore();
        List<String> places = deaths.places();
        System.out.println("EveryEffectIT: " + what + " " + n + " " + places);
        return places;
    }

    @Test
    void nothingElseComesOutOfAFirstStartAndOfAShutdown() throws Exception {
        FirstStart start = new FirstStart(launcher);
        start.declare();
        each("first-start", ABOUT_START, n -> {
            deaths.afterStart(n);
            start.begin();
            boolean died = !toldOf("first-start", n).isEmpty();
            start.check();
            deaths.atEffect(n);
            launcher.shutdown();
            boolean diedAtTheEnd = !toldOf("shutdown", n).isEmpty();
            if (diedAtTheEnd) {
                steps.put("shutdown", n);
            }
            return died || diedAtTheEnd;
        });
        System.out.println("EveryEffectIT: effects " + steps);
    }
}

package usher.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import usher.bundles.ListeningSocket;
import usher.bundles.ListeningSocket.Rate;
import usher.launcher.Sources.Verdict;

class SourcesTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final Source ONE = new Source(Source.Kind.IPV4, 0x7f000002L);
    private static final Source OTHER = new Source(Source.Kind.IPV4, 0x7f000003L);

    private final Sources sources = new Sources();

    @Test
    void letsTheRateThroughAtOnceAndThenOneAfterTheOther() {
        ListeningSocket.Connections rules = rate(20, Duration.ofSeconds(1));
        long now = 5 * SECOND;
        for (int i = 0; i < 20; i++) {
            assertThat(sources.arrived(ONE, rules, now)).isEqualTo(new Verdict.Serve(now));
        }
        for (int i = 1; i <= Sources.WAITING; i++) {
            assertThat(sources.arrived(ONE, rules, now)).isEqualTo(new Verdict.Serve(now + i * SECOND / 20));
        }
        assertThat(sources.arrived(ONE, rules, now)).isInstanceOf(Verdict.Refuse.class);
        assertThat(sources.arrived(OTHER, rules, now))
                .as("another source does not notice")
                .isEqualTo(new Verdict.Serve(now));

        long later = now + 8 * SECOND;
        for (int i = 0; i < 20; i++) {
            assertThat(sources.arrived(ONE, rules, later)).isEqualTo(new Verdict.Serve(later));
        }
    }

    /** Whatever comes when: in any period no more than twice the rate is served, and nobody waits behind more than may wait. */
    @Test
    void holdsTheRateInAnyHistory() {
        long seed = Long.getLong("usher.seed", System.nanoTime());
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            int most = 1 + random.nextInt(30);
            long period = random.nextLong(1, 5_001);
            long nanos = TimeUnit.MILLISECONDS.toNanos(period);
            ListeningSocket.Connections rules = rate(most, Duration.ofMillis(period));
            Sources fresh = new Sources();
            List<Long> served = new ArrayList<>();
            long now = random.nextLong() / 4;
            for (int i = 0; i < 500; i++) {
                now += random.nextInt(4) == 0 ? random.nextLong(period * 2_000_000) : random.nextLong(1000);
                if (fresh.arrived(ONE, rules, now) instanceof Verdict.Serve serve) {
                    assertThat(serve.at() - now)
                            .as("seed %d", seed)
                            .isBetween(0L, Math.max(nanos, Sources.WAITING * nanos / most));
                    served.add(serve.at());
                }
            }
            served.sort(null);
            for (int i = 2 * most; i < served.size(); i++) {
                assertThat(served.get(i) - served.get(i - 2 * most))
                        .as("seed %d: from one to the %dth after it, at %d in %d ms", seed, 2 * most, most, period)
                        .isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(period) * 99 / 100);
            }
        }
    }

    @Test
    void countsWhatIsOpenOfEachSource() {
        ListeningSocket.Connections rules =
                new ListeningSocket.Connections(64, OptionalInt.of(2), List.of(), List.of(), Optional.empty(), false);
        assertThat(sources.arrived(ONE, rules, 0)).isEqualTo(new Verdict.Serve(0));
        assertThat(sources.arrived(ONE, rules, 0)).isEqualTo(new Verdict.Serve(0));
        assertThat(sources.arrived(ONE, rules, 0))
                .isEqualTo(new Verdict.Refuse("max-connections-per-source: 2 of 127.0.0.2 are open"));
        assertThat(sources.arrived(OTHER, rules, 0)).isEqualTo(new Verdict.Serve(0));
        sources.left(ONE);
        assertThat(sources.arrived(ONE, rules, 0)).isEqualTo(new Verdict.Serve(0));
        assertThat(sources.arrived(ONE, rules, 0)).isInstanceOf(Verdict.Refuse.class);
    }

    @Test
    void remembersNobodyWithoutLimits() {
        for (int i = 0; i < 100; i++) {
            Source source = new Source(Source.Kind.IPV6, i);
            assertThat(sources.arrived(source, ListeningSocket.Connections.DEFAULT, 7))
                    .isEqualTo(new Verdict.Serve(7));
        }
        assertThat(sources.size()).isZero();
    }

    @Test
    void forgetsIdleSourcesAndHoldsABoundHoweverManyCome() {
        ListeningSocket.Connections rules = rate(2, Duration.ofHours(1));
        ArrayDeque<Source> open = new ArrayDeque<>();
        Map<Source, Integer> counts = new HashMap<>();
        for (int i = 0; i < 100_000; i++) {
            Source source = new Source(Source.Kind.IPV6, i);
            assertThat(sources.arrived(source, rules, i)).isInstanceOf(Verdict.Serve.class);
            open.add(source);
            counts.merge(source, 1, Integer::sum);
            if (open.size() > 500) {
                sources.left(open.remove());
            }
            assertThat(sources.size()).isLessThanOrEqualTo(Sources.MOST + 501);
        }
        open.forEach(sources::left);
        long muchLater = TimeUnit.HOURS.toNanos(3);
        for (int i = 0; i < 20_000; i++) {
            sources.arrived(ONE, rules, muchLater + i);
        }
        assertThat(sources.size()).as("only who connects is left").isOne();
    }

    @Test
    void namesSourcesAsPeopleWriteThem() {
        assertThat(ONE).hasToString("127.0.0.2");
        assertThat(new Source(Source.Kind.IPV6, 0x20010db800000000L)).hasToString("2001:db8::/64");
        assertThat(new Source(Source.Kind.USER, 1000)).hasToString("user 1000");
    }

    private static ListeningSocket.Connections rate(int connections, Duration per) {
        return new ListeningSocket.Connections(
                64, OptionalInt.empty(), List.of(), List.of(), Optional.of(new Rate(connections, per)), false);
    }
}

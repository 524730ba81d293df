package usher.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** With a clock that is turned by hand. */
final class PatienceTest {
    private long now = Long.MAX_VALUE - 5; // it goes over while one waits

    private final Patience patience = new Patience(Duration.ofSeconds(30), () -> now);

    private void pass(Duration time) {
        now += time.toNanos();
    }

    @Test
    void isNotTriedBeforeALauncherIsLost() {
        patience.met();
        assertThat(patience.isTried()).isFalse();
        assertThat(patience.lasts()).isTrue();
        assertThat(patience.isTried()).isTrue();
    }

    @Test
    void aJobMayLastAnHourBeforeItsLauncherIsLost() {
        patience.met();
        pass(Duration.ofHours(1));
        assertThat(patience.lasts()).isTrue();
    }

    @Test
    void endsWhenNobodyHasListenedForHalfAMinute() {
        assertThat(patience.lasts()).isTrue();
        pass(Duration.ofSeconds(29));
        assertThat(patience.lasts()).isTrue();
        pass(Duration.ofSeconds(1));
        assertThat(patience.lasts()).isFalse();
    }

    @Test
    void whoeverComesRenewsIt() {
        assertThat(patience.lasts()).isTrue();
        for (int launcher = 0; launcher < 10; launcher++) {
            pass(Duration.ofSeconds(20));
            patience.met();
            pass(Duration.ofSeconds(20));
            assertThat(patience.lasts()).isTrue();
        }
    }

    @Test
    void endsWhenLaunchersHaveDiedOneAfterTheOtherForTenMinutes() {
        assertThat(patience.lasts()).isTrue();
        for (int second = 1; second < 600; second++) {
            pass(Duration.ofSeconds(1));
            patience.met();
            assertThat(patience.lasts()).as("after %s s", second).isTrue();
        }
        pass(Duration.ofSeconds(1));
        patience.met();
        assertThat(patience.lasts()).isFalse();
    }
}

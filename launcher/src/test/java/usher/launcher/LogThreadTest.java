package usher.launcher;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import usher.activation.EventLoop;

class LogThreadTest {
    private static final long GENEROUS_MILLIS = 30_000;

    @Test
    void whatEndsItIsThrownWhereTheLauncherEndsByIt() {
        try (EventLoop main = new EventLoop();
                LogThread logs = new LogThread(main)) {
            logs.submit(() -> {
                throw new IllegalStateException("broken");
            });
            assertThatThrownBy(() -> main.runOnce(GENEROUS_MILLIS))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("no logs are written any more")
                    .hasMessageContaining("broken");
        }
    }
}

package usher.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class ProgressTest {
    private static final Progress TWO = new Progress(
            4,
            List.of(
                    new Progress.Entry("db", "starting", 12_400, ""),
                    new Progress.Entry("web", "waiting", 900, "address in use")));

    @Test
    void goesOverTheSocketInOneLine() {
        assertThat(TWO.line()).isEqualTo("4\tdb\tstarting\t12400\t\tweb\twaiting\t900\taddress in use");
        assertThat(Progress.of(TWO.line())).isEqualTo(TWO);
    }

    @Test
    void countsOnWhileNothingIsHeard() {
        assertThat(TWO.text(0, Paint.NONE))
                .isEqualTo("waiting for db (starting, 12s), web (waiting, 0s: address in use) and 4 more");
        assertThat(TWO.text(60_000, Paint.NONE))
                .isEqualTo("waiting for db (starting, 1m 12s), web (waiting, 1m 0s: address in use) and 4 more");
        assertThat(new Progress(3, List.of()).text(0, Paint.NONE)).isEqualTo("waiting for 3 bundles");
    }

    @Test
    void isNoNewsIfOnlyTimeHasPassed() {
        Progress later = new Progress(
                4,
                List.of(
                        new Progress.Entry("db", "starting", 99_000, ""),
                        new Progress.Entry("web", "waiting", 99_000, "address in use")));
        assertThat(TWO.saysTheSame(later)).isTrue();
        assertThat(TWO.saysTheSame(new Progress(3, TWO.entries()))).isFalse();
    }

    @Test
    void letsADaemonCommandNobodysTerminal() {
        Progress hostile = new Progress(0, List.of(new Progress.Entry("b", "up", 0, "\033[2J\u009b1m\tx\ny")));
        assertThat(hostile.line()).isEqualTo("0\tb\tup\t0\t [2J 1m x y");
    }

    @Test
    void makesDoWithALineOfAnotherVersion() {
        assertThat(Progress.of("")).isEqualTo(new Progress(0, List.of()));
        assertThat(Progress.of("x\ta\tb")).isEqualTo(new Progress(0, List.of()));
    }
}

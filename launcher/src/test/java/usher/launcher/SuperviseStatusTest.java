package usher.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import usher.activation.ExitStatus;
import usher.activation.Taken;
import usher.bundles.Bundle;
import usher.bundles.BundleName;
import usher.bundles.Service.Script;

/** The bytes that svstat and sv read, and the letters that svc, sv and s6-svc write. */
final class SuperviseStatusTest {
    private static final Instant THEN = Instant.ofEpochSecond(1_700_000_000, 5);

    @Test
    void isWhatDaemontoolsAndRunitRead() {
        byte[] bytes = new SuperviseStatus(
                        THEN, 0x01020304, true, SuperviseStatus.Want.UP, true, SuperviseStatus.Running.FINISH)
                .bytes();
        assertThat(bytes)
                .asHexString()
                .isEqualTo("40000000" + "6553F10A" + "00000005" + "04030201" + "01" + "75" + "01" + "02");
    }

    @Test
    void readsWhatItHasWritten() {
        SuperviseStatus status =
                new SuperviseStatus(THEN, 77, false, SuperviseStatus.Want.ONCE, false, SuperviseStatus.Running.RUN);
        assertThat(SuperviseStatus.parse(status.bytes())).hasValue(status);
        assertThat(SuperviseStatus.parse(new byte[18])).isEmpty();
    }

    /** It has {@code start} and {@code stop}, and so no process while it is up. */
    @Test
    void theStampOfAOneShotFollowsItUpAndDown() {
        BundleName name = new BundleName("one");
        Bundle bundle =
                new Trees().oneShot("one").relations().bundles().find(name).orElseThrow();
        Life starting = LifeCycle.begin(
                        LifeCycle.want(Life.of(bundle, 0), bundle, Life.Wish.RUN, Set.of(), 0)
                                .life(),
                        0)
                .life();
        Life up = LifeCycle.on(
                        starting,
                        new Event.Exited(name, Script.START, starting.main(), ExitStatus.exit(0), Taken.NO),
                        0)
                .life();
        Life stopping = LifeCycle.stop(up, false, false, 0).life();

        SuperviseStatus shown = SuperviseStatus.down(THEN);
        List<String> seen = new ArrayList<>();
        for (Life life : List.of(starting, up, up, stopping, stopping, starting, up)) {
            shown = shown.next(life, false, 0, false, THEN.plusSeconds(seen.size() + 1));
            seen.add(shown.running() + " "
                    + Duration.between(THEN, shown.since()).toSeconds());
        }
        assertThat(seen).containsExactly("DOWN 0", "RUN 2", "RUN 2", "DOWN 4", "DOWN 4", "DOWN 4", "RUN 7");
    }

    @Test
    void takesTheLettersOfAllThreeSuites() {
        assertThat(commands("udoxpcahitkqb12wyr?"))
                .extracting(Enum::name)
                .containsExactly(
                        "UP",
                        "DOWN",
                        "ONCE",
                        "EXIT",
                        "PAUSE",
                        "CONTINUE",
                        "ALARM",
                        "HANG_UP",
                        "INTERRUPT",
                        "TERMINATE",
                        "KILL",
                        "QUIT",
                        "ABORT",
                        "USER_1",
                        "USER_2",
                        "WINDOW",
                        "WINDOW",
                        "RESTART");
    }

    @Test
    void knowsARestartOfSvByItsThreeLetters() {
        assertThat(commands("tcu")).containsExactly(SuperviseCommand.RESTART);
        assertThat(commands("tu")).containsExactly(SuperviseCommand.RESTART);
        assertThat(commands("tdu"))
                .containsExactly(SuperviseCommand.TERMINATE, SuperviseCommand.DOWN, SuperviseCommand.UP);
    }

    private static List<SuperviseCommand> commands(String letters) {
        return SuperviseCommand.of(letters.getBytes(StandardCharsets.US_ASCII));
    }
}

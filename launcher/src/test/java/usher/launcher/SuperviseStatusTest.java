package usher.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;

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

    private static java.util.List<SuperviseCommand> commands(String letters) {
        return SuperviseCommand.of(letters.getBytes(StandardCharsets.US_ASCII));
    }
}

package usher.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import usher.launcher.ControlProtocol.Request;
import usher.launcher.ControlProtocol.RequestReader;
import usher.launcher.ControlProtocol.RequestReader.Progress;

final class ControlProtocolTest {
    private static final Request REQUEST =
            new Request("start", List.of("--now", "--format=json"), List.of("web", "--odd", "größe"));

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final ControlAnswer answer = answer(true);

    private ControlAnswer answer(boolean ofJob) {
        return new ControlAnswer(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                Optional.empty(),
                ofJob);
    }

    @Test
    void whatALauncherBeganToSayOfNoJobIsNotPrintedTwiceWhenTheNextSaysIt() {
        ControlAnswer status = answer(false);
        byte[] begun = "1web: up\n2usher: tr".getBytes(StandardCharsets.UTF_8);
        byte[] whole = "1web: up\n2usher: trouble\n00\n".getBytes(StandardCharsets.UTF_8);
        status.add(begun, begun.length);
        status.beginAgain();
        status.add(whole, whole.length);
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("web: up\n");
        assertThat(err.toString(StandardCharsets.UTF_8)).isEqualTo("usher: trouble\n");
        assertThat(status.exit()).hasValue(0);
    }

    @Test
    void aRequestIsLinesOfText() {
        assertThat(new String(REQUEST.bytes().orElseThrow(), StandardCharsets.UTF_8))
                .isEqualTo("""
                usher 1
                start
                --now
                --format=json
                --
                web
                --odd
                größe

                """);
    }

    @Test
    void aRequestIsReadAsItWasWrittenHoweverItsBytesComeIn() {
        byte[] bytes = REQUEST.bytes().orElseThrow();
        for (int chunk = 1; chunk <= bytes.length; chunk++) {
            RequestReader reader = new RequestReader();
            Progress progress = Progress.PARTIAL;
            for (int at = 0; at < bytes.length; at += chunk) {
                assertThat(progress).as("in chunks of %s at %s", chunk, at).isEqualTo(Progress.PARTIAL);
                byte[] part = java.util.Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + chunk));
                progress = reader.add(part, part.length);
            }
            assertThat(progress).isEqualTo(Progress.COMPLETE);
            assertThat(reader.request()).isEqualTo(REQUEST);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"usher 2\nstatus\n\n", "GET / HTTP/1.1\r\n\r\n", "\n\n", "x"})
    void whatIsNoRequestIsSaidToBeNone(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        assertThat(new RequestReader().add(bytes, bytes.length)).isEqualTo(Progress.BAD);
    }

    @Test
    void aRequestWithoutEndIsCutOff() {
        RequestReader reader = new RequestReader();
        byte[] line = ("usher 1\n" + "x".repeat(9992)).getBytes(StandardCharsets.UTF_8);
        Progress progress = reader.add(line, line.length);
        for (int i = 0; i < 200 && progress == Progress.PARTIAL; i++) {
            progress = reader.add(line, line.length);
        }
        assertThat(progress).isEqualTo(Progress.BAD);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a\nb"})
    void namesThatNoBundleHasAreNotSent(String name) {
        assertThat(new Request("start", List.of(), List.of(name)).bytes()).isEmpty();
    }

    @Test
    void anAnswerGoesToItsStreamsAndEndsWithTheExitStatus() {
        add(ControlProtocol.out("web: größer\n\ndone"));
        add(ControlProtocol.err("usher: db: failed"));
        assertThat(answer.exit()).isEmpty();
        add(ControlProtocol.exit(3));

        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("web: größer\n\ndone\n");
        assertThat(err.toString(StandardCharsets.UTF_8)).isEqualTo("usher: db: failed\n");
        assertThat(answer.exit()).hasValue(3);
    }

    @Test
    void aLineInPiecesIsPrintedOnceItIsWhole() {
        byte[] bytes = ControlProtocol.out("whole");
        answer.add(bytes, 3);
        assertThat(out.size()).isZero();
        answer.add(java.util.Arrays.copyOfRange(bytes, 3, bytes.length), bytes.length - 3);
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("whole\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0\n", "0x\n", "0999\n"})
    void anExitStatusThatIsNoneIsAFailure(String line) {
        add(line.getBytes(StandardCharsets.UTF_8));
        assertThat(answer.exit()).hasValue(Exit.FAILED);
    }

    @Test
    void linesOfALaterVersionAreLeftOut() {
        add("9 news\n0".getBytes(StandardCharsets.UTF_8));
        add("0\n".getBytes(StandardCharsets.UTF_8));
        assertThat(out.size()).isZero();
        assertThat(answer.exit()).hasValue(0);
    }

    private void add(byte[] bytes) {
        answer.add(bytes, bytes.length);
    }
}

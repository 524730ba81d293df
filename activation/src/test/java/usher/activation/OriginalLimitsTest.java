package usher.activation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import usher.activation.posix.Descriptors;
import usher.activation.posix.Limits;

final class OriginalLimitsTest {
    private static final int HARD = 400;

    /** A hard limit that was lowered stays low: hence a process of its own. */
    @Test
    void keepsBackTheHighestNumbersThatAreFree() throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        "sh",
                        "-c",
                        "ulimit -n " + HARD + " && exec \"$@\"",
                        "sh",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Lowered.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);

        assertThat(process.waitFor()).isZero();
        assertThat(said.lines())
                .as("a descriptor has the highest number; two have; none has")
                .containsExactly("false " + (HARD - 33), "false " + (HARD - 34), "true " + (HARD - 32));
    }

    /** Says for each case whether nothing above was in use, and the limit. */
    static final class Lowered {
        private Lowered() {}

        public static void main(String[] none) {
            OriginalLimits limits = OriginalLimits.capture();
            int highest = Descriptors.duplicate(0, HARD - 1);
            say(limits);
            int[] another = new int[1];
            OriginalLimits.toTheFull(() -> another[0] = Descriptors.duplicate(0, HARD - 20));
            say(limits);
            Descriptors.close(highest);
            Descriptors.close(another[0]);
            say(limits);
        }

        private static void say(OriginalLimits limits) {
            boolean whole = limits.keepBack();
            System.out.println(whole + " " + Limits.of(Limits.NOFILE).soft());
        }
    }
}

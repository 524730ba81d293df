package usher.conformance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** How a command ended: its exit status (128 + signal, as a shell says it) and all it wrote, as UTF-8. */
record Result(String command, int exit, String out, String err) {

    /**
     * Runs a command to its end.
     *
     * @throws AssertionError if it has not ended within {@code deadline}; it and its descendants are killed then
     */
    static Result of(ProcessBuilder builder, Duration deadline) {
        String command = String.join(" ", builder.command());
        try {
            // Files and not pipes: a descendant that keeps a pipe open must not keep us waiting.
            Path out = Files.createTempFile("out", null);
            Path err = Files.createTempFile("err", null);
            try {
                Process process = builder.redirectInput(ProcessBuilder.Redirect.from(
                                Path.of("/dev/null").toFile()))
                        .redirectOutput(out.toFile())
                        .redirectError(err.toFile())
                        .start();
                boolean ended = process.waitFor(deadline.toMillis(), TimeUnit.MILLISECONDS);
                if (!ended) {
                    process.descendants().forEach(ProcessHandle::destroyForcibly);
                    process.destroyForcibly().waitFor();
                }
                Result result = new Result(command, process.exitValue(), Files.readString(out), Files.readString(err));
                if (!ended) {
                    throw new AssertionError("not ended within " + deadline.toSeconds() + " s: " + result);
                }
                return result;
            } finally {
                Files.delete(out);
                Files.delete(err);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted while waiting for " + command, e);
        }
    }

    /** Both outputs, for messages that may stand on either. */
    String all() {
        return out + err;
    }

    @Override
    public String toString() {
        return command + "\nexit " + exit + "\nstandard output:\n" + out.indent(2) + "standard error:\n"
                + err.indent(2);
    }
}

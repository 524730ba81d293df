package usher.launcher;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Takes an answer of {@link ControlProtocol} apart as its bytes come in, line by line. The outcomes of a job are printed
 * as they come. Other answers are printed once they are whole: of one that a killed launcher has left unfinished nothing is
 * of use, since the next one gives it from its beginning.
 */
final class ControlAnswer {
    private final PrintStream out;
    private final PrintStream err;
    private final Optional<JobDisplay> display;
    private final boolean ofJob;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private final List<byte[]> held = new ArrayList<>();
    private OptionalInt exit = OptionalInt.empty();
    private int lines;

    /** What a job waits for is shown on the display, if there is one. */
    ControlAnswer(PrintStream out, PrintStream err, Optional<JobDisplay> display, boolean ofJob) {
        this.ofJob = ofJob;
        this.out = out;
        this.err = err;
        this.display = display;
    }

    /** Takes the first {@code count} of these bytes. */
    void add(byte[] bytes, int count) {
        int from = 0;
        for (int at = 0; at < count; at++) {
            if (bytes[at] == '\n') {
                line.write(bytes, from, at + 1 - from);
                from = at + 1;
                finish(line.toByteArray());
                line.reset();
            }
        }
        line.write(bytes, from, count - from);
        out.flush();
    }

    private void finish(byte[] text) {
        switch (text[0]) {
            case ControlProtocol.OUT, ControlProtocol.ERR -> {
                if (ofJob) {
                    lines++;
                    display.ifPresent(JobDisplay::erase);
                    write(text);
                } else {
                    held.add(text);
                }
            }
            case ControlProtocol.NOTE -> {
                display.ifPresent(JobDisplay::erase);
                write(text);
            }
            case ControlProtocol.PROGRESS -> display.ifPresent(line -> line.show(progress(text)));
            case ControlProtocol.EXIT -> {
                held.forEach(this::write);
                exit = OptionalInt.of(status(text));
            }
            default -> {
                // A tag of a later version: something that can be done without.
            }
        }
    }

    private void write(byte[] text) {
        if (text[0] == ControlProtocol.OUT) {
            out.write(text, 1, text.length - 1);
        } else {
            out.flush();
            err.write(text, 1, text.length - 1);
        }
    }

    private static Progress progress(byte[] text) {
        return Progress.of(new String(text, 1, text.length - 2, StandardCharsets.UTF_8));
    }

    private static int status(byte[] line) {
        String text = new String(line, 1, line.length - 2, StandardCharsets.US_ASCII);
        return text.matches("[0-9]{1,3}") && Integer.parseInt(text) <= 255 ? Integer.parseInt(text) : Exit.FAILED;
    }

    /** How many outcomes of a job have been printed. */
    int lines() {
        return lines;
    }

    /** Another launcher begins to answer: what the one before has begun is of no use. */
    void beginAgain() {
        line.reset();
        held.clear();
    }

    /** The exit status, once it has come; nothing comes after it. */
    OptionalInt exit() {
        return exit;
    }
}

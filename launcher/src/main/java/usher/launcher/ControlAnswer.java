package usher.launcher;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;

/** Takes an answer of {@link ControlProtocol} apart as its bytes come in, line by line. */
final class ControlAnswer {
    private final PrintStream out;
    private final PrintStream err;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private OptionalInt exit = OptionalInt.empty();
    private int lines;

    ControlAnswer(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    /** Takes the first {@code count} of these bytes; what makes whole lines is printed at once. */
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
        lines++;
        switch (text[0]) {
            case ControlProtocol.OUT -> out.write(text, 1, text.length - 1);
            case ControlProtocol.ERR -> {
                out.flush();
                err.write(text, 1, text.length - 1);
            }
            case ControlProtocol.EXIT -> exit = OptionalInt.of(status(text));
            default -> {
                // A tag of a later version: something that can be done without.
            }
        }
    }

    private static int status(byte[] line) {
        String text = new String(line, 1, line.length - 2, StandardCharsets.US_ASCII);
        return text.matches("[0-9]{1,3}") && Integer.parseInt(text) <= 255 ? Integer.parseInt(text) : Exit.FAILED;
    }

    /** How many lines have come. */
    int lines() {
        return lines;
    }

    /** Another launcher begins to answer: half a line of the one before is of no use. */
    void beginAgain() {
        line.reset();
    }

    /** The exit status, once it has come; nothing comes after it. */
    OptionalInt exit() {
        return exit;
    }
}

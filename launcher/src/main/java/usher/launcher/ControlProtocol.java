package usher.launcher;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What client and launcher say to each other over RUN-DIR/control; see docs/control-protocol.md.
 *
 * <p>A request is lines of UTF-8: {@code usher 1}, the verb, options (each a line that starts with {@code --}), a line
 * {@code --}, operands, and an empty line as its end. The answer is lines with a tag as their first character:
 * {@code 1} and a line for standard output, {@code 2} and a line for standard error, {@code 3} and what a job waits for,
 * {@code 4} and a line for standard error that is no outcome of the job, and last {@code 0} and the exit status.
 */
final class ControlProtocol {
    /** The socket's name in the run directory. */
    static final String SOCKET = "control";

    /** More than this many bytes is no request. */
    static final int LONGEST_REQUEST = 1 << 20;

    private static final String GREETING = "usher 1";
    private static final String SEPARATOR = "--";

    static final char OUT = '1';
    static final char ERR = '2';
    static final char EXIT = '0';
    /** What a job waits for, in place of what was said before; {@link Progress} says how. */
    static final char PROGRESS = '3';
    /** For standard error, before the outcomes of a job, and not counted among them. */
    static final char NOTE = '4';

    private ControlProtocol() {}

    /**
     * A verb with its options, such as {@code --format=json} and {@code --now}, and operands (the names of bundles).
     */
    record Request(String verb, List<String> options, List<String> operands) {
        Request {
            options = List.copyOf(options);
            operands = List.copyOf(operands);
        }

        boolean has(String option) {
            return options.contains(option);
        }

        /** What stands behind that prefix of an option. */
        Optional<String> value(String prefix) {
            return options.stream()
                    .filter(option -> option.startsWith(prefix))
                    .map(option -> option.substring(prefix.length()))
                    .findFirst();
        }

        /** The same with another option. */
        Request with(String option) {
            List<String> more = new ArrayList<>(options);
            more.add(option);
            return new Request(verb, more, operands);
        }

        boolean wantsJson() {
            return has("--format=json");
        }

        /** Colours only if the client writes to a terminal that wants them. */
        Paint paint() {
            return new Paint(has("--color"));
        }

        /** The bytes to send; none if an operand holds a line's end or is empty, which no bundle's name does. */
        Optional<byte[]> bytes() {
            StringBuilder text = new StringBuilder(GREETING + "\n" + verb + "\n");
            options.forEach(option -> text.append(option).append('\n'));
            text.append(SEPARATOR).append('\n');
            for (String operand : operands) {
                if (operand.isEmpty() || operand.indexOf('\n') >= 0) {
                    return Optional.empty();
                }
                text.append(operand).append('\n');
            }
            return Optional.of(text.append('\n').toString().getBytes(StandardCharsets.UTF_8));
        }
    }

    /** Puts a request together from the bytes of a connection, however they come in. */
    static final class RequestReader {
        private byte[] bytes = new byte[256];
        private int length;

        enum Progress {
            /** More bytes are to come. */
            PARTIAL,
            COMPLETE,
            /** Not a request of this protocol, or one of a newer version. */
            BAD
        }

        /** Takes bytes that came in. */
        Progress add(byte[] more, int count) {
            if (length + count > bytes.length) {
                bytes = java.util.Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + count));
            }
            System.arraycopy(more, 0, bytes, length, count);
            length += count;
            if (length > LONGEST_REQUEST || !startsWithGreeting()) {
                return Progress.BAD;
            }
            boolean ended = length >= 2 && bytes[length - 1] == '\n' && bytes[length - 2] == '\n';
            return !ended ? Progress.PARTIAL : lines().size() < 2 ? Progress.BAD : Progress.COMPLETE;
        }

        private boolean startsWithGreeting() {
            byte[] greeting = (GREETING + "\n").getBytes(StandardCharsets.UTF_8);
            int known = Math.min(length, greeting.length);
            return java.util.Arrays.equals(bytes, 0, known, greeting, 0, known);
        }

        private List<String> lines() {
            return new String(bytes, 0, length, StandardCharsets.UTF_8).lines().toList();
        }

        /** The request, once it is complete. */
        Request request() {
            List<String> lines = lines();
            List<String> options = new ArrayList<>();
            List<String> operands = new ArrayList<>();
            boolean separated = false;
            for (String line : lines.subList(2, lines.size() - 1)) {
                if (!separated && line.equals(SEPARATOR)) {
                    separated = true;
                } else {
                    (!separated && line.startsWith("--") ? options : operands).add(line);
                }
            }
            return new Request(lines.get(1), options, operands);
        }
    }

    /** Lines for the client's standard output, as they go over the socket; {@code text} may lack its last line's end. */
    static byte[] out(String text) {
        return tagged(OUT, text);
    }

    /** Lines for the client's standard error, as they go over the socket. */
    static byte[] err(String text) {
        return tagged(ERR, text);
    }

    /** Lines that are no outcomes, as they go over the socket. */
    static byte[] note(String text) {
        return tagged(NOTE, text);
    }

    /** What a job waits for, as it goes over the socket. */
    static byte[] progress(String line) {
        return tagged(PROGRESS, line);
    }

    /** The last line of an answer. */
    static byte[] exit(int status) {
        return tagged(EXIT, Integer.toString(status));
    }

    private static byte[] tagged(char tag, String text) {
        StringBuilder out = new StringBuilder(text.length() + 16);
        text.lines().forEach(line -> out.append(tag).append(line).append('\n'));
        return out.toString().getBytes(StandardCharsets.UTF_8);
    }
}

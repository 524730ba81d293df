package usher.launcher;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;

/**
 * The stamp that a line of a log begins with, of either kind that {@link Stamp} makes; a blank or the line's end follows.
 *
 * @param length in bytes
 */
record LeadingStamp(Instant time, int length) {

    /** Digits where there is a zero; else as it is. */
    private static final byte[] RFC3339 = "0000-00-00T00:00:00.000000Z".getBytes(StandardCharsets.US_ASCII);

    private static final int TAI64N_LENGTH = 25;

    /** Of a line with its end. */
    static Optional<LeadingStamp> of(byte[] line) {
        if (isTai64n(line)) {
            return Optional.of(new LeadingStamp(Stamp.parseTai64n(text(line, TAI64N_LENGTH)), TAI64N_LENGTH));
        }
        if (!isRfc3339(line)) {
            return Optional.empty();
        }
        try {
            return Optional.of(new LeadingStamp(Instant.parse(text(line, RFC3339.length)), RFC3339.length));
        } catch (DateTimeException e) {
            return Optional.empty(); // There is no such day.
        }
    }

    private static String text(byte[] line, int length) {
        return new String(line, 0, length, StandardCharsets.US_ASCII);
    }

    private static boolean endsAt(int length, byte[] line) {
        return line.length > length && (line[length] == ' ' || line[length] == '\n');
    }

    /** A TAI64N label of this or the next few aeons. */
    private static boolean isTai64n(byte[] text) {
        if (!endsAt(TAI64N_LENGTH, text) || text[0] != '@' || text[1] != '4') {
            return false;
        }
        for (int at = 1; at < TAI64N_LENGTH; at++) {
            boolean digit = text[at] >= '0' && text[at] <= '9' || text[at] >= 'a' && text[at] <= 'f';
            // The seconds' upper half is of this era, and there are fewer than 2^30 nanoseconds.
            if (!digit || at > 1 && at < 8 && text[at] != '0' || at == 17 && text[at] > '3') {
                return false;
            }
        }
        return true;
    }

    private static boolean isRfc3339(byte[] text) {
        if (!endsAt(RFC3339.length, text)) {
            return false;
        }
        for (int at = 0; at < RFC3339.length; at++) {
            boolean fits = RFC3339[at] == '0' ? text[at] >= '0' && text[at] <= '9' : text[at] == RFC3339[at];
            if (!fits) {
                return false;
            }
        }
        return true;
    }
}

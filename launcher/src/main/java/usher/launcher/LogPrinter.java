package usher.launcher;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;

/** Prints lines of a log, TAI64N stamps as local time (RFC 3339) unless they are wanted raw. */
final class LogPrinter {
    private static final int STAMP = 25;

    private final PrintStream out;
    private final boolean raw;
    private final DateTimeFormatter format;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    LogPrinter(PrintStream out, boolean raw, ZoneId zone) {
        this.out = out;
        this.raw = raw;
        this.format =
                DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSSxxx").withZone(zone);
    }

    /** Takes bytes as they stand in the file; whole lines are printed. */
    void add(byte[] bytes, int count) {
        int from = 0;
        for (int at = 0; at < count; at++) {
            if (bytes[at] == '\n') {
                line.write(bytes, from, at + 1 - from);
                from = at + 1;
                print();
            }
        }
        line.write(bytes, from, count - from);
    }

    /** Prints what has come of a line that has no end yet. */
    void end() {
        if (line.size() > 0) {
            line.write('\n');
            print();
        }
        flush();
    }

    void flush() {
        out.flush();
    }

    private void print() {
        byte[] text = line.toByteArray();
        line.reset();
        int start = 0;
        if (!raw && isStamped(text)) {
            String label = new String(text, 0, STAMP, StandardCharsets.US_ASCII);
            byte[] time = format.format(Stamp.parseTai64n(label)).getBytes(StandardCharsets.US_ASCII);
            out.write(time, 0, time.length);
            start = STAMP;
        }
        out.write(text, start, text.length - start);
    }

    /** Whether it starts with a TAI64N label of this or the next few aeons and a blank. */
    private static boolean isStamped(byte[] text) {
        if (text.length <= STAMP || text[0] != '@' || text[1] != '4' || text[STAMP] != ' ' && text[STAMP] != '\n') {
            return false;
        }
        for (int at = 1; at < STAMP; at++) {
            boolean digit = text[at] >= '0' && text[at] <= '9' || text[at] >= 'a' && text[at] <= 'f';
            // The seconds' upper half is of this era, and there are fewer than 2^30 nanoseconds.
            if (!digit || at > 1 && at < 8 && text[at] != '0' || at == 17 && text[at] > '3') {
                return false;
            }
        }
        return true;
    }
}

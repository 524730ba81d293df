package usher.launcher;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Prints lines of a log. */
final class LogPrinter {
    /** How lines look. */
    enum Form {
        /** Stamps of either kind as local time (RFC 3339). */
        TEXT,
        /** As they stand in the file. */
        RAW,
        /** An object for each, with that local time, or null, and what follows it. */
        JSON
    }

    private final PrintStream out;
    private final Form form;
    private final DateTimeFormatter format;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private long left;

    /** @param most so many lines are printed, and no more */
    LogPrinter(PrintStream out, Form form, ZoneId zone, long most) {
        this.out = out;
        this.form = form;
        this.left = most;
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

    /** Whether all is printed that may be, or nothing more can be: its reader has gone, or the disk is full. */
    boolean isDone() {
        return left == 0 || out.checkError();
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
        if (left == 0) {
            return;
        }
        left--;
        Optional<LeadingStamp> stamp = form == Form.RAW ? Optional.empty() : LeadingStamp.of(text);
        String time = stamp.map(its -> format.format(its.time())).orElse(null);
        int start = stamp.map(LeadingStamp::length).orElse(0);
        if (form == Form.JSON) {
            printJson(time, text, start);
            return;
        }
        if (time != null) {
            out.print(time);
        }
        out.write(text, start, text.length - start);
    }

    private void printJson(@Nullable String time, byte[] text, int start) {
        int from = time != null && text[start] == ' ' ? start + 1 : start;
        String said = new String(text, from, text.length - 1 - from, StandardCharsets.UTF_8);
        out.print(Json.line()
                .object()
                .member("time", time)
                .member("line", said)
                .endObject()
                .text());
    }
}

package usher.launcher;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a job waits for at one moment, as it goes over the control socket in one line of fields separated by tabs: how
 * many bundles more it waits for, then of each bundle four fields, its name, its state, for how many milliseconds it
 * has been in it, and why, which may be empty.
 *
 * @param more those whose turn has not come
 */
record Progress(int more, List<Entry> entries) {
    private static final int FIELDS = 4;

    /** {@code millis}: so long it has been in that state. */
    record Entry(String bundle, String state, long millis, String why) {}

    Progress {
        entries = List.copyOf(entries);
    }

    String line() {
        StringBuilder line = new StringBuilder().append(more);
        for (Entry entry : entries) {
            for (String field : List.of(entry.bundle(), entry.state(), Long.toString(entry.millis()), entry.why())) {
                // A daemon's own words may be among them, which are not to command anybody's terminal.
                line.append('\t').append(field.replaceAll("[\\p{Cntrl}\\x80-\\x9f]", " "));
            }
        }
        return line.toString();
    }

    /** What {@link #line} wrote; what cannot be understood is left out. */
    static Progress of(String line) {
        String[] fields = line.split("\t", -1);
        List<Entry> entries = new ArrayList<>();
        for (int at = 1; at + FIELDS <= fields.length; at += FIELDS) {
            entries.add(new Entry(fields[at], fields[at + 1], number(fields[at + 2]), fields[at + 3]));
        }
        return new Progress((int) number(fields[0]), entries);
    }

    private static long number(String text) {
        return text.matches("[0-9]{1,9}") ? Long.parseLong(text) : 0;
    }

    /** Whether the same is waited for, however long it has been. */
    boolean saysTheSame(Progress other) {
        return more == other.more && timeless().equals(other.timeless());
    }

    private List<Entry> timeless() {
        return entries.stream()
                .map(entry -> new Entry(entry.bundle(), entry.state(), 0, entry.why()))
                .toList();
    }

    /** {@code waiting for db (starting, 12s), web (waiting, 3s: address in use) and 4 more}, so much later. */
    String text(long laterMillis, Paint paint) {
        Stream<String> named = entries.stream().map(entry -> {
            Duration since = Duration.ofMillis(entry.millis() + laterMillis);
            String why = entry.why().isEmpty() ? "" : ": " + entry.why();
            return entry.bundle() + " (" + paint.paint(Paint.Colour.YELLOW, entry.state()) + ", "
                    + StatusText.span(since) + why + ")";
        });
        String list = String.join(", ", named.toList());
        return "waiting for " + list + (more == 0 ? "" : list.isEmpty() ? more + " bundles" : " and " + more + " more");
    }
}

package usher.bundles;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A directory of a bundle whose files each hold one setting, and the names in it, hidden ones left out. */
final class Settings {
    /** What other supervisors make themselves. */
    private static final List<String> STATE = List.of("event", "supervise");

    private final Reading reading;
    private final Path directory;
    private final String source;
    private final String[] names;
    private String latest = "";

    /**
     * @param source the directory relative to the bundle directory, as messages have it
     * @param names in byte order
     */
    Settings(Reading reading, Path directory, String source, String[] names) {
        this.reading = reading;
        this.directory = directory;
        this.source = source;
        this.names = names;
    }

    Reading reading() {
        return reading;
    }

    Path directory() {
        return directory;
    }

    String source() {
        return source;
    }

    String[] names() {
        return names;
    }

    Path path(String name) {
        return directory.resolve(name);
    }

    String source(String name) {
        return source + "/" + name;
    }

    boolean has(String name) {
        for (String present : names) {
            if (present.equals(name)) {
                return true;
            }
        }
        return false;
    }

    /** The directory of that name in this one; null, and a problem, if it is none. */
    @Nullable
    Settings inner(String name) {
        String[] inside = reading.list(path(name), source(name));
        return inside == null ? null : new Settings(reading, path(name), source(name), inside);
    }

    /** The file's whole text. */
    String text(String name) throws BadValue {
        String text = reading.read(path(name), source(name));
        if (text == null) {
            throw BadValue.reported();
        }
        latest = text;
        return text;
    }

    /** The file's one line, without white space around it. */
    String line(String name) throws BadValue {
        String line = text(name).strip();
        latest = line;
        if (line.indexOf('\n') >= 0) {
            throw new BadValue("one line is wanted");
        }
        return line;
    }

    boolean flag(String name) throws BadValue {
        return Values.flag(line(name));
    }

    int number(String name, int least, int most) throws BadValue {
        return Values.number(line(name), least, most);
    }

    /** Reports what the latest text, which was read from the file of that name, should have been. */
    void reject(String name, BadValue value) {
        if (!value.isReported()) {
            reading.error(source(name), "holds " + Shown.quoted(latest) + ": " + value.why(), "");
        }
    }

    /** The names that may hold a value, without those that are no text or a copy that an editor made. */
    List<String> entries() {
        List<String> entries = new ArrayList<>(names.length);
        for (String name : names) {
            if (!isBackup(name)) {
                if (isText(name)) {
                    entries.add(name);
                } else {
                    reading.error(source(name), "is not read: its name is not UTF-8, or holds control characters", "");
                }
            } else {
                reportBackup(name);
            }
        }
        return entries;
    }

    private void reportBackup(String name) {
        reading.warn(source(name), "is not read: it looks like a copy that an editor or a package made", "");
    }

    private static boolean isText(String name) {
        for (int i = 0; i < name.length(); i++) {
            if (name.charAt(i) == '\uFFFD' || Character.isISOControl(name.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    /** Whether the name is of the kind that editors, dpkg and rpm give to copies of the files they change. */
    static boolean isBackup(String name) {
        return name.endsWith("~")
                || (name.startsWith("#") && name.endsWith("#"))
                || name.endsWith(".swp")
                || name.endsWith(".bak")
                || name.endsWith(".rpmsave")
                || name.endsWith(".rpmnew")
                || name.contains(".dpkg-");
    }

    /** Warns of a name that means nothing here, unless it is a README, and suggests one of those that do. */
    void reportUnknown(String name, List<String> known) {
        if (isBackup(name)) {
            reportBackup(name);
        } else if (!name.startsWith("README")) {
            String near = Spelling.nearest(name, known);
            String remedy = near == null ? "" : "did you mean " + near + "?";
            reading.warn(source(name), "is not read: there is no setting of this name", remedy);
        }
        believeUnread(name);
    }

    /** Checks whose file it is all the same: a script may well read what we do not. */
    void believeUnread(String name) {
        if (isText(name)) {
            reading.believeUnread(path(name), source(name));
        }
    }

    /** Checks that not everybody may write to what is another program's, unless that keeps its state there. */
    void believeData(String name) {
        if (!STATE.contains(name)) {
            reading.believeData(path(name), source(name));
        }
    }
}

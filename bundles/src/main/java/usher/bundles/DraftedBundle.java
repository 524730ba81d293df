package usher.bundles;

import java.nio.charset.Charset;
import java.util.Collections;
import java.util.NavigableMap;
import java.util.TreeMap;

/** A bundle that is to be written: each file by its path in the bundle, as another system's configuration has it. */
final class DraftedBundle {
    /** What a file holds; a script is executable. */
    record Content(String text, Charset charset, boolean script) {
        byte[] bytes() {
            return text.getBytes(charset);
        }
    }

    private final String name;
    private final Origin origin;
    private final Charset charset;
    private final NavigableMap<String, Content> files = new TreeMap<>();

    DraftedBundle(String name, Origin origin, Charset charset) {
        this.name = name;
        this.origin = origin;
        this.charset = charset;
    }

    String name() {
        return name;
    }

    Origin origin() {
        return origin;
    }

    NavigableMap<String, Content> files() {
        return Collections.unmodifiableNavigableMap(files);
    }

    /** A file that holds this line, or nothing if the line is empty. */
    void file(String path, String line) {
        files.put(path, new Content(line.isEmpty() ? "" : line + "\n", charset, false));
    }

    void script(String path, String text) {
        files.put(path, new Content(text, charset, true));
    }
}

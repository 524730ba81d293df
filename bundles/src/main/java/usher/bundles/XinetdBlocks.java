package usher.bundles;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The entries of xinetd's configuration: {@code service NAME} or {@code defaults}, a line with a brace, lines with an
 * attribute each, a line with a brace. {@code include} and {@code includedir} are followed; each file is read once.
 */
final class XinetdBlocks {
    /** {@code =}, {@code +=} or {@code -=} and what follows it. */
    record Attribute(Origin origin, String name, String operator, List<String> values) {}

    /** An entry; the name is empty for {@code defaults}. */
    record Block(Origin origin, String name, SourceText source, List<Attribute> attributes) {}

    /** A file that is being read, and the line that comes next: includes are no calls, however deep they are. */
    private static final class Cursor {
        final SourceText source;
        final List<String> lines;
        int next;

        Cursor(SourceText source) {
            this.source = source;
            this.lines = source.lines();
        }
    }

    private final boolean follows;
    private final Remarks remarks;
    private final Deque<Cursor> files = new ArrayDeque<>();
    private final Set<Path> seen = new HashSet<>();
    private final List<Block> blocks = new ArrayList<>();

    private @Nullable Block open;

    /** Whether the brace that begins the open block has been seen. */
    private boolean begun;

    /** Whether lines are skipped up to the brace that ends an entry that is none. */
    private boolean skipping;

    private XinetdBlocks(boolean follows, Remarks remarks) {
        this.follows = follows;
        this.remarks = remarks;
    }

    /** The blocks of files, and of the files in directories, in the order in which xinetd would read them. */
    static List<Block> of(List<Path> files, Remarks remarks) {
        XinetdBlocks reading = new XinetdBlocks(true, remarks);
        for (Path file : files) {
            if (Files.isDirectory(file)) {
                reading.includeAll(file);
            } else {
                reading.include(file);
            }
            reading.read();
        }
        return reading.blocks;
    }

    /** The blocks of a text, whose includes are not followed. */
    static List<Block> of(SourceText source, Remarks remarks) {
        XinetdBlocks reading = new XinetdBlocks(false, remarks);
        reading.files.push(new Cursor(source));
        reading.read();
        return reading.blocks;
    }

    private void read() {
        while (!files.isEmpty()) {
            Cursor cursor = files.getFirst();
            if (cursor.next == cursor.lines.size()) {
                endOfFile();
                files.pop();
            } else {
                int line = cursor.next++;
                add(cursor, cursor.source.line(line), cursor.lines.get(line).strip());
            }
        }
    }

    private void endOfFile() {
        Block block = open;
        if (block != null) {
            remarks.lost(block.origin(), "is not imported: the file ends before its }");
        }
        open = null;
        skipping = false;
    }

    private void add(Cursor cursor, Origin origin, String line) {
        Block block = open;
        if (line.isEmpty() || line.startsWith("#")) {
            return;
        }
        if (line.indexOf('\0') >= 0) {
            remarks.lost(origin, "is not imported: it holds a NUL byte");
        } else if (skipping) {
            skipping = !line.equals("}");
        } else if (block == null) {
            entry(cursor, origin, line.split("[ \t]+", -1));
        } else if (!begun) {
            begun = line.equals("{");
            if (!begun) {
                remarks.lost(
                        origin, "is no {, which must follow on " + block.origin() + ", so that entry is not imported");
                open = null;
                skipping = !line.equals("}");
            }
        } else if (line.equals("}")) {
            blocks.add(block);
            open = null;
        } else {
            attribute(block, origin, line);
        }
    }

    private void entry(Cursor cursor, Origin origin, String[] words) {
        switch (words[0]) {
            case "defaults" -> open(new Block(origin, "", cursor.source, new ArrayList<>()));
            case "service", "include", "includedir" -> {
                if (words.length < 2) {
                    remarks.lost(origin, "is not imported: after " + words[0] + " stands a name");
                    skipping = words[0].equals("service");
                } else if (words[0].equals("service")) {
                    open(new Block(origin, words[1], cursor.source, new ArrayList<>()));
                } else {
                    include(cursor, origin, words);
                }
            }
            case "}" -> remarks.lost(origin, "is a } that ends nothing");
            default -> {
                remarks.lost(
                        origin,
                        "holds " + Shown.quoted(words[0]) + ", but an entry is service, defaults, include or"
                                + " includedir; all up to the next } is skipped");
                skipping = true;
            }
        }
    }

    private void open(Block block) {
        open = block;
        begun = false;
    }

    private void attribute(Block block, Origin origin, String line) {
        int equals = line.indexOf('=');
        int operator = equals > 0 && "+-".indexOf(line.charAt(equals - 1)) >= 0 ? equals - 1 : equals;
        String name = operator < 0 ? "" : line.substring(0, operator).strip();
        if (name.isEmpty()) {
            remarks.lost(
                    origin,
                    "holds " + Shown.quoted(line) + ", but an attribute is NAME = VALUES, NAME += VALUES or"
                            + " NAME -= VALUES");
            return;
        }
        String rest = line.substring(equals + 1).strip();
        List<String> values = rest.isEmpty() ? List.of() : List.of(rest.split("[ \t\r\f]+"));
        block.attributes().add(new Attribute(origin, name, line.substring(operator, equals + 1), values));
    }

    private void include(Cursor cursor, Origin origin, String[] words) {
        Path named = Paths.orNull(words[1]);
        Path parent = Path.of(cursor.source.file()).getParent();
        Path path = named == null || parent == null ? named : parent.resolve(named);
        boolean directory = words[0].equals("includedir");
        // A FIFO would keep us waiting.
        if (!follows || path == null || !(directory ? Files.isDirectory(path) : Files.isRegularFile(path))) {
            remarks.lost(origin, words[0] + " names " + Shown.quoted(words[1]) + ", which is not there to read");
        } else if (directory) {
            includeAll(path);
        } else {
            include(path);
        }
    }

    /** Those that xinetd reads: not the ones with a dot in their names or a tilde at the end. */
    private void includeAll(Path directory) {
        List<Path> found = SourceText.filesIn(directory, name -> name.indexOf('.') < 0 && !name.endsWith("~"), remarks);
        for (int i = found.size() - 1; i >= 0; i--) {
            include(found.get(i));
        }
    }

    private void include(Path file) {
        try {
            if (!seen.add(file.toRealPath())) {
                remarks.lostAll(file.toString(), "is included a second time, and read once");
                return;
            }
        } catch (IOException e) {
            // Reading it will say why.
        }
        SourceText source = SourceText.read(file, remarks);
        if (source != null) {
            files.push(new Cursor(source));
        }
    }
}

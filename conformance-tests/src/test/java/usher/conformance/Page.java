package usher.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A page of the documentation, as its fenced blocks. */
record Page(Path file, List<Block> blocks) {
    private static final String FENCE = "```";

    /** What stands between two fences, and the word behind the first of them, empty if there is none. */
    record Block(String word, int line, List<String> lines) {}

    /** A command after {@code $} and what is shown under it. */
    record Command(String words, List<String> shown) {}

    static Page read(Path file) throws IOException {
        List<Block> blocks = new ArrayList<>();
        List<String> lines = Files.readAllLines(file);
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).startsWith(FENCE)) {
                int end = i + 1;
                while (!lines.get(end).startsWith(FENCE)) {
                    end++;
                }
                String word = lines.get(i).substring(FENCE.length()).strip();
                blocks.add(new Block(word, i + 1, lines.subList(i + 1, end)));
                i = end;
            }
        }
        return new Page(file, blocks);
    }

    /** The commands of a {@code console} block. */
    static List<Command> commands(Block block) {
        List<Command> commands = new ArrayList<>();
        for (String line : block.lines()) {
            if (line.startsWith("$ ")) {
                commands.add(new Command(line.substring(2), new ArrayList<>()));
            } else if (commands.isEmpty()) {
                throw new IllegalArgumentException("line " + block.line() + ": a console begins with \"$ \"");
            } else {
                commands.get(commands.size() - 1).shown().add(line);
            }
        }
        return commands;
    }

    /** Whether the lines are those shown, of which {@code ...} stands for any number. */
    static boolean isShown(List<String> lines, List<String> shown) {
        if (shown.isEmpty()) {
            return lines.isEmpty();
        }
        List<String> rest = shown.subList(1, shown.size());
        if (shown.get(0).equals("...")) {
            for (int skipped = 0; skipped <= lines.size(); skipped++) {
                if (isShown(lines.subList(skipped, lines.size()), rest)) {
                    return true;
                }
            }
            return false;
        }
        return !lines.isEmpty() && lines.get(0).equals(shown.get(0)) && isShown(lines.subList(1, lines.size()), rest);
    }
}

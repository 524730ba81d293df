package usher.launcher;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Writes a manual page in the man macros of {@code groff_man(7)}. Text may hold what the project's Markdown uses: code in
 * backticks becomes bold, emphasis italic, links their text.
 */
final class Roff {
    private static final Pattern LINK = Pattern.compile("\\[([^]]*)]\\([^)]*\\)");
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");
    private static final Pattern STRONG = Pattern.compile("\\*\\*([^*]+)\\*\\*");
    private static final Pattern EMPHASIS = Pattern.compile("(?<![*\\w])\\*([^*\\s][^*]*)\\*(?![*\\w])");

    private final StringBuilder out = new StringBuilder();

    Roff(String name, int section) {
        out.append(".\\\" Made from the program's own definitions and its documentation.\n");
        out.append(".TH ").append(name).append(' ').append(section).append(" \"\" \"usher\" \"usher manual\"\n");
        // No hyphens in commands and names, and a ragged right margin.
        out.append(".nh\n.ad l\n");
    }

    Roff section(String title) {
        out.append(".SH ").append(quoted(title.toUpperCase(Locale.ROOT))).append('\n');
        return this;
    }

    Roff subsection(String title) {
        out.append(".SS ").append(quoted(title)).append('\n');
        return this;
    }

    Roff paragraph(String text) {
        out.append(".PP\n").append(text(text)).append('\n');
        return this;
    }

    /** A term, and below it what is said of it. */
    Roff item(String term, String text) {
        out.append(".TP\n")
                .append(text(term))
                .append('\n')
                .append(text.isEmpty() ? "\\&" : text(text))
                .append('\n');
        return this;
    }

    Roff bullet(String text) {
        out.append(".IP \\(bu 2\n").append(text(text)).append('\n');
        return this;
    }

    /** Lines as they stand. */
    Roff verbatim(List<String> lines) {
        out.append(".PP\n.RS 4\n.nf\n");
        lines.forEach(line -> out.append(guarded(escaped(line))).append('\n'));
        out.append(".fi\n.RE\n");
        return this;
    }

    /** The parts of a Markdown page below its title, between two of its headings or to its end. */
    Roff markdown(List<String> page) {
        List<String> paragraph = new ArrayList<>();
        for (int at = 0; at < page.size(); at++) {
            String line = page.get(at);
            boolean apart = line.isBlank() || line.startsWith("#") || line.startsWith("|") || line.startsWith("```");
            boolean item = line.matches("([-*]|[0-9]+\\.) .*");
            if (apart || item) {
                flush(paragraph);
            }
            if (line.startsWith("```")) {
                int end = at + 1 + page.subList(at + 1, page.size()).indexOf("```");
                verbatim(page.subList(at + 1, end));
                at = end;
            } else if (line.startsWith("### ")) {
                subsection(line.substring(4));
            } else if (line.startsWith("## ")) {
                section(line.substring(3));
            } else if (line.startsWith("|")) {
                row(line, at > 0 && !page.get(at - 1).startsWith("|"));
            } else if (!apart) {
                paragraph.add(line.strip());
            }
        }
        flush(paragraph);
        return this;
    }

    private void flush(List<String> paragraph) {
        if (!paragraph.isEmpty()) {
            String text = String.join(" ", paragraph);
            Matcher item = Pattern.compile("(?:[-*]|[0-9]+\\.) (.*)").matcher(text);
            if (item.matches()) {
                bullet(item.group(1));
            } else {
                paragraph(text);
            }
            paragraph.clear();
        }
    }

    /** A row of a table becomes a term and its description; the head of the table, and the line below it, nothing. */
    private void row(String line, boolean head) {
        if (head || line.matches("[|: -]+")) {
            return;
        }
        List<String> cells = new ArrayList<>();
        for (String cell : line.substring(1, line.lastIndexOf('|')).split("\\|", -1)) {
            cells.add(cell.strip());
        }
        String rest = String.join(
                "; ",
                cells.subList(1, cells.size()).stream()
                        .filter(cell -> !cell.isEmpty())
                        .toList());
        item(cells.get(0), rest);
    }

    private static String text(String text) {
        Matcher link = LINK.matcher(text);
        String escaped = guarded(escaped(link.replaceAll("$1")));
        escaped = CODE.matcher(escaped).replaceAll("\\\\fB$1\\\\fP");
        escaped = STRONG.matcher(escaped).replaceAll("\\\\fB$1\\\\fP");
        return EMPHASIS.matcher(escaped).replaceAll("\\\\fI$1\\\\fP");
    }

    private static String quoted(String text) {
        return "\"" + text(text.replace("\"", "").replace("`", "")) + "\"";
    }

    /** Backslashes, and dashes that are to be copied as they are; beyond ASCII, the glyph by its number. */
    private static String escaped(String text) {
        StringBuilder escaped = new StringBuilder();
        text.codePoints().forEach(c -> {
            switch (c) {
                case '\\' -> escaped.append("\\e");
                case '-' -> escaped.append("\\-");
                case '\'' -> escaped.append("\\(aq");
                case '~' -> escaped.append("\\(ti");
                case '^' -> escaped.append("\\(ha");
                default -> {
                    if (c < 128) {
                        escaped.append((char) c);
                    } else {
                        escaped.append("\\[u"
                                + "0"
                                        .repeat(Math.max(
                                                0, 4 - Integer.toHexString(c).length()))
                                + Integer.toHexString(c).toUpperCase(Locale.ROOT) + "]");
                    }
                }
            }
        });
        return escaped.toString();
    }

    /** A line may not begin as a request does. */
    private static String guarded(String line) {
        return line.startsWith(".") ? "\\&" + line : line;
    }

    @Override
    public String toString() {
        return out.toString();
    }
}

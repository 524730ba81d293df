package usher.bundles;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The entries of an {@code inetd.conf}: words, which quotation marks of either kind hold together; a line that begins
 * with white space goes on with the one before; {@code #} at the beginning of a line makes it a comment.
 */
final class InetdLines {
    /** An entry, or the text of a comment that says something to inetd: {@code #@} and a policy. */
    record Entry(Origin origin, List<String> words, boolean policy) {}

    private final Remarks remarks;
    private final List<Entry> entries = new ArrayList<>();
    private @Nullable Entry open;

    private InetdLines(Remarks remarks) {
        this.remarks = remarks;
    }

    static List<Entry> of(SourceText source, Remarks remarks) {
        InetdLines lines = new InetdLines(remarks);
        List<String> all = source.lines();
        for (int i = 0; i < all.size(); i++) {
            lines.add(source.line(i), all.get(i));
        }
        return lines.entries;
    }

    private void add(Origin origin, String line) {
        String text = line.strip();
        boolean goesOn = !text.isEmpty() && (line.charAt(0) == ' ' || line.charAt(0) == '\t');
        if (!goesOn) {
            open = null;
        }
        if (text.startsWith("#")) {
            comment(origin, text, goesOn && open != null);
            return;
        }
        List<String> words = text.isEmpty() ? List.of() : words(origin, text);
        if (words.isEmpty()) {
            open = null;
        } else if (open != null) {
            open.words().addAll(words);
        } else {
            open = new Entry(origin, words, false);
            entries.add(open);
        }
    }

    /** The words of a line; none, and a remark, if it has no good ones. */
    private List<String> words(Origin origin, String text) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean inside = false;
        char quote = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == 0) {
                remarks.lost(origin, "is not imported: it holds a NUL byte");
                return List.of();
            }
            if (c == quote) {
                quote = 0;
            } else if (quote == 0 && (c == '"' || c == '\'')) {
                quote = c;
                inside = true;
            } else if (quote == 0 && isBlank(c)) {
                if (inside) {
                    words.add(word.toString());
                    word.setLength(0);
                }
                inside = false;
            } else {
                word.append(c);
                inside = true;
            }
        }
        if (quote != 0) {
            remarks.lost(origin, "is not imported: a quotation mark " + quote + " is not closed");
            return List.of();
        }
        if (inside) {
            words.add(word.toString());
        }
        return words;
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c >= '\t' && c <= '\r';
    }

    private void comment(Origin origin, String text, boolean insideEntry) {
        if (text.startsWith("#@")) {
            entries.add(new Entry(origin, List.of(text.substring(2).strip()), true));
        } else if (insideEntry) {
            remarks.note(origin, "is taken for a comment, though some inetds take it for arguments of the line before");
        } else if (looksLikeService(text)) {
            remarks.note(origin, "is a comment, so the service in it is switched off and not imported");
        }
    }

    /** Whether a comment is a line that somebody, or Debian's update-inetd with {@code #<off>#}, has switched off. */
    private static boolean looksLikeService(String text) {
        int start = 0;
        while (start < text.length() && (text.startsWith("<off>", start) || "# ".indexOf(text.charAt(start)) >= 0)) {
            start += text.charAt(start) == '<' ? "<off>".length() : 1;
        }
        String[] words = text.substring(start).split("[ \t]+", 7);
        return words.length >= 6
                && InetdServices.SOCKET_TYPES.contains(words[1])
                && words[2].matches("(rpc/)?(tcp|udp|unix).*")
                && words[3].toLowerCase(Locale.ROOT).matches("(no)?wait.*");
    }
}

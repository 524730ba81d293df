package usher.launcher;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Writes a drawing as a flowchart of Mermaid, which many web pages show where it stands in a text. */
final class Mermaid {
    private static final String HARMLESS = " _/:.,@-()";

    private Mermaid() {}

    static String of(Drawing drawing) {
        StringBuilder out = new StringBuilder("flowchart LR\n");
        // Names cannot be quoted there, so boxes are numbered.
        Map<String, String> ids = new HashMap<>();
        for (Drawing.Node node : drawing.nodes()) {
            String id = "n" + (ids.size() + 1);
            ids.put(node.id(), id);
            boolean gate = node.look() == Drawing.Look.GATE;
            out.append("  ").append(id).append(gate ? "([" : "[").append(label(node.label()));
            out.append(gate ? "])" : "]").append('\n');
        }
        for (Drawing.Arrow arrow : drawing.arrows()) {
            out.append("  ").append(ids.get(arrow.from())).append(' ').append(line(arrow.line()));
            if (!arrow.label().isEmpty()) {
                out.append('|').append(label(arrow.label())).append('|');
            }
            out.append(' ').append(ids.get(arrow.to())).append('\n');
        }
        style(drawing, ids, node -> node.look() == Drawing.Look.ON_TRAFFIC, "traffic", "stroke-dasharray:5 5", out);
        style(drawing, ids, node -> node.look() == Drawing.Look.CANNOT_START, "cannot", "stroke:red,color:red", out);
        style(drawing, ids, Drawing.Node::marked, "longest", "stroke-width:3px", out);
        return out.toString();
    }

    private static String line(Drawing.Line line) {
        return switch (line) {
            case ORDER -> "-->";
            case KNOCK -> "-.->";
            case CYCLE -> "--x";
        };
    }

    private static void style(
            Drawing drawing,
            Map<String, String> ids,
            Predicate<Drawing.Node> which,
            String name,
            String style,
            StringBuilder out) {
        List<String> members = new ArrayList<>();
        for (Drawing.Node node : drawing.nodes()) {
            if (which.test(node)) {
                members.add(ids.get(node.id()));
            }
        }
        if (!members.isEmpty()) {
            out.append("  classDef ").append(name).append(' ').append(style).append('\n');
            out.append("  class ")
                    .append(String.join(",", members))
                    .append(' ')
                    .append(name)
                    .append('\n');
        }
    }

    private static String label(List<String> lines) {
        List<String> escaped = new ArrayList<>();
        lines.forEach(line -> escaped.add(escaped(line)));
        return "\"" + String.join("<br/>", escaped) + "\"";
    }

    /**
     * Anything but letters, digits and what certainly means nothing is written as the entity {@code #NUMBER;}: quotation
     * marks end a label, backticks and list marks at its beginning make it Markdown, percent signs may make it a directive.
     */
    private static String escaped(String text) {
        StringBuilder out = new StringBuilder(text.length());
        boolean digitsOnly = true;
        for (int at = 0; at < text.length(); at += Character.charCount(text.codePointAt(at))) {
            int c = text.codePointAt(at);
            boolean safe = Character.isLetterOrDigit(c) || HARMLESS.indexOf(c) >= 0;
            boolean listMark =
                    at == 0 ? !Character.isLetterOrDigit(c) && c != '/' : digitsOnly && (c == '.' || c == ')');
            if (safe && !listMark) {
                out.appendCodePoint(c);
            } else {
                out.append('#').append(c).append(';');
            }
            digitsOnly &= Character.isDigit(c);
        }
        return out.toString();
    }
}

package usher.launcher;

import java.util.ArrayList;
import java.util.List;

/** Writes a drawing in the language of Graphviz, as {@code dot(1)} reads it. */
final class Dot {
    private Dot() {}

    static String of(Drawing drawing) {
        StringBuilder out = new StringBuilder();
        out.append("digraph usher {\n");
        out.append("  graph [rankdir=LR, label=")
                .append(label(List.of(drawing.title())))
                .append("]\n");
        out.append("  node [shape=box]\n");
        for (Drawing.Node node : drawing.nodes()) {
            out.append("  ").append(quoted(node.id())).append(" [label=").append(label(node.label()));
            look(node).forEach(attribute -> out.append(", ").append(attribute));
            out.append("]\n");
        }
        for (Drawing.Arrow arrow : drawing.arrows()) {
            List<String> attributes = line(arrow);
            out.append("  ").append(quoted(arrow.from())).append(" -> ").append(quoted(arrow.to()));
            if (!attributes.isEmpty()) {
                out.append(" [").append(String.join(", ", attributes)).append(']');
            }
            out.append('\n');
        }
        return out.append("}\n").toString();
    }

    private static List<String> look(Drawing.Node node) {
        List<String> attributes = new ArrayList<>();
        switch (node.look()) {
            case STEP -> {}
            case ON_TRAFFIC -> attributes.add("style=dashed");
            case CANNOT_START -> attributes.addAll(List.of("color=red", "fontcolor=red"));
            case GATE -> attributes.add("shape=plaintext");
        }
        if (node.marked()) {
            attributes.add("penwidth=3");
        }
        return attributes;
    }

    private static List<String> line(Drawing.Arrow arrow) {
        List<String> attributes = new ArrayList<>();
        if (!arrow.label().isEmpty()) {
            attributes.add("label=" + label(arrow.label()));
        }
        switch (arrow.line()) {
            case ORDER -> {}
            case KNOCK -> attributes.add("style=dashed");
            // What goes round in a circle says nothing about left and right.
            case CYCLE -> attributes.addAll(List.of("color=red", "constraint=false"));
        }
        return attributes;
    }

    /** A quoted identifier: only quotation marks and backslashes mean something in it. */
    private static String quoted(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }

    /** A quoted label, in which entities of HTML are read, too. */
    private static String label(List<String> lines) {
        List<String> quoted = new ArrayList<>();
        for (String line : lines) {
            String text = quoted(line.replace("&", "&amp;"));
            quoted.add(text.substring(1, text.length() - 1));
        }
        return "\"" + String.join("\\n", quoted) + "\"";
    }
}

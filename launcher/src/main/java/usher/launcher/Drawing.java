package usher.launcher;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Boxes and arrows in the order in which they were added: what {@link Dot} and {@link Mermaid} write. */
final class Drawing {
    /** What a box stands for, which is how it looks. */
    enum Look {
        STEP,
        ON_TRAFFIC,
        CANNOT_START,
        /** Not a step: what all arrows into it must have reached before any out of it is followed. */
        GATE
    }

    enum Line {
        ORDER,
        KNOCK,
        CYCLE
    }

    /**
     * @param id unique, any text
     * @param label a line each
     * @param marked stands out
     */
    record Node(String id, Look look, List<String> label, boolean marked) {}

    /** @param label a line each; may be empty */
    record Arrow(String from, String to, Line line, List<String> label) {}

    private record Ends(String from, String to, Line line) {}

    private final String title;
    private final Map<String, Node> nodes = new LinkedHashMap<>();
    private final Map<Ends, Arrow> arrows = new LinkedHashMap<>();

    Drawing(String title) {
        this.title = title;
    }

    String title() {
        return title;
    }

    boolean has(String id) {
        return nodes.containsKey(id);
    }

    /** Whether there is an arrow of the ordinary kind. */
    boolean has(String from, String to) {
        return arrows.containsKey(new Ends(from, to, Line.ORDER));
    }

    /** Adds a box, unless there is one of that id. */
    void add(Node node) {
        nodes.putIfAbsent(node.id, node);
    }

    /** Adds an arrow, or, if there is the same already, one more line to its label. */
    void add(String from, String to, Line line, String label) {
        Arrow arrow =
                arrows.computeIfAbsent(new Ends(from, to, line), ends -> new Arrow(from, to, line, new ArrayList<>()));
        if (!label.isEmpty() && !arrow.label.contains(label)) {
            arrow.label.add(label);
        }
    }

    Collection<Node> nodes() {
        return nodes.values();
    }

    Collection<Arrow> arrows() {
        return arrows.values();
    }
}

package usher.depgraph;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Writes a drawn tree as systemd units that mean the same. Where systemd derives an order itself (socket before its
 * service, all sockets before basic.target and that before services, targets after what they want) it is left to do so;
 * where it has none (requires, connects, log) {@code After=} says it, unless an explicit link yields another order.
 *
 * <p>A lazy bundle is its socket units; those after it name these, and its service, which has all its own links, is
 * started by nobody. What takes part only as long as it waits for traffic is said by a target of its own,
 * {@code NAME-waits.target}, that has no orders.
 */
final class UnitWriter {
    /** Units that systemd ships, with the orders they have there. */
    private static final List<List<String>> SHIPPED = List.of(
            List.of("shutdown.target", "DefaultDependencies=no"),
            List.of("sockets.target"),
            List.of("basic.target", "Wants=sockets.target", "After=sockets.target"));

    private final DrawnTree tree;
    private final Path directory;

    private UnitWriter(DrawnTree tree, Path directory) {
        this.tree = tree;
        this.directory = directory;
    }

    static void write(DrawnTree tree, Path directory) throws IOException {
        UnitWriter writer = new UnitWriter(tree, directory);
        for (List<String> unit : SHIPPED) {
            writer.write(unit.get(0), unit.subList(1, unit.size()), List.of());
        }
        for (String bundle : tree.entries().keySet()) {
            writer.writeProcess(bundle);
            writer.writeSockets(bundle);
            writer.writeWaits(bundle);
        }
    }

    /** Writes a target that asks for these units and has no orders. */
    static void writeAsking(String name, Collection<String> units, Path directory) throws IOException {
        Files.writeString(
                directory.resolve(name), "[Unit]\nDefaultDependencies=no\nWants=" + String.join(" ", units) + "\n");
    }

    private void writeProcess(String bundle) throws IOException {
        List<String> lines = new ArrayList<>();
        for (String relation : DrawnTree.PULLS) {
            for (String asked : tree.links(bundle, relation)) {
                ask(relation, asked, lines);
                boolean derived = !relation.equals("wants") && !asked.equals(DrawnTree.NOBODY);
                if (derived && !tree.isExplicit(bundle, asked)) {
                    lines.add("After=" + join(tree.up(asked)));
                }
            }
        }
        tree.links(bundle, "after").forEach(first -> lines.add("After=" + join(tree.up(first))));
        if (!tree.isLazy(bundle)) {
            lines.addAll(befores(bundle));
        }
        conflicts(bundle, lines);
        boolean target = tree.has(bundle, "target");
        List<String> service = new ArrayList<>(target ? List.of() : List.of("[Service]", "ExecStart=/bin/true"));
        if (!tree.sockets(bundle).isEmpty()) {
            service.add("Sockets=" + join(tree.socketUnits(bundle)));
        }
        write(tree.process(bundle), lines, service);
    }

    private void ask(String relation, String asked, List<String> lines) {
        String how = relation.equals("requires") ? "Requires=" : "Wants=";
        lines.add(how + join(tree.up(asked)));
        if (tree.isLazy(asked)) {
            lines.add("Wants=" + tree.waits(asked));
        }
    }

    /** The other's sockets are stopped as well; systemd itself sees to the other direction between the processes. */
    private void conflicts(String bundle, List<String> lines) {
        for (String other : tree.links(bundle, "conflicts")) {
            lines.add("Conflicts=" + join(tree.units(other)));
        }
        for (String other : tree.entries().keySet()) {
            if (tree.has(other, "conflicts/" + bundle) && !tree.sockets(other).isEmpty()) {
                lines.add("Conflicts=" + join(tree.socketUnits(other)));
            }
        }
    }

    private List<String> befores(String bundle) {
        return tree.links(bundle, "before").stream()
                .map(later -> "Before=" + tree.process(later))
                .toList();
    }

    private void writeSockets(String bundle) throws IOException {
        for (String socket : tree.sockets(bundle)) {
            List<String> lines = tree.isLazy(bundle) ? befores(bundle) : List.of();
            write(
                    tree.unit(bundle, socket),
                    lines,
                    List.of(
                            "[Socket]",
                            "ListenStream=" + tree.address(bundle, socket),
                            "Service=" + tree.process(bundle)));
        }
    }

    private void writeWaits(String bundle) throws IOException {
        List<String> wants = new ArrayList<>(tree.socketUnits(bundle));
        for (String relation : DrawnTree.PULLS) {
            for (String asked : tree.links(bundle, relation)) {
                boolean starts = tree.has(asked, "eager") || asked.equals(DrawnTree.NOBODY);
                wants.add(starts ? tree.process(asked) : tree.waits(asked));
            }
        }
        writeAsking(tree.waits(bundle), wants, directory);
    }

    private void write(String name, List<String> unit, List<String> more) throws IOException {
        List<String> lines = new ArrayList<>(List.of("[Unit]"));
        lines.addAll(unit);
        lines.addAll(more);
        Files.write(directory.resolve(name), lines);
    }

    private static String join(Collection<String> units) {
        return String.join(" ", units);
    }
}

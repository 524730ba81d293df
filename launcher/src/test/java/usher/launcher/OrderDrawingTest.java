package usher.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import usher.bundles.BundleName;
import usher.bundles.Relation;
import usher.depgraph.Plan;
import usher.depgraph.Relations;

/** Drawings are read back by what little of each language they may use, and must hold what the plan holds. */
final class OrderDrawingTest {
    private static final String STRING = "\"((?:[^\"\\\\]|\\\\.)*)\"";
    private static final Pattern DOT_NODE =
            Pattern.compile("  " + STRING + " \\[label=" + STRING + "(?:, [a-z]+=[a-z0-9]+)*]");
    private static final Pattern DOT_ARROW = Pattern.compile(
            "  " + STRING + " -> " + STRING + "(?: \\[((?:label=" + STRING + ")?(?:(?:, )?[a-z]+=[a-z0-9]+)*)])?");
    private static final String TEXT = "\"((?:[^\"#&;<>`%$\\\\{}|\\[\\]]|#[0-9]+;|<br/>)*)\"";
    private static final Pattern MERMAID_NODE = Pattern.compile("  (n[0-9]+)(\\[|\\(\\[)" + TEXT + "(]|]\\))");
    private static final Pattern MERMAID_ARROW =
            Pattern.compile("  (n[0-9]+) (?:-->|-\\.->|--x)(?:\\|" + TEXT + "\\|)? (n[0-9]+)");
    private static final Pattern MERMAID_STYLE =
            Pattern.compile("  class(Def [a-z]+ [a-z0-9:, -]+| n[0-9]+(,n[0-9]+)* [a-z]+)");

    private record Read(Map<String, String> labels, Set<String> arrows) {}

    private static String draw(Trees trees, boolean why, String... names) {
        return Dot.of(drawing(trees.relations(), false, why, names));
    }

    private static Drawing drawing(Relations relations, boolean stop, boolean why, String... names) {
        List<BundleName> bundles = new ArrayList<>();
        for (String name : names) {
            bundles.add(new BundleName(name));
        }
        Set<BundleName> all = new TreeSet<>();
        relations.bundles().bundles().forEach(bundle -> all.add(bundle.name()));
        Plan plan = stop ? relations.stop(bundles, all) : relations.start(bundles, false, Set.of());
        return OrderDrawing.of(plan, relations, why, OrderText.title(plan));
    }

    private static Read readDot(String text) {
        Read read = new Read(new HashMap<>(), new TreeSet<>());
        List<String> lines = text.lines().toList();
        assertThat(lines.get(0)).isEqualTo("digraph usher {");
        assertThat(lines.get(1)).matches("  graph \\[rankdir=LR, label=" + STRING + "]");
        assertThat(lines.get(2)).isEqualTo("  node [shape=box]");
        assertThat(lines.get(lines.size() - 1)).isEqualTo("}");
        for (String line : lines.subList(3, lines.size() - 1)) {
            Matcher node = DOT_NODE.matcher(line);
            Matcher arrow = DOT_ARROW.matcher(line);
            if (node.matches()) {
                String label = unquoted(node.group(2).replace("\\n", "\n")).replace("&amp;", "&");
                assertThat(read.labels.put(unquoted(node.group(1)), label))
                        .as(line)
                        .isNull();
            } else {
                assertThat(arrow.matches()).as(line).isTrue();
                assertThat(read.labels).as(line).containsKeys(unquoted(arrow.group(1)), unquoted(arrow.group(2)));
                read.arrows.add(unquoted(arrow.group(1)) + " -> " + unquoted(arrow.group(2)));
            }
        }
        return read;
    }

    private static String unquoted(String text) {
        return text.replaceAll("\\\\(.)", "$1");
    }

    private static Read readMermaid(String text) {
        Read read = new Read(new HashMap<>(), new TreeSet<>());
        List<String> lines = text.lines().toList();
        assertThat(lines.get(0)).isEqualTo("flowchart LR");
        for (String line : lines.subList(1, lines.size())) {
            Matcher node = MERMAID_NODE.matcher(line);
            Matcher arrow = MERMAID_ARROW.matcher(line);
            if (node.matches()) {
                String label = Pattern.compile("#([0-9]+);")
                        .matcher(node.group(3).replace("<br/>", "\n"))
                        .replaceAll(entity ->
                                Matcher.quoteReplacement(Character.toString(Integer.parseInt(entity.group(1)))));
                assertThat(read.labels.put(node.group(1), label)).as(line).isNull();
            } else if (arrow.matches()) {
                assertThat(read.labels).as(line).containsKeys(arrow.group(1), arrow.group(3));
                read.arrows.add(arrow.group(1) + " -> " + arrow.group(3));
            } else {
                assertThat(line).matches(MERMAID_STYLE);
            }
        }
        return read;
    }

    @Test
    void drawsEachOrderOnceAndNoneThatOthersImply() {
        Trees trees = new Trees()
                .daemon("app")
                .daemon("db")
                .daemon("log")
                .link("app", Relation.REQUIRES, "db")
                .link("app", Relation.AFTER, "log")
                .link("db", Relation.WANTS, "log")
                .link("db", Relation.AFTER, "log");
        assertThat(draw(trees, true, "app")).isEqualTo("""
                digraph usher {
                  graph [rankdir=LR, label="Start of app"]
                  node [shape=box]
                  "log" [label="start log", penwidth=3]
                  "db" [label="start db", penwidth=3]
                  "app" [label="start app", penwidth=3]
                  "log" -> "db" [label="db/after/log"]
                  "db" -> "app" [label="requires: app/requires/db"]
                }
                """);
        assertThat(draw(trees, false, "app")).doesNotContain("db/after/log").contains("\"log\" -> \"db\"\n");
    }

    @Test
    void drawsWhatAKnockStartsWithDashes() {
        Trees trees = new Trees().lazy("web").daemon("db").link("web", Relation.REQUIRES, "db");
        assertThat(draw(trees, false, "web"))
                .contains("\"web:s0\" [label=\"open web:s0\\nunix:@web.0\"")
                .contains("\"db\" [label=\"start db\", style=dashed]")
                .contains("\"web:s0\" -> \"db\" [style=dashed]")
                .contains("\"db\" -> \"web\"\n")
                .doesNotContain("\"web:s0\" -> \"web\"");
    }

    @Test
    void drawsSocketsBeforeProcessesByWayOfOneGate() {
        Trees trees = new Trees()
                .lazy("a")
                .lazy("b")
                .lazy("c")
                .daemon("x")
                .daemon("y")
                .daemon("z");
        Read read = readDot(draw(trees, false, "a", "b", "c", "x", "y", "z"));
        assertThat(read.arrows)
                .contains("a:s0 -> /open", "c:s0 -> /open", "/open -> x", "/open -> z")
                .doesNotContain("a:s0 -> x");
        Read stop = readDot(Dot.of(drawing(trees.relations(), true, false, "a", "b", "c", "x", "y", "z")));
        assertThat(stop.arrows).contains("a -> /stopped", "z -> /stopped", "/stopped -> c:s0");
    }

    @Test
    void drawsACycleWithItsLinksAndWhatCannotStartBecauseOfIt() {
        Trees trees = new Trees()
                .daemon("a")
                .daemon("b")
                .daemon("c")
                .link("a", Relation.AFTER, "b")
                .link("b", Relation.AFTER, "a")
                .link("c", Relation.REQUIRES, "a");
        String dot = draw(trees, false, "a", "b", "c");
        assertThat(dot)
                .contains("\"c\" [label=\"c is refused\\n")
                .contains("\"a\" -> \"b\" [label=\"b/after/a\", color=red, constraint=false]")
                .contains("\"b\" -> \"a\" [label=\"a/after/b\", color=red, constraint=false]");
        String mermaid = Mermaid.of(drawing(trees.relations(), false, false, "a", "b", "c"));
        assertThat(readMermaid(mermaid).labels.values())
                .anySatisfy(label -> assertThat(label).startsWith("c is refused\n"));
        assertThat(mermaid).contains("--x|\"b/after/a\"|").contains("class n1,n2,n3 cannot");
    }

    @Test
    void drawsAConflictAsAStopBeforeTheStart() {
        Trees trees = new Trees().daemon("new").daemon("old").link("new", Relation.CONFLICTS, "old");
        assertThat(readDot(draw(trees, true, "new")).arrows).containsExactly("stop/old -> new");
    }

    @Test
    void keepsEveryNameAsItIs() {
        List<String> names = List.of(
                "a\"b",
                "a\\",
                "\\N",
                "a\\\"",
                "<b>",
                "a&amp;b",
                "a&b",
                "{x|y}",
                "%%{init: {}}%%",
                "end",
                "1. one",
                "- dash",
                "#35;",
                "`md`",
                "x]",
                "(y)",
                "$$z$$",
                "ünï",
                "日本",
                "a;b",
                "a->b",
                "//c",
                " ",
                "n1",
                "*");
        Trees trees = new Trees();
        List<String> usable = names.stream().filter(BundleName::isValid).toList();
        for (int i = 0; i < usable.size(); i++) {
            trees.daemon(usable.get(i));
            if (i > 0) {
                trees.link(usable.get(i), Relation.AFTER, usable.get(i - 1));
            }
        }
        Drawing drawing = drawing(trees.relations(), false, true, usable.toArray(new String[0]));
        List<String> labels = usable.stream().map(name -> "start " + name).toList();

        Read dot = readDot(Dot.of(drawing));
        assertThat(dot.labels.values()).containsExactlyInAnyOrderElementsOf(labels);
        assertThat(dot.labels).hasSize(usable.size()).containsKeys("a\\", "a\"b");
        Read mermaid = readMermaid(Mermaid.of(drawing));
        assertThat(mermaid.labels.values()).containsExactlyInAnyOrderElementsOf(labels);
        assertThat(mermaid.arrows).hasSize(usable.size() - 1);
    }

    @Test
    void drawsTheSameGraphInBothLanguagesWhateverTheTree() {
        long seed = System.nanoTime();
        System.out.println("OrderDrawingTest: seed " + seed);
        Random random = new Random(seed);
        Relation[] kinds = {Relation.WANTS, Relation.REQUIRES, Relation.AFTER, Relation.BEFORE, Relation.CONFLICTS};
        for (int round = 0; round < 300; round++) {
            Trees trees = new Trees();
            int count = 1 + random.nextInt(9);
            String[] names = new String[count];
            for (int i = 0; i < count; i++) {
                names[i] = "b" + i;
                switch (random.nextInt(3)) {
                    case 0 -> trees.target(names[i]);
                    case 1 -> trees.daemon(names[i]);
                    default -> trees.lazy(names[i]);
                }
            }
            for (int links = random.nextInt(2 * count); links > 0; links--) {
                trees.link(names[random.nextInt(count)], kinds[random.nextInt(5)], names[random.nextInt(count)]);
            }
            Drawing drawing = drawing(trees.relations(), random.nextBoolean(), random.nextBoolean(), names);
            Read dot = readDot(Dot.of(drawing));
            Read mermaid = readMermaid(Mermaid.of(drawing));
            assertThat(mermaid.labels.values())
                    .as("seed %s", seed)
                    .containsExactlyInAnyOrderElementsOf(dot.labels.values());
            assertThat(mermaid.arrows).as("seed %s", seed).hasSameSizeAs(dot.arrows);
        }
    }
}

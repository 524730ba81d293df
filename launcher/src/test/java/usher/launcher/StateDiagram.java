package usher.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import usher.launcher.Life.Phase;
import usher.launcher.Simulation.Passage;

/** The diagram of docs/life-of-a-bundle.md, compared with what happens. */
final class StateDiagram {
    private static final Path FILE = Path.of("../docs/life-of-a-bundle.md");
    private static final Pattern ARROW = Pattern.compile("^ +([A-Z]+) --> ([A-Z]+):");

    /** One event may bring a bundle there and on. */
    private static final Set<Phase> PASSED_OVER =
            EnumSet.of(Phase.CLEANING, Phase.UNDOING, Phase.DOWN, Phase.DOOMED, Phase.STOPPING);

    /** Random trees have no bundle that cannot be read. */
    private static final Passage UNREADABLE = new Passage(Phase.DOWN, Phase.FAILED);

    private final Set<Passage> drawn = new HashSet<>();

    StateDiagram() {
        try {
            for (String line : Files.readAllLines(FILE)) {
                Matcher arrow = ARROW.matcher(line);
                if (arrow.find()) {
                    drawn.add(new Passage(Phase.valueOf(arrow.group(1)), Phase.valueOf(arrow.group(2))));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whatever was seen is drawn. */
    void assertHolds(Set<Passage> seen) {
        assertThat(seen).as("what happens is in %s", FILE).allMatch(passage -> leads(passage.from(), passage.to()));
    }

    /** Whatever is drawn was seen. */
    void assertHappens(Set<Passage> seen) {
        Set<Passage> unseen = new HashSet<>(drawn);
        unseen.remove(UNREADABLE);
        unseen.removeAll(seen);
        assertThat(unseen).as("is in %s, and does not happen", FILE).isEmpty();
    }

    private boolean leads(Phase from, Phase to) {
        Set<Phase> passed = EnumSet.noneOf(Phase.class);
        ArrayDeque<Phase> open = new ArrayDeque<>(Set.of(from));
        while (!open.isEmpty()) {
            Phase at = open.remove();
            if (drawn.contains(new Passage(at, to))) {
                return true;
            }
            for (Phase next : PASSED_OVER) {
                if (drawn.contains(new Passage(at, next)) && passed.add(next)) {
                    open.add(next);
                }
            }
        }
        return false;
    }
}

package usher.launcher;

import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import usher.bundles.Relation;
import usher.bundles.Service;
import usher.bundles.Service.Script;

/** A tree of two to a dozen bundles of every kind, with links at random, volumes, cycles and conflicts among them. */
final class RandomTrees {
    private RandomTrees() {}

    static Trees tree(Random random) {
        Trees trees = new Trees();
        int count = 2 + random.nextInt(11);
        for (int i = 0; i < count; i++) {
            trees.add("b" + i, kind(random));
        }
        Relation[] relations = {
            Relation.WANTS,
            Relation.WANTS,
            Relation.REQUIRES,
            Relation.REQUIRES,
            Relation.AFTER,
            Relation.AFTER,
            Relation.BEFORE,
            Relation.LOG,
            Relation.CONFLICTS
        };
        Map<String, Relation> seen = new HashMap<>();
        for (int i = random.nextInt(3 * count); i > 0; i--) {
            int from = random.nextInt(count);
            int to = random.nextInt(count);
            boolean mayCycle = random.nextInt(12) == 0;
            if (from != to && (mayCycle || from > to)) {
                Relation relation = relations[random.nextInt(relations.length)];
                if (relation == Relation.BEFORE && !mayCycle) {
                    int swap = from;
                    from = to;
                    to = swap;
                }
                if (seen.put(from + ">" + to + relation, relation) == null) {
                    trees.link("b" + from, relation, "b" + to);
                }
            }
        }
        for (int lower = random.nextInt(count), upper = random.nextInt(count); lower < upper; lower++) {
            if (trees.isOneShot("b" + lower)) {
                trees.listensBelow("b" + upper, "b" + lower);
            }
        }
        return trees;
    }

    /**
     * Somebody edits the files of a bundle: sockets come and go and swap their names, other settings change. What lies on a
     * volume stays there, since the orders that are judged are those of the beginning.
     */
    static void edit(Trees trees, Random random) {
        String name = "b" + random.nextInt(trees.size());
        trees.edit(
                name,
                kind -> new Trees.Kind(
                        kind.scripts(),
                        kind.sockets() == 0 ? 0 : 1 + random.nextInt(Trees.MOST_SOCKETS),
                        trees.isOnVolume(name) ? 0 : random.nextInt(Trees.MOST_SOCKETS),
                        kind.accept(),
                        kind.room(),
                        kind.eager(),
                        random.nextBoolean(),
                        timeouts(random),
                        kind.idle()));
    }

    private static Trees.Kind kind(Random random) {
        if (random.nextInt(7) == 0) {
            return new Trees.Kind(Set.of(), 0, 0, false, 0, false, false, Trees.TIMEOUTS, Optional.empty());
        }
        Set<Script> scripts = EnumSet.noneOf(Script.class);
        for (Script script : Script.values()) {
            if (random.nextInt(4) == 0) {
                scripts.add(script);
            }
        }
        int sockets = random.nextInt(3) == 0 ? 1 + random.nextInt(2) : 0;
        if (sockets > 0 || random.nextInt(4) > 0 || scripts.isEmpty()) {
            scripts.add(Script.RUN);
        } else {
            scripts.add(Script.START);
        }
        boolean accept = sockets > 0 && random.nextInt(3) == 0;
        return new Trees.Kind(
                scripts,
                sockets,
                0,
                accept,
                1 + random.nextInt(3),
                random.nextInt(4) == 0,
                random.nextInt(3) == 0,
                timeouts(random),
                random.nextInt(3) == 0 ? Optional.of(Duration.ofSeconds(1)) : Optional.empty());
    }

    private static Service.Timeouts timeouts(Random random) {
        return random.nextBoolean() ? Trees.TIMEOUTS : Service.Timeouts.DEFAULT;
    }
}

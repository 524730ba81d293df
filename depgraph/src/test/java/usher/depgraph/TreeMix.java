package usher.depgraph;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * Draws a tree, the same for the same seed. Orders lead from a lower to a higher place, so that there is no cycle unless
 * it is meant; each kind of trouble is in the trees that drew it only, so that it also meets trees that are sound
 * otherwise.
 */
final class TreeMix {
    private final Random random;
    private final long seed;
    private final List<String> names = new ArrayList<>();
    private final Map<String, Set<String>> entries = new TreeMap<>();
    /** Bundles from this place on are asked for by nobody. */
    private final int strangers;

    private TreeMix(long seed) {
        this.seed = seed;
        // The first numbers of neighbouring seeds are much alike.
        random = new Random(new SplittableRandom(seed).nextLong());
        int size = 4 + random.nextInt(8);
        for (int i = 0; i < size; i++) {
            names.add("b" + i);
        }
        Collections.shuffle(names, random);
        names.forEach(this::entries);
        strangers = size - random.nextInt(3);
    }

    static DrawnTree draw(long seed) {
        return new TreeMix(seed).draw();
    }

    private DrawnTree draw() {
        boolean targets = chance(60);
        boolean sockets = chance(65);
        names.forEach(name -> kind(name, targets, sockets));
        for (int place = 0; place < names.size(); place++) {
            for (int links = random.nextInt(4); links > 0; links--) {
                link(place);
            }
        }
        String asked = asked();
        repeat(45, this::contradict);
        repeat(45, this::conflict);
        repeat(50, this::close);
        if (chance(8)) {
            String relation = List.of("wants", "after", "before", "requires").get(random.nextInt(4));
            add(any(names.size()), relation, DrawnTree.NOBODY);
        }
        Map<String, List<String>> drawn = new TreeMap<>();
        entries.forEach((name, what) -> drawn.put(name, List.copyOf(what)));
        return new DrawnTree(seed, asked, chance(50), drawn);
    }

    private boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    private void repeat(int percent, Runnable trouble) {
        int times = chance(percent) ? 1 + random.nextInt(3) : 0;
        for (int i = 0; i < times; i++) {
            trouble.run();
        }
    }

    private String any(int below) {
        return names.get(random.nextInt(below));
    }

    private Set<String> entries(String name) {
        return entries.computeIfAbsent(name, n -> new LinkedHashSet<>());
    }

    private boolean is(String name, String entry) {
        return entries(name).contains(entry);
    }

    private void add(String name, String relation, String to) {
        if (!name.equals(to)) {
            entries(name).add(relation + "/" + to);
        }
    }

    private void kind(String name, boolean targets, boolean sockets) {
        Set<String> what = entries(name);
        if (targets && chance(30)) {
            what.add("target");
        } else if (sockets && chance(45)) {
            what.add("sockets/s0");
            if (chance(25)) {
                what.add("sockets/s1");
            }
            if (chance(35)) {
                what.add("eager");
            }
        } else if (chance(15)) {
            what.add("eager");
        }
    }

    /** A link by which what is at a lower place comes first. */
    private void link(int place) {
        if (place == 0) {
            return;
        }
        String name = names.get(place);
        String first = any(Math.min(place, strangers));
        switch (random.nextInt(9)) {
            case 0, 1, 2 -> take(name, first);
            case 3, 4 -> add(name, "after", any(place));
            case 5 -> add(any(place), "before", name);
            case 6 -> {
                if (!is(name, "target")) {
                    add(name, "wants", any(strangers));
                }
            }
            default -> add(name, "wants", first);
        }
    }

    /** A link by which {@code name} takes {@code first} in and comes after it. */
    private void take(String name, String first) {
        int kind = random.nextInt(3);
        if (kind == 0 && is(first, "sockets/s0")) {
            add(name, "connects", first);
        } else if (kind == 1 && !is(first, "target") && noneOf(name, "log/")) {
            add(name, "log", first);
        } else if (kind == 2 && is(name, "target")) {
            add(name, "wants", first);
        } else {
            add(name, "requires", first);
        }
    }

    private boolean noneOf(String name, String prefix) {
        return entries(name).stream().noneMatch(entry -> entry.startsWith(prefix));
    }

    /** The lower takes the higher in, and an explicit link says that it comes first all the same. */
    private void contradict() {
        if (strangers > 1) {
            int high = 1 + random.nextInt(strangers - 1);
            String lower = any(high);
            String higher = names.get(high);
            take(lower, higher);
            if (chance(50)) {
                add(lower, "before", higher);
            } else {
                add(higher, "after", lower);
            }
        }
    }

    private void conflict() {
        String other = chance(60) ? names.get(names.size() - 1) : any(names.size());
        add(any(strangers), "conflicts", other);
    }

    /** Closes a ring: of two to four bundles after each other, or of one order back. */
    private void close() {
        if (chance(7)) {
            String name = any(strangers);
            entries(name).add("after/" + name);
        } else if (chance(50)) {
            int size = 2 + random.nextInt(3);
            String first = any(strangers);
            String last = first;
            for (int i = 1; i < size; i++) {
                String next = any(strangers);
                add(next, "after", last);
                last = next;
            }
            add(first, "after", last);
        } else {
            take(any(strangers), any(strangers));
            add(any(strangers), chance(50) ? "after" : "before", any(strangers));
        }
    }

    /** A bundle over all, or one of the others. */
    private String asked() {
        if (chance(25)) {
            return names.get(strangers - 1);
        }
        Set<String> what = new LinkedHashSet<>();
        if (chance(60)) {
            what.add("target");
        }
        for (String name : names.subList(0, strangers)) {
            if (chance(75)) {
                what.add((chance(30) ? "requires/" : "wants/") + name);
            }
        }
        entries.put("top", what);
        return "top";
    }
}

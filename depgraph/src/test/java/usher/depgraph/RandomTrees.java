package usher.depgraph;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Trees of every kind of trouble, the same for the same seed. */
final class RandomTrees {
    private RandomTrees() {}

    static Tree tree(long seed) {
        Random random = new Random(seed);
        Tree tree = new Tree();
        int size = 2 + random.nextInt(12);
        boolean acyclic = random.nextInt(3) == 0;
        for (int i = 0; i < size; i++) {
            List<String> what = new ArrayList<>();
            int links = random.nextInt(5);
            for (int k = 0; k < links; k++) {
                what.add(link(random, acyclic ? i : size));
            }
            kind(tree, i, what, random);
        }
        return tree;
    }

    private static String link(Random random, int below) {
        String to = below == 0 || random.nextInt(40) == 0 ? "nosuch" : name(random.nextInt(below));
        return switch (random.nextInt(12)) {
            case 0, 1, 2 -> "wants/" + to;
            case 3, 4, 5 -> "requires/" + to;
            case 6, 7, 8 -> "after/" + to;
            case 9 -> random.nextInt(3) == 0 ? "before/" + to : "after/" + to;
            case 10 -> random.nextInt(3) == 0 ? "conflicts/" + to : "wants/" + to;
            default -> random.nextInt(2) == 0 ? "log -> " + to : "connects/" + to + "=" + port(to);
        };
    }

    private static void kind(Tree tree, int i, List<String> what, Random random) {
        String name = name(i);
        switch (random.nextInt(8)) {
            case 0 -> tree.target(name, what.toArray(new String[0]));
            case 1, 2 -> {
                what.add("sockets/s=" + port(name));
                tree.bundle(name, what.toArray(new String[0]));
            }
            case 3 -> {
                what.add("sockets/s=" + port(name));
                what.add("eager");
                tree.bundle(name, what.toArray(new String[0]));
            }
            case 4 -> {
                what.add(random.nextBoolean() ? "service/mount=/m" : "sockets/u=/m/" + name);
                if (random.nextInt(3) == 0) {
                    what.add("service/directory=/m/x");
                }
                if (random.nextInt(8) == 0) {
                    what.add("broken");
                }
                tree.bundle(name, what.toArray(new String[0]));
            }
            default -> tree.bundle(name, what.toArray(new String[0]));
        }
    }

    private static String name(int i) {
        return "b" + i;
    }

    private static int port(String name) {
        return 1000 + Math.abs(name.hashCode() % 1000);
    }
}

package usher.depgraph;

import java.util.BitSet;

/** The members of a set of numbers. */
final class Numbers {
    private Numbers() {}

    /** In ascending order. */
    static int[] of(BitSet set) {
        int[] numbers = new int[set.cardinality()];
        int count = 0;
        for (int number = set.nextSetBit(0); number >= 0; number = set.nextSetBit(number + 1)) {
            numbers[count++] = number;
        }
        return numbers;
    }
}

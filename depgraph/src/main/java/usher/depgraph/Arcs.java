package usher.depgraph;

import java.util.Arrays;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * Labelled arcs among the vertices 0 to n-1, parallel ones and loops included: immutable, indexed from both ends. Arcs
 * are numbered by tail, then head, then label; {@link #in} lists those into a vertex by tail.
 */
final class Arcs<T> {
    private final int[] firstOut;
    private final int[] tail;
    private final int[] head;
    private final Object[] label;
    private final int[] firstIn;
    private final int[] in;

    private Arcs(int[] firstOut, int[] tail, int[] head, Object[] label, int[] firstIn, int[] in) {
        this.firstOut = firstOut;
        this.tail = tail;
        this.head = head;
        this.label = label;
        this.firstIn = firstIn;
        this.in = in;
    }

    int vertices() {
        return firstOut.length - 1;
    }

    int size() {
        return head.length;
    }

    /** The first arc out of {@code vertex}; those up to {@link #outEnd} leave it too. */
    int outStart(int vertex) {
        return firstOut[vertex];
    }

    int outEnd(int vertex) {
        return firstOut[vertex + 1];
    }

    /** The first place in the list of arcs into {@code vertex}, to be read with {@link #in}. */
    int inStart(int vertex) {
        return firstIn[vertex];
    }

    int inEnd(int vertex) {
        return firstIn[vertex + 1];
    }

    int in(int place) {
        return in[place];
    }

    int tail(int arc) {
        return tail[arc];
    }

    int head(int arc) {
        return head[arc];
    }

    @SuppressWarnings("unchecked") // only add() fills it
    T label(int arc) {
        return (T) label[arc];
    }

    /** The first of the arcs from one vertex to another, or -1. */
    int find(int from, int to) {
        int low = firstOut[from];
        int high = firstOut[from + 1];
        int end = high;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (head[middle] < to) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low < end && head[low] == to ? low : -1;
    }

    boolean has(int from, int to) {
        return find(from, to) >= 0;
    }

    /** Collects arcs in any order. */
    static final class Builder<T> {
        private int size;
        private int[] tail = new int[16];
        private int[] head = new int[16];
        private @Nullable Object[] label = new @Nullable Object[16];

        int size() {
            return size;
        }

        int tail(int i) {
            return tail[i];
        }

        int head(int i) {
            return head[i];
        }

        @SuppressWarnings("unchecked") // only add() fills it
        T label(int i) {
            return (T) java.util.Objects.requireNonNull(label[i]);
        }

        void add(int from, int to, T what) {
            if (size == tail.length) {
                grow(size * 2);
            }
            tail[size] = from;
            head[size] = to;
            label[size++] = what;
        }

        private void grow(int room) {
            tail = Arrays.copyOf(tail, room);
            head = Arrays.copyOf(head, room);
            label = Arrays.copyOf(label, room);
        }

        void addAll(Builder<T> others) {
            int sum = size + others.size;
            if (sum > tail.length) {
                grow(sum);
            }
            System.arraycopy(others.tail, 0, tail, size, others.size);
            System.arraycopy(others.head, 0, head, size, others.size);
            System.arraycopy(others.label, 0, label, size, others.size);
            size = sum;
        }

        /** The arcs among {@code n} vertices; {@code parallel} orders those that share both ends. */
        Arcs<T> build(int n, Comparator<? super T> parallel) {
            int[] byHead = sorted(n, head, null);
            int[] order = sorted(n, tail, byHead);
            int[] tails = new int[size];
            int[] heads = new int[size];
            Object[] labels = new Object[size];
            for (int i = 0; i < size; i++) {
                tails[i] = tail[order[i]];
                heads[i] = head[order[i]];
                labels[i] = java.util.Objects.requireNonNull(label[order[i]]);
            }
            sortParallels(tails, heads, labels, parallel);
            int[] firstIn = starts(n, heads);
            int[] in = new int[size];
            int[] next = Arrays.copyOf(firstIn, n);
            for (int arc = 0; arc < size; arc++) {
                in[next[heads[arc]]++] = arc;
            }
            return new Arcs<>(starts(n, tails), tails, heads, labels, firstIn, in);
        }

        /** A stable counting sort of {@code places} (absent: all, as they stand) by key. */
        private int[] sorted(int n, int[] key, int @Nullable [] places) {
            int[] next = starts(n, key);
            int[] sorted = new int[size];
            for (int i = 0; i < size; i++) {
                int place = places == null ? i : places[i];
                sorted[next[key[place]]++] = place;
            }
            return sorted;
        }

        private int[] starts(int n, int[] key) {
            int[] starts = new int[n + 1];
            for (int i = 0; i < size; i++) {
                starts[key[i] + 1]++;
            }
            for (int v = 0; v < n; v++) {
                starts[v + 1] += starts[v];
            }
            return starts;
        }

        @SuppressWarnings("unchecked") // only add() fills it
        private void sortParallels(int[] tails, int[] heads, Object[] labels, Comparator<? super T> order) {
            int start = 0;
            for (int i = 1; i <= size; i++) {
                if (i == size || tails[i] != tails[start] || heads[i] != heads[start]) {
                    if (i - start > 1) {
                        Arrays.sort((T[]) labels, start, i, order);
                    }
                    start = i;
                }
            }
        }
    }
}

package usher.depgraph;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Work on many bundles in equal shares, one for each processor; work on few is one share, and no thread is asked. */
final class Shares {
    /** From so many on, all processors are asked. */
    private static final int MANY = 20_000;

    private Shares() {}

    /** How many shares so many bundles are worth. */
    static int of(int bundles) {
        return bundles < MANY ? 1 : Runtime.getRuntime().availableProcessors();
    }

    /** Has the work done, beside what its caller does next if it is of so many bundles. */
    static <T> Supplier<T> beside(int bundles, Supplier<T> work) {
        CompletableFuture<T> result =
                bundles < MANY ? CompletableFuture.completedFuture(work.get()) : CompletableFuture.supplyAsync(work);
        return result::join;
    }

    /** What {@code work} makes of each of the shares, in their order. */
    static <T> List<T> each(int shares, IntFunction<T> work) {
        return shares == 1
                ? List.of(work.apply(0))
                : IntStream.range(0, shares).parallel().mapToObj(work).collect(Collectors.toList());
    }
}

package usher.activation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import usher.activation.posix.Descriptor;
import usher.activation.posix.Descriptors;

/**
 * A few descriptors with low numbers, kept from the beginning, which lead nowhere but while a process is made. A child needs a
 * copy of its parent's table only up to the highest number that it takes something from, so what it takes is lent such
 * numbers where thousands are open.
 */
final class LowNumbers implements AutoCloseable {
    private static final int COUNT = 4;

    private final Descriptor nowhere;
    private final List<Descriptor> numbers = new ArrayList<>();
    private @Nullable PendingSpawn borrower;

    /** As many as there are to be had. */
    LowNumbers(Descriptor nowhere) {
        this.nowhere = nowhere;
        int number = 0;
        while (numbers.size() < COUNT && number >= 0) {
            number = Descriptors.duplicate(nowhere.number(), 3);
            if (number >= 0) {
                numbers.add(Descriptor.own(number));
            }
        }
    }

    /** What a child gets under which number, each source by the low number that {@link #lend} gives it, if there are enough. */
    Optional<Map<Integer, Descriptor>> inPlaceOf(Map<Integer, Descriptor> wanted) {
        Map<Descriptor, Descriptor> places = new HashMap<>();
        Map<Integer, Descriptor> all = new HashMap<>();
        List<Descriptor> sources = sources(wanted);
        if (sources.size() > numbers.size()) {
            return Optional.empty();
        }
        for (Descriptor source : sources) {
            places.put(source, numbers.get(places.size()));
        }
        wanted.forEach((number, source) -> all.put(number, places.get(source)));
        return Optional.of(all);
    }

    /** Until {@link #takeBack}, when nobody else has them any more; an error number negated, or something else. */
    int lend(Map<Integer, Descriptor> wanted) {
        if (borrower != null) {
            borrower.await();
            borrower = null;
        }
        int result = 0;
        List<Descriptor> sources = sources(wanted);
        for (int i = 0; i < sources.size() && result >= 0; i++) {
            result = Descriptors.duplicateTo(
                    sources.get(i).number(), numbers.get(i).number());
        }
        return result;
    }

    /** Who takes them back once it is over. */
    void areLentTo(PendingSpawn process) {
        borrower = process;
    }

    void takeBack(Map<Integer, Descriptor> wanted) {
        for (int i = 0; i < sources(wanted).size(); i++) {
            Descriptors.duplicateTo(nowhere.number(), numbers.get(i).number());
        }
    }

    /** Each once, in the order of the numbers that they are wanted for. */
    private static List<Descriptor> sources(Map<Integer, Descriptor> wanted) {
        return wanted.keySet().stream().sorted().map(wanted::get).distinct().toList();
    }

    @Override
    public void close() {
        numbers.forEach(Descriptor::close);
    }
}

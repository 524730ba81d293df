package usher.activation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
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

    /** For processes that get these descriptors under these numbers; nothing if there are not enough low ones. */
    Optional<Loan> loan(Map<Integer, Descriptor> wanted) {
        List<Descriptor> sources = List.copyOf(new LinkedHashSet<>(new TreeMap<>(wanted).values()));
        return sources.size() > numbers.size() ? Optional.empty() : Optional.of(new Loan(wanted, sources));
    }

    /** Low numbers for what one process takes; one loan at a time. */
    final class Loan {
        private final Map<Integer, Descriptor> wanted;
        /** Each once; the first has the first low number, and so on. */
        private final List<Descriptor> sources;

        private Loan(Map<Integer, Descriptor> wanted, List<Descriptor> sources) {
            this.wanted = wanted;
            this.sources = sources;
        }

        /** What a child gets under which number, each source by its low number. */
        Map<Integer, Descriptor> descriptors() {
            Map<Integer, Descriptor> all = new HashMap<>();
            wanted.forEach((number, source) -> all.put(number, numbers.get(sources.indexOf(source))));
            return all;
        }

        /** Until it is {@linkplain #end ended}, when nobody else has any; an error number negated, or something else. */
        int begin() {
            if (borrower != null) {
                borrower.await();
                borrower = null;
            }
            int result = 0;
            for (int i = 0; i < sources.size() && result >= 0; i++) {
                result = Descriptors.duplicateTo(
                        sources.get(i).number(), numbers.get(i).number());
            }
            return result;
        }

        /** Who ends it once it is over. */
        void isFor(PendingSpawn process) {
            borrower = process;
        }

        void end() {
            for (int i = 0; i < sources.size(); i++) {
                Descriptors.duplicateTo(nowhere.number(), numbers.get(i).number());
            }
        }
    }

    @Override
    public void close() {
        numbers.forEach(Descriptor::close);
    }
}

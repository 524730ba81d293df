package usher.activation.posix;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Which of our descriptors a child gets under which number. A source that lies among the targets could be overwritten
 * by an earlier duplication, so those are first duplicated to above the highest target, for as long as this is open.
 */
public final class DescriptorPlan implements AutoCloseable {
    private final SortedMap<Integer, Integer> sourceByTarget = new TreeMap<>();
    private final List<Descriptor> moved = new ArrayList<>();

    /** Plans for these sources by target; throws if the process is out of descriptors. */
    public DescriptorPlan(Map<Integer, Descriptor> descriptors) {
        int highest = 2;
        for (int target : descriptors.keySet()) {
            highest = Math.max(highest, target);
        }
        try {
            for (Map.Entry<Integer, Descriptor> entry : descriptors.entrySet()) {
                int source = entry.getValue().number();
                boolean safe = source > highest || source == entry.getKey() || !descriptors.containsKey(source);
                sourceByTarget.put(entry.getKey(), safe ? source : moveAbove(highest, source));
            }
        } catch (PosixException full) {
            close();
            throw full;
        }
    }

    private int moveAbove(int highest, int source) {
        int result = Descriptors.duplicate(source, highest + 1);
        Descriptor copy = Descriptor.own(result, "duplicate descriptor", source);
        moved.add(copy);
        return copy.number();
    }

    /** Whether this is the plan for any other descriptors of the same numbers, too. */
    public boolean holdsForNumbers() {
        return moved.isEmpty();
    }

    /** The highest number that anything is taken from; -1 if nothing is. */
    int highestSource() {
        int highest = -1;
        for (int source : sourceByTarget.values()) {
            highest = Math.max(highest, source);
        }
        return highest;
    }

    /** Duplications first, then everything else is closed: what lies between the targets, and all above. */
    void addTo(DescriptorActions actions) {
        sourceByTarget.forEach((target, source) -> actions.duplicate(source, target));
        int highest = sourceByTarget.isEmpty() ? -1 : sourceByTarget.lastKey();
        for (int fd = 0; fd < highest; fd++) {
            if (!sourceByTarget.containsKey(fd)) {
                actions.close(fd);
            }
        }
        actions.closeFrom(highest + 1);
    }

    @Override
    public void close() {
        moved.forEach(Descriptor::close);
        moved.clear();
    }
}

package usher.launcher;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import usher.bundles.Bundle;

/**
 * Records as values of a {@link StateFile}. What their classes are made of is written once, and so is every bundle's
 * definition, for as long as a value refers to it.
 */
final class Records {
    private static final String CLASS = "class/";
    private static final String BUNDLE = "bundle/";

    private final StateFile file;
    private final RecordWriter writer;
    private final RecordReader reader;
    private final Map<Class<?>, Integer> classes = new HashMap<>();
    private final IdentityHashMap<Bundle, Integer> numbers = new IdentityHashMap<>();
    private final Map<Integer, Bundle> bundles = new HashMap<>();
    private final Map<Integer, Integer> uses = new HashMap<>();
    private final Map<String, Set<Integer>> usedBy = new HashMap<>();
    private Set<Integer> used = new TreeSet<>();
    private int lastClass;
    private int lastBundle;

    Records(StateFile file) {
        this.file = file;
        this.writer = new RecordWriter(this::number);
        this.reader = new RecordReader(
                number -> new String(Objects.requireNonNull(file.get(CLASS + number)), StandardCharsets.UTF_8),
                this::bundle);
        writer.share(Bundle.class, this::number);
        file.forEach(CLASS, (number, description) -> lastClass = Math.max(lastClass, Integer.parseInt(number)));
        file.forEach(BUNDLE, (number, bytes) -> lastBundle = Math.max(lastBundle, Integer.parseInt(number)));
    }

    /** Classes are described anew by every launcher, as its own build has them. */
    private int number(Class<?> type) {
        return classes.computeIfAbsent(type, unknown -> {
            file.put(CLASS + ++lastClass, RecordWriter.describe(type).getBytes(StandardCharsets.UTF_8));
            return lastClass;
        });
    }

    private int number(Bundle bundle) {
        Integer number = numbers.get(bundle);
        if (number == null) {
            number = ++lastBundle;
            numbers.put(bundle, number);
            bundles.put(number, bundle);
            file.put(BUNDLE + number, writer.writeWhole(bundle));
        }
        used.add(number);
        return number;
    }

    private Object bundle(int number) {
        Bundle known = bundles.get(number);
        if (known == null) {
            Bundle read = reader.read(Objects.requireNonNull(file.get(BUNDLE + number)), Bundle.class);
            known = read;
            bundles.put(number, read);
            numbers.put(read, number);
        }
        used.add(number);
        return known;
    }

    byte[] write(Object value) {
        return writer.write(value);
    }

    <T> T read(byte[] bytes, Class<T> type) {
        return reader.read(bytes, type);
    }

    <T> List<T> all(String prefix, Class<T> type) {
        List<T> all = new ArrayList<>();
        file.forEach(prefix, (name, bytes) -> {
            used = new TreeSet<>();
            all.add(read(bytes, type));
            use(prefix + name, used);
        });
        return all;
    }

    void put(String name, Object value) {
        used = new TreeSet<>();
        file.put(name, write(value));
        use(name, used);
    }

    void remove(String name) {
        file.remove(name);
        use(name, Set.of());
    }

    private void use(String name, Set<Integer> now) {
        now.forEach(number -> uses.merge(number, 1, Integer::sum));
        Set<Integer> before = now.isEmpty() ? usedBy.remove(name) : usedBy.put(name, now);
        if (before != null) {
            before.forEach(this::release);
        }
    }

    private void release(Integer number) {
        if (uses.merge(number, -1, Integer::sum) <= 0) {
            uses.remove(number);
            file.remove(BUNDLE + number);
            Bundle bundle = bundles.remove(number);
            if (bundle != null) {
                numbers.remove(bundle);
            }
        }
    }

    void clear() {
        classes.clear();
        numbers.clear();
        bundles.clear();
        uses.clear();
        usedBy.clear();
    }
}

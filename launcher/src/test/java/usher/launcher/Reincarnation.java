package usher.launcher;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import usher.bundles.Bundle;

/** An engine as the launcher after a killed one has it: made of what was written down of the one before. */
final class Reincarnation {
    private final Map<Class<?>, Integer> classes = new HashMap<>();
    private final Map<Integer, String> descriptions = new HashMap<>();
    private final IdentityHashMap<Bundle, Integer> numbers = new IdentityHashMap<>();
    private final List<Bundle> bundles = new ArrayList<>();
    private final RecordWriter writer = new RecordWriter(this::number);
    private final RecordReader reader =
            new RecordReader(number -> Objects.requireNonNull(descriptions.get(number)), bundles::get);

    private Reincarnation() {
        writer.share(Bundle.class, this::number);
    }

    static Engine of(Engine engine) {
        Reincarnation between = new Reincarnation();
        List<Life> lives = new ArrayList<>();
        engine.lives().forEach(life -> lives.add(between.pass(life, Life.class)));
        List<OperationImage> operations = new ArrayList<>();
        for (Operation operation : engine.operations().startsInFlight()) {
            operations.add(between.pass(OperationImage.of(operation), OperationImage.class));
        }
        for (Operation operation : engine.operations().stopsInFlight()) {
            operations.add(between.pass(OperationImage.of(operation), OperationImage.class));
        }
        Engine next = new Engine(engine.relations());
        next.restore(lives, operations, engine.shutdownJob());
        return next;
    }

    private <T> T pass(T value, Class<T> type) {
        T read = reader.read(writer.write(value), type);
        if (!read.equals(value)) {
            throw new AssertionError(value + " was written, and read as " + read);
        }
        return read;
    }

    private int number(Class<?> type) {
        return classes.computeIfAbsent(type, unknown -> {
            descriptions.put(classes.size(), RecordWriter.describe(type));
            return descriptions.size() - 1;
        });
    }

    private int number(Bundle bundle) {
        return numbers.computeIfAbsent(bundle, unknown -> {
            bundles.add(bundle);
            return bundles.size() - 1;
        });
    }
}

package usher.launcher;

import java.lang.reflect.Constructor;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Reads what {@link RecordWriter} wrote, perhaps one of another build: a component that a record has not had then is
 * empty, zero or false, and one that it has no more is passed over.
 */
final class RecordReader {
    /** What was read, before it is known what it is wanted as. */
    private record Raw(int kind, long number, ByteBuffer bytes, List<@Nullable Raw> parts) {
        String text() {
            return StandardCharsets.UTF_8.decode(bytes.duplicate()).toString();
        }
    }

    /** A class and the names of its components when it was written. */
    private record Shape(Class<?> type, List<String> components) {}

    private static final ByteBuffer NONE = ByteBuffer.allocate(0);

    private final IntFunction<String> descriptions;
    private final IntFunction<Object> shared;
    private final Map<Integer, Shape> shapes = new HashMap<>();

    /** What every number stands for: of a class, as {@link RecordWriter#describe} says, and of what is kept elsewhere. */
    RecordReader(IntFunction<String> descriptions, IntFunction<Object> shared) {
        this.descriptions = descriptions;
        this.shared = shared;
    }

    /** The value, of that class or one that implements it; throws {@link IllegalArgumentException} if it is none. */
    <T> T read(byte[] bytes, Class<T> type) {
        Raw raw = raw(ByteBuffer.wrap(bytes));
        Object value = raw == null ? null : value(raw, type);
        if (value == null) {
            throw new IllegalArgumentException("nothing is recorded where there should be a " + type);
        }
        return type.cast(value);
    }

    private static @Nullable Raw raw(ByteBuffer in) {
        int kind = in.get();
        return switch (kind) {
            case RecordWriter.ABSENT -> null;
            case RecordWriter.FALSE, RecordWriter.TRUE -> new Raw(kind, 0, NONE, List.of());
            case RecordWriter.NUMBER, RecordWriter.SHARED -> new Raw(kind, number(in), NONE, List.of());
            case RecordWriter.TEXT, RecordWriter.BYTES -> new Raw(kind, 0, bytes(in), List.of());
            case RecordWriter.ENUM -> new Raw(kind, number(in), bytes(in), List.of());
            case RecordWriter.LIST -> new Raw(kind, 0, NONE, parts(in, number(in)));
            case RecordWriter.MAP -> new Raw(kind, 0, NONE, parts(in, 2 * number(in)));
            case RecordWriter.RECORD -> new Raw(kind, number(in), NONE, parts(in, number(in)));
            default -> throw new IllegalArgumentException("no kind of value: " + kind);
        };
    }

    private static List<@Nullable Raw> parts(ByteBuffer in, long count) {
        List<@Nullable Raw> parts = new ArrayList<>((int) count);
        for (long i = 0; i < count; i++) {
            parts.add(raw(in));
        }
        return parts;
    }

    private static ByteBuffer bytes(ByteBuffer in) {
        byte[] bytes = new byte[(int) number(in)];
        in.get(bytes);
        return ByteBuffer.wrap(bytes);
    }

    private static long number(ByteBuffer in) {
        long rest = 0;
        int shift = 0;
        byte next;
        do {
            next = in.get();
            rest |= (long) (next & 0x7f) << shift;
            shift += 7;
        } while (next < 0);
        return (rest >>> 1) ^ -(rest & 1);
    }

    private @Nullable Object value(@Nullable Raw raw, Type wanted) {
        Class<?> type = rawClass(wanted);
        if (type == Optional.class) {
            return raw == null ? Optional.empty() : Optional.ofNullable(value(raw, argument(wanted, 0)));
        }
        if (raw == null) {
            return nothing(type);
        }
        return switch (raw.kind()) {
            case RecordWriter.FALSE -> false;
            case RecordWriter.TRUE -> true;
            case RecordWriter.NUMBER -> number(raw.number(), type);
            case RecordWriter.TEXT -> text(raw.text(), type);
            case RecordWriter.BYTES -> raw.bytes().asReadOnlyBuffer();
            case RecordWriter.ENUM -> constant(raw);
            case RecordWriter.SHARED -> shared.apply((int) raw.number());
            case RecordWriter.LIST -> list(raw, type, argument(wanted, 0));
            case RecordWriter.MAP -> map(raw, wanted);
            default -> record(raw);
        };
    }

    /** What stands for a value that is not there. */
    private static @Nullable Object nothing(Class<?> type) {
        if (type == boolean.class) {
            return false;
        }
        if (type == OptionalInt.class) {
            return OptionalInt.empty();
        }
        if (type == OptionalLong.class) {
            return OptionalLong.empty();
        }
        if (type == int.class) {
            return 0;
        }
        if (type == long.class) {
            return 0L;
        }
        if (type == String.class) {
            return "";
        }
        return type == Map.class
                ? Map.of()
                : type == java.util.Set.class ? java.util.Set.of() : type == List.class ? List.of() : null;
    }

    private static Object number(long number, Class<?> type) {
        if (type == OptionalInt.class) {
            return OptionalInt.of((int) number);
        }
        if (type == OptionalLong.class) {
            return OptionalLong.of(number);
        }
        boolean small = type == int.class || type == Integer.class;
        return small ? (Object) (int) number : (Object) number;
    }

    private static Object text(String text, Class<?> type) {
        return type == Path.class ? Path.of(text) : type == Duration.class ? Duration.parse(text) : text;
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private Object constant(Raw raw) {
        return Enum.valueOf((Class) shape(raw).type(), raw.text());
    }

    private Object list(Raw raw, Class<?> type, Type of) {
        List<@Nullable Object> values = new ArrayList<>(raw.parts().size());
        raw.parts().forEach(part -> values.add(value(part, of)));
        return java.util.Set.class.isAssignableFrom(type) ? new LinkedHashSet<>(values) : values;
    }

    private Object map(Raw raw, Type wanted) {
        Map<@Nullable Object, @Nullable Object> values = new LinkedHashMap<>();
        for (int i = 0; i < raw.parts().size(); i += 2) {
            values.put(
                    value(raw.parts().get(i), argument(wanted, 0)),
                    value(raw.parts().get(i + 1), argument(wanted, 1)));
        }
        return values;
    }

    private Object record(Raw raw) {
        Shape shape = shape(raw);
        RecordComponent[] components = shape.type().getRecordComponents();
        Class<?>[] types = new Class<?>[components.length];
        @Nullable Object[] values = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            types[i] = components[i].getType();
            int at = shape.components().indexOf(components[i].getName());
            values[i] = value(at < 0 ? null : raw.parts().get(at), components[i].getGenericType());
        }
        try {
            Constructor<?> constructor = shape.type().getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return constructor.newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException("no " + shape.type() + " can be made of what is recorded", e);
        }
    }

    private Shape shape(Raw raw) {
        return shapes.computeIfAbsent((int) raw.number(), number -> {
            List<String> lines = descriptions.apply(number).lines().toList();
            try {
                return new Shape(Class.forName(lines.get(0)), lines.subList(1, lines.size()));
            } catch (ClassNotFoundException e) {
                throw new IllegalArgumentException(lines.get(0) + " is recorded, which this build does not know", e);
            }
        });
    }

    private static Class<?> rawClass(Type type) {
        if (type instanceof Class<?> known) {
            return known;
        }
        if (type instanceof ParameterizedType parameterized) {
            return (Class<?>) parameterized.getRawType();
        }
        return type instanceof WildcardType wildcard ? rawClass(wildcard.getUpperBounds()[0]) : Object.class;
    }

    private static Type argument(Type type, int index) {
        Type[] arguments = type instanceof ParameterizedType parameterized
                ? parameterized.getActualTypeArguments()
                : new Type[] {Object.class, Object.class};
        return Arrays.asList(arguments).get(index);
    }
}

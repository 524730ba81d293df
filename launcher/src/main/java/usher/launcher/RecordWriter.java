package usher.launcher;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Writes a tree of records as bytes that say of every value what it is, so that {@link RecordReader} of another build
 * can read them: records, enums, numbers, text, paths, durations, collections, maps and optionals. What a record is
 * made of is written once for all, under a number, by whoever keeps the bytes.
 */
final class RecordWriter {
    static final int ABSENT = 0;
    static final int FALSE = 1;
    static final int TRUE = 2;
    static final int NUMBER = 3;
    static final int TEXT = 4;
    static final int LIST = 5;
    static final int MAP = 6;
    static final int RECORD = 7;
    static final int ENUM = 8;
    static final int BYTES = 9;
    static final int SHARED = 10;

    /** A class's number and how to get at what a record of it is made of. */
    private record Shape(int number, List<MethodHandle> accessors) {}

    /** What a class is made of, in words, and how to get at it. */
    private record Form(String description, List<MethodHandle> accessors) {}

    /** Found out once for all who write: it takes some tenths of a millisecond for each class. */
    private static final ClassValue<Form> FORMS = new ClassValue<>() {
        @Override
        protected Form computeValue(Class<?> type) {
            return form(type);
        }
    };

    private final Map<Class<?>, Shape> shapes = new HashMap<>();
    private final Function<Class<?>, Integer> numbers;
    private final Map<Class<?>, Function<Object, Integer>> shared = new HashMap<>();
    private Bytes out = new Bytes();

    /** They grow; a ByteArrayOutputStream takes a lock for each. */
    private static final class Bytes {
        private byte[] bytes = new byte[256];
        private int size;

        void write(int one) {
            if (size == bytes.length) {
                bytes = Arrays.copyOf(bytes, 2 * size);
            }
            bytes[size++] = (byte) one;
        }

        void write(byte[] more) {
            if (size + more.length > bytes.length) {
                bytes = Arrays.copyOf(bytes, 2 * (size + more.length));
            }
            System.arraycopy(more, 0, bytes, size, more.length);
            size += more.length;
        }

        byte[] all() {
            return Arrays.copyOf(bytes, size);
        }
    }

    /** {@code numbers} gives every class its number, writing down what {@link #describe} says the first time. */
    RecordWriter(Function<Class<?>, Integer> numbers) {
        this.numbers = numbers;
    }

    /** Records of this class are kept elsewhere, and only the number that they have there is written. */
    <T> void share(Class<T> type, Function<T, Integer> number) {
        shared.put(type, value -> number.apply(type.cast(value)));
    }

    /** The class's name, and the names of a record's components. */
    static String describe(Class<?> type) {
        return FORMS.get(type).description();
    }

    byte[] write(Object value) {
        return collect(() -> put(value));
    }

    /** Like {@link #write}, of a record of a class that is shared otherwise. */
    byte[] writeWhole(Record value) {
        return collect(() -> putRecord(value));
    }

    private byte[] collect(Runnable put) {
        Bytes before = out;
        out = new Bytes();
        try {
            put.run();
            return out.all();
        } finally {
            out = before;
        }
    }

    private void put(@Nullable Object value) {
        if (value == null) {
            out.write(ABSENT);
        } else if (value instanceof Boolean flag) {
            out.write(flag ? TRUE : FALSE);
        } else if (value instanceof Number number) {
            out.write(NUMBER);
            putLong(number.longValue());
        } else if (value instanceof String text) {
            putText(text);
        } else if (value instanceof Enum<?> constant) {
            out.write(ENUM);
            putLong(shape(constant.getDeclaringClass()).number());
            putBytes(constant.name().getBytes(StandardCharsets.UTF_8));
        } else if (value instanceof Record record) {
            Function<Object, Integer> share = shared.get(record.getClass());
            if (share == null) {
                putRecord(record);
            } else {
                out.write(SHARED);
                putLong(share.apply(record));
            }
        } else {
            putOther(value);
        }
    }

    private void putOther(Object value) {
        if (value instanceof Optional<?> optional) {
            put(optional.orElse(null));
        } else if (value instanceof OptionalInt optional) {
            put(optional.isPresent() ? optional.getAsInt() : null);
        } else if (value instanceof OptionalLong optional) {
            put(optional.isPresent() ? optional.getAsLong() : null);
        } else if (value instanceof Collection<?> collection) {
            out.write(LIST);
            putLong(collection.size());
            collection.forEach(this::put);
        } else if (value instanceof Map<?, ?> map) {
            out.write(MAP);
            putLong(map.size());
            map.forEach((key, one) -> {
                put(key);
                put(one);
            });
        } else if (value instanceof Path || value instanceof Duration) {
            putText(value.toString());
        } else if (value instanceof ByteBuffer buffer) {
            byte[] bytes = new byte[buffer.remaining()];
            buffer.duplicate().get(bytes);
            out.write(BYTES);
            putBytes(bytes);
        } else {
            throw new IllegalArgumentException("cannot be written down: " + value.getClass());
        }
    }

    private void putRecord(Record record) {
        Shape shape = shape(record.getClass());
        out.write(RECORD);
        putLong(shape.number());
        putLong(shape.accessors().size());
        for (MethodHandle accessor : shape.accessors()) {
            put(get(accessor, record));
        }
    }

    private static @Nullable Object get(MethodHandle accessor, Record record) {
        try {
            return (Object) accessor.invokeExact((Object) record);
        } catch (Throwable impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private Shape shape(Class<?> type) {
        Shape shape = shapes.get(type);
        if (shape == null) {
            shape = new Shape(numbers.apply(type), FORMS.get(type).accessors());
            shapes.put(type, shape);
        }
        return shape;
    }

    private static Form form(Class<?> type) {
        StringBuilder description = new StringBuilder(type.getName());
        List<MethodHandle> accessors = new ArrayList<>();
        RecordComponent[] components = type.getRecordComponents();
        for (RecordComponent component : components == null ? new RecordComponent[0] : components) {
            description.append('\n').append(component.getName());
            accessors.add(accessor(component));
        }
        return new Form(description.toString(), accessors);
    }

    private static MethodHandle accessor(RecordComponent component) {
        try {
            Method accessor = component.getAccessor();
            accessor.setAccessible(true);
            return MethodHandles.lookup().unreflect(accessor).asType(MethodType.methodType(Object.class, Object.class));
        } catch (IllegalAccessException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private void putText(String text) {
        out.write(TEXT);
        putBytes(text.getBytes(StandardCharsets.UTF_8));
    }

    private void putBytes(byte[] bytes) {
        putLong(bytes.length);
        out.write(bytes);
    }

    /** Seven bits a byte, the lowest first; small negative numbers are short, too. */
    private void putLong(long number) {
        long rest = (number << 1) ^ (number >> 63);
        while ((rest & ~0x7fL) != 0) {
            out.write((int) (rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        out.write((int) rest);
    }
}

package usher.launcher;

import java.io.IOException;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import usher.activation.posix.CrashPoint;

/**
 * Values by name that outlive this process: a file mapped into memory, so that what is written there needs no system
 * call and is there when the process is killed in the next instant. It does not outlive the machine, nor need it.
 *
 * <pre>
 *   MAGIC | batch | batch | ... | 0
 *   batch = length of what follows, then changes; change = length of name, name, length of value or -1 for none, value
 * </pre>
 *
 * <p>What was put since the last {@link #commit} is one batch, and it counts as a whole once its length is written,
 * which is done last. When the file is full, all values are written to a new one, which takes its place by a rename.
 * Room for that is taken beforehand, so that a full file system does not surprise anybody; if it cannot be had,
 * {@link #commit} says so, and what is recorded stays what it was.
 */
final class StateFile {
    /** Looked for by the guard script. */
    private static final String ENDED = "ended";

    private static final long MAGIC = 0x7573_6865_7200_0001L;
    private static final int FIRST = 8;
    private static final int SMALLEST = 256 << 10;
    private static final int NONE = -1;

    private final Path path;
    /** Where in the file each value lies that counts. */
    private Map<String, Place> places = new HashMap<>();
    /** What was put and removed since the last commit. */
    private Map<String, byte @Nullable []> changes = new LinkedHashMap<>();

    private MappedByteBuffer file;
    private int end = FIRST;
    /** How much room the values take that count. */
    private long live;

    private record Place(int at, int length) {}

    private StateFile(Path path, MappedByteBuffer file) {
        this.path = path;
        this.file = file;
    }

    /** Opens what is recorded there, or begins a new record. */
    static StateFile open(Path path) throws IOException {
        if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS) && Files.size(path) >= SMALLEST) {
            StateFile state = new StateFile(path, map(path, 0));
            if (state.file.getLong(0) == MAGIC) {
                state.load();
                return state;
            }
        }
        StateFile state = new StateFile(path, create(path, SMALLEST));
        return state;
    }

    private static MappedByteBuffer map(Path path, long size) throws IOException {
        Set<StandardOpenOption> how = Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE);
        try (FileChannel channel = FileChannel.open(path, how)) {
            return channel.map(FileChannel.MapMode.READ_WRITE, 0, size == 0 ? channel.size() : size);
        }
    }

    /** A file of zeros, written out so that its room is really there. */
    private static MappedByteBuffer create(Path path, int size) throws IOException {
        Path fresh = path.resolveSibling(path.getFileName() + ".new");
        Files.deleteIfExists(fresh);
        try (FileChannel channel = FileChannel.open(
                fresh,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            ByteBuffer zeros = ByteBuffer.allocate(64 << 10);
            for (int written = 0; written < size; written += zeros.capacity()) {
                zeros.clear();
                while (zeros.hasRemaining()) {
                    channel.write(zeros);
                }
            }
        }
        MappedByteBuffer file = map(fresh, size);
        file.putLong(0, MAGIC);
        CrashPoint.pass();
        Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        CrashPoint.pass();
        return file;
    }

    private void load() {
        while (end + 4 <= file.limit()) {
            int length = file.getInt(end);
            if (length <= 0 || end + 4 + length > file.limit()) {
                return;
            }
            ByteBuffer batch = file.duplicate().position(end + 4).limit(end + 4 + length);
            while (batch.hasRemaining()) {
                byte[] name = new byte[batch.getInt()];
                batch.get(name);
                int size = batch.getInt();
                note(new String(name, StandardCharsets.UTF_8), size, batch.position());
                batch.position(batch.position() + Math.max(0, size));
            }
            end += 4 + length;
        }
    }

    private void note(String name, int size, int at) {
        Place before = size == NONE ? places.remove(name) : places.put(name, new Place(at, size));
        live += (size == NONE ? 0 : size(name, size)) - (before == null ? 0 : size(name, before.length()));
    }

    private static int size(String name, int length) {
        return 8 + 3 * name.length() + length;
    }

    /** The recorded value, as last put, committed or not. */
    byte @Nullable [] get(String name) {
        Place place = places.get(name);
        return changes.containsKey(name) ? changes.get(name) : place == null ? null : read(place);
    }

    private byte[] read(Place place) {
        byte[] value = new byte[place.length()];
        file.get(place.at(), value);
        return value;
    }

    /** All whose names begin like that, in order, each with the rest of its name. */
    void forEach(String prefix, BiConsumer<String, byte[]> action) {
        all(prefix).forEach((name, value) -> action.accept(name.substring(prefix.length()), value));
    }

    private Map<String, byte[]> all(String prefix) {
        Map<String, byte[]> all = new TreeMap<>();
        places.forEach((name, place) -> {
            if (name.startsWith(prefix)) {
                all.put(name, read(place));
            }
        });
        changes.forEach((name, value) -> {
            if (value == null) {
                all.remove(name);
            } else if (name.startsWith(prefix)) {
                all.put(name, value);
            }
        });
        return all;
    }

    void put(String name, byte[] value) {
        changes.put(name, value);
    }

    void remove(String name) {
        if (places.containsKey(name)) {
            changes.put(name, null);
        } else {
            changes.remove(name);
        }
    }

    void clear() {
        changes.clear();
        places.keySet().forEach(this::remove);
    }

    /** Makes what was put and removed since the last time count, all or nothing; throws if there is no room for it. */
    void commit() throws IOException {
        if (changes.isEmpty()) {
            return;
        }
        long needed = 4;
        for (Map.Entry<String, byte @Nullable []> change : changes.entrySet()) {
            byte[] value = change.getValue();
            needed += size(change.getKey(), value == null ? 0 : value.length);
        }
        if (end + needed + 4 > file.limit()) {
            renew(live + needed);
        } else {
            write(changes);
        }
        changes = new LinkedHashMap<>(); // clearing costs as much as there ever was in it
    }

    /** The batch and the end of all, and only then its length. */
    private void write(Map<String, byte @Nullable []> batch) {
        ByteBuffer out = file.duplicate().position(end + 4);
        for (Map.Entry<String, byte @Nullable []> change : batch.entrySet()) {
            byte[] name = change.getKey().getBytes(StandardCharsets.UTF_8);
            byte[] value = change.getValue();
            int size = value == null ? NONE : value.length;
            out.putInt(name.length).put(name).putInt(size);
            note(change.getKey(), size, out.position());
            if (value != null) {
                out.put(value);
            }
        }
        int length = out.position() - end - 4;
        // What follows may be the rest of a longer batch that a launcher did not live to end.
        out.putInt(0);
        VarHandle.releaseFence();
        CrashPoint.pass();
        file.putInt(end, length);
        CrashPoint.pass();
        end += 4 + length;
    }

    /** All values to a new file, three times as large as they are at most. */
    private void renew(long atMost) throws IOException {
        int size = (int) Math.min(Integer.MAX_VALUE / 2, Math.max(SMALLEST, 3 * atMost));
        size = (size + 0xffff) & ~0xffff;
        Path aside = path.resolveSibling(path.getFileName() + ".next");
        Map<String, byte @Nullable []> all = new LinkedHashMap<>(all(""));
        MappedByteBuffer before = file;
        int endBefore = end;
        Map<String, Place> placesBefore = places;
        long liveBefore = live;
        try {
            file = create(aside, size);
            end = FIRST;
            places = new HashMap<>();
            live = 0;
            write(all);
            Files.move(aside, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            CrashPoint.pass();
        } catch (IOException full) {
            file = before;
            end = endBefore;
            places = placesBefore;
            live = liveBefore;
            throw full;
        }
    }

    /**
     * There is nothing to go on with. The file becomes the word for the guard that all is over, in one step: were it gone
     * first, a launcher killed before it could say so would be followed by one that starts everything.
     */
    void end() throws IOException {
        Files.move(path, path.resolveSibling(ENDED), StandardCopyOption.ATOMIC_MOVE);
        CrashPoint.pass();
    }
}

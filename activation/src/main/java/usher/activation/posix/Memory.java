package usher.activation.posix;

import com.kenai.jffi.MemoryIO;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Native memory that is freed together, when this is closed: the arguments of one call, or the blocks of a prepared
 * launch. Addresses are plain numbers; text is UTF-8 whatever the locale. One thread only.
 */
final class Memory implements AutoCloseable {
    /** The size of an address. */
    static final long WORD = 8;

    private static final MemoryIO IO = MemoryIO.getInstance();

    private long[] blocks = new long[4];
    private int count;

    long allocate(long bytes) {
        return allocate(bytes, true);
    }

    /** For a buffer that is about to be filled; what it holds at first is anything. */
    long buffer(long bytes) {
        return allocate(bytes, false);
    }

    private long allocate(long bytes, boolean zeroed) {
        if (count == blocks.length) {
            blocks = Arrays.copyOf(blocks, 2 * count);
        }
        long address = IO.allocateMemory(Math.max(bytes, 8), zeroed);
        blocks[count++] = address;
        return address;
    }

    /** A block for each thread that asks, zeroed and never freed: for calls that are made often. */
    @SuppressWarnings("ThreadLocalUsage") // a constant of the class that calls this
    static ThreadLocal<Long> ofThread(long bytes) {
        return ThreadLocal.withInitial(() -> IO.allocateMemory(bytes, true));
    }

    /** A zero-terminated C string. */
    long string(String text) {
        return string(text.getBytes(StandardCharsets.UTF_8));
    }

    long string(byte[] text) {
        long address = allocate(text.length + 1L);
        IO.putByteArray(address, text, 0, text.length);
        return address;
    }

    /**
     * An array of C strings, as execve(2) takes arguments and environment: zero after the last, and with room for some
     * more.
     */
    long vector(List<byte[]> texts, int more) {
        long head = WORD * (texts.size() + more + 1);
        int length = 0;
        for (byte[] text : texts) {
            length += text.length + 1;
        }
        long address = allocate(head + length);
        byte[] all = new byte[length];
        int at = 0;
        for (int i = 0; i < texts.size(); i++) {
            byte[] text = texts.get(i);
            System.arraycopy(text, 0, all, at, text.length);
            putLong(address + WORD * i, address + head + at);
            at += text.length + 1;
        }
        put(address + head, all, 0, length);
        return address;
    }

    /** Like the other, of texts in UTF-8. */
    long vector(List<String> texts) {
        return vector(
                texts.stream()
                        .map(text -> text.getBytes(StandardCharsets.UTF_8))
                        .toList(),
                0);
    }

    long bytes(byte[] content) {
        long address = allocate(content.length);
        IO.putByteArray(address, content, 0, content.length);
        return address;
    }

    long int32(int value) {
        long address = allocate(4);
        IO.putInt(address, value);
        return address;
    }

    static int getInt(long address) {
        return IO.getInt(address);
    }

    static long getLong(long address) {
        return IO.getLong(address);
    }

    static void putInt(long address, int value) {
        IO.putInt(address, value);
    }

    static void putByte(long address, int value) {
        IO.putByte(address, (byte) value);
    }

    static void putLong(long address, long value) {
        IO.putLong(address, value);
    }

    static void putShort(long address, int value) {
        IO.putShort(address, (short) value);
    }

    static void fill(long address, long bytes, int value) {
        IO.setMemory(address, bytes, (byte) value);
    }

    static void put(long address, byte[] from, int offset, int length) {
        IO.putByteArray(address, from, offset, length);
    }

    static byte[] get(long address, int length) {
        byte[] content = new byte[length];
        IO.getByteArray(address, content, 0, length);
        return content;
    }

    static void get(long address, byte[] into, int offset, int length) {
        IO.getByteArray(address, into, offset, length);
    }

    /** The C string at that address. */
    static String text(long address) {
        return new String(IO.getZeroTerminatedByteArray(address), StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        while (count > 0) {
            IO.freeMemory(blocks[--count]);
        }
    }
}

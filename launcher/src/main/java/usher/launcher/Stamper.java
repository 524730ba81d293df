package usher.launcher;

/**
 * Puts a stamp in front of lines. What comes out is whole lines only; a line that is longer than what it is given at once
 * is broken.
 */
final class Stamper {
    static final int LONGEST = 128 * 1024;

    /** For a longest line, its stamp and its end at least. */
    final byte[] out = new byte[LONGEST + 8192];

    /** Bytes in {@link #out}. */
    int length;
    /** Bytes of the raw text that these are. */
    int taken;

    private boolean full;

    void begin() {
        length = 0;
        taken = 0;
        full = false;
    }

    /** Whether there was a line that did not fit. */
    boolean isFull() {
        return full;
    }

    /** Adds a line of our own, unless it does not fit. */
    boolean add(byte[] stamp, byte[] line, long room) {
        full = stamp.length + line.length > Math.min(room, out.length) - length;
        if (!full) {
            put(stamp, 0, stamp.length);
            put(line, 0, line.length);
        }
        return !full;
    }

    /**
     * Adds the lines of {@code raw[from, to)} as long as all together is no longer than {@code room}; what is unfinished
     * at the end is left.
     */
    void take(byte[] raw, int from, int to, byte[] stamp, long room) {
        int most = (int) Math.min(room, out.length);
        int begin = from;
        for (int at = from; at < to; at++) {
            if (raw[at] == '\n') {
                int count = at + 1 - begin;
                if (length + stamp.length + count > most) {
                    full = true;
                    break;
                }
                put(stamp, 0, stamp.length);
                put(raw, begin, count);
                begin = at + 1;
            }
        }
        taken = begin - from;
    }

    /** Adds all of it as one line, with an end of its own. */
    void breakOff(byte[] raw, int from, int to, byte[] stamp, long room) {
        if (stamp.length + to - from + 1 > Math.min(room, out.length) - length) {
            full = true;
            return;
        }
        put(stamp, 0, stamp.length);
        put(raw, from, to - from);
        out[length++] = '\n';
        taken = to - from;
    }

    private void put(byte[] bytes, int from, int count) {
        System.arraycopy(bytes, from, out, length, count);
        length += count;
    }

    /** How many lines these are. */
    static int lines(byte[] bytes, int from, int to) {
        int lines = 0;
        for (int at = from; at < to; at++) {
            if (bytes[at] == '\n') {
                lines++;
            }
        }
        return lines;
    }
}

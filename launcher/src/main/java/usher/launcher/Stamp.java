package usher.launcher;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.regex.Pattern;
import usher.bundles.Service;

/** The stamps in front of log lines. */
final class Stamp {
    /** What daemontools adds to Unix time for TAI64: 2^62, and ten seconds. */
    private static final long TAI64_EPOCH = (1L << 62) + 10;

    private static final char[] HEX = "0123456789abcdef".toCharArray();

    private static final DateTimeFormatter RFC3339 =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

    private static final Pattern LABEL = Pattern.compile("@4[0-9a-f]{15}[0-3][0-9a-f]{7}");

    private Stamp() {}

    /** {@code @} and 24 hexadecimal digits, an external TAI64N label as {@code tai64nlocal} reads it. */
    static String tai64n(Instant instant) {
        char[] text = new char[25];
        text[0] = '@';
        hex(text, 1, 16, instant.getEpochSecond() + TAI64_EPOCH);
        hex(text, 17, 8, instant.getNano());
        return new String(text);
    }

    private static void hex(char[] text, int from, int digits, long value) {
        for (int i = digits - 1; i >= 0; i--) {
            text[from + i] = HEX[(int) (value >>> 4 * (digits - 1 - i)) & 15];
        }
    }

    /** Whether it is a label as {@link #tai64n} makes them. */
    static boolean isTai64n(String text) {
        return LABEL.matcher(text).matches();
    }

    /** What a label of {@link #tai64n} says. */
    static Instant parseTai64n(String label) {
        long seconds = Long.parseUnsignedLong(label.substring(1, 17), 16) - TAI64_EPOCH;
        return Instant.ofEpochSecond(seconds, Long.parseLong(label.substring(17, 25), 16));
    }

    /** The twelve bytes of a TAI64N label, at the beginning of these. */
    static void packTai64n(Instant instant, byte[] into) {
        ByteBuffer.wrap(into).putLong(instant.getEpochSecond() + TAI64_EPOCH).putInt(instant.getNano());
    }

    /** What {@link #packTai64n} has put there. */
    static Instant unpackTai64n(byte[] bytes) {
        ByteBuffer label = ByteBuffer.wrap(bytes);
        long seconds = label.getLong() - TAI64_EPOCH;
        return Instant.ofEpochSecond(seconds, Integer.toUnsignedLong(label.getInt()));
    }

    static String of(Service.Log.Stamp kind, Instant instant) {
        return switch (kind) {
            case TAI64N -> tai64n(instant);
            case RFC3339 -> RFC3339.format(instant.truncatedTo(ChronoUnit.MICROS));
        };
    }
}

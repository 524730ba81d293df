package usher.activation.posix;

import java.nio.ByteBuffer;

/** IP addresses as text: dotted quads, and IPv6 as RFC 5952 wants it. */
public final class IpText {
    private IpText() {}

    /** The text of an address of 4 or 16 bytes; a v4-mapped one is written as IPv4. */
    public static String of(ByteBuffer host) {
        byte[] bytes = new byte[host.remaining()];
        host.duplicate().get(bytes);
        if (bytes.length == 4) {
            return quad(bytes, 0);
        }
        return isMapped(bytes, 0) ? quad(bytes, 12) : groups(bytes);
    }

    /** Whether it is {@code 0.0.0.0} or {@code ::}, which stand for every address of this machine. */
    public static boolean isUnspecified(ByteBuffer host) {
        for (int i = host.position(); i < host.limit(); i++) {
            if (host.get(i) != 0) {
                return false;
            }
        }
        return true;
    }

    /** Whether the 16 bytes from {@code offset} are ::ffff:a.b.c.d. */
    static boolean isMapped(byte[] bytes, int offset) {
        for (int i = 0; i < 12; i++) {
            if (bytes[offset + i] != (i < 10 ? 0 : -1)) {
                return false;
            }
        }
        return true;
    }

    private static String quad(byte[] bytes, int at) {
        return (bytes[at] & 255) + "." + (bytes[at + 1] & 255) + "." + (bytes[at + 2] & 255) + "."
                + (bytes[at + 3] & 255);
    }

    private static String groups(byte[] bytes) {
        int[] groups = new int[8];
        for (int i = 0; i < 8; i++) {
            groups[i] = ((bytes[2 * i] & 255) << 8) | (bytes[2 * i + 1] & 255);
        }
        int start = -1;
        int length = 1; // a single zero group is not shortened
        for (int i = 0; i < 8; i++) {
            int run = 0;
            while (i + run < 8 && groups[i + run] == 0) {
                run++;
            }
            if (run > length) {
                start = i;
                length = run;
            }
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 8; i++) {
            if (i == start) {
                text.append("::");
                i += length - 1;
            } else {
                text.append(text.isEmpty() || text.charAt(text.length() - 1) == ':' ? "" : ":")
                        .append(Integer.toHexString(groups[i]));
            }
        }
        return text.toString();
    }
}

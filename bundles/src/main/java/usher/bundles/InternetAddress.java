package usher.bundles;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Numeric Internet addresses: dotted decimal with four parts and no leading zeros, and IPv6 in every form of RFC 4291
 * section 2.2, written back in the one form of RFC 5952. Names are never looked up.
 */
final class InternetAddress {
    private static final int GROUPS = 8;

    private InternetAddress() {}

    /** The four bytes of {@code text}. */
    static ByteBuffer parseIpv4(String text) throws BadValue {
        byte[] bytes = new byte[4];
        parseIpv4(text, bytes, 0);
        return ByteBuffer.wrap(bytes).asReadOnlyBuffer();
    }

    private static void parseIpv4(String text, byte[] into, int offset) throws BadValue {
        int start = 0;
        for (int part = 0; part < 4; part++) {
            int dot = part < 3 ? text.indexOf('.', start) : text.length();
            if (dot < 0) {
                throw badIpv4();
            }
            String digits = text.substring(start, dot);
            long value = Digits.parse(digits, 255);
            if (value < 0 || (digits.length() > 1 && digits.charAt(0) == '0')) {
                throw badIpv4();
            }
            into[offset + part] = (byte) value;
            start = dot + 1;
        }
    }

    private static BadValue badIpv4() {
        return new BadValue("an IPv4 address is four numbers from 0 to 255, such as 127.0.0.1");
    }

    /** The sixteen bytes of {@code text}, which stands without brackets. */
    static ByteBuffer parseIpv6(String text) throws BadValue {
        int gap = text.indexOf("::");
        byte[] bytes = new byte[16];
        if (gap < 0) {
            if (parseGroups(text, bytes, 0) != 16) {
                throw badIpv6();
            }
            return ByteBuffer.wrap(bytes).asReadOnlyBuffer();
        }
        byte[] tail = new byte[16];
        int head = gap == 0 ? 0 : parseGroups(text.substring(0, gap), bytes, 0);
        String rest = text.substring(gap + 2);
        int tailLength = rest.isEmpty() ? 0 : parseGroups(rest, tail, 0);
        if (head + tailLength > 14 || text.substring(0, gap).indexOf('.') >= 0) {
            throw badIpv6();
        }
        System.arraycopy(tail, 0, bytes, 16 - tailLength, tailLength);
        return ByteBuffer.wrap(bytes).asReadOnlyBuffer();
    }

    /** Writes the colon-separated groups, the last perhaps in dotted form; the number of bytes written. */
    private static int parseGroups(String text, byte[] into, int from) throws BadValue {
        int at = from;
        int start = 0;
        while (true) {
            int colon = text.indexOf(':', start);
            String group = text.substring(start, colon < 0 ? text.length() : colon);
            if (colon < 0 && group.indexOf('.') >= 0) {
                if (at > 12) {
                    throw badIpv6();
                }
                parseIpv4(group, into, at);
                return at + 4;
            }
            int value = parseGroup(group);
            if (value < 0 || at > 14) {
                throw badIpv6();
            }
            into[at++] = (byte) (value >> 8);
            into[at++] = (byte) value;
            if (colon < 0) {
                return at;
            }
            start = colon + 1;
        }
    }

    private static int parseGroup(String group) {
        if (group.isEmpty() || group.length() > 4) {
            return -1;
        }
        int value = 0;
        for (int i = 0; i < group.length(); i++) {
            char c = group.charAt(i);
            // Character.digit would take the digits of every script.
            int digit = c < 128 ? Character.digit(c, 16) : -1;
            if (digit < 0) {
                return -1;
            }
            value = value << 4 | digit;
        }
        return value;
    }

    private static BadValue badIpv6() {
        return new BadValue("an IPv6 address is eight groups of hexadecimal digits, such as ::1 or fe80::1:2");
    }

    /** The canonical text of 4 or 16 bytes, without brackets. */
    static String format(ByteBuffer address) {
        byte[] bytes = new byte[address.remaining()];
        address.duplicate().get(bytes);
        if (bytes.length == 4) {
            return formatIpv4(bytes, 0);
        }
        return isMapped(bytes) ? "::ffff:" + formatIpv4(bytes, 12) : formatIpv6(bytes);
    }

    private static String formatIpv4(byte[] bytes, int at) {
        return (bytes[at] & 255) + "." + (bytes[at + 1] & 255) + "." + (bytes[at + 2] & 255) + "."
                + (bytes[at + 3] & 255);
    }

    private static boolean isMapped(byte[] bytes) {
        return bytes[10] == -1 && bytes[11] == -1 && Arrays.equals(bytes, 0, 10, new byte[10], 0, 10);
    }

    private static String formatIpv6(byte[] bytes) {
        int[] groups = new int[GROUPS];
        for (int i = 0; i < GROUPS; i++) {
            groups[i] = (bytes[2 * i] & 255) << 8 | (bytes[2 * i + 1] & 255);
        }
        int[] gap = longestZeros(groups);
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < GROUPS; i++) {
            if (i == gap[0]) {
                out.append("::");
                i += gap[1] - 1;
            } else {
                if (out.length() > 0 && out.charAt(out.length() - 1) != ':') {
                    out.append(':');
                }
                out.append(Integer.toHexString(groups[i]));
            }
        }
        return out.toString();
    }

    /** Start and length of the first longest run of two or more zero groups; start -1 if there is none. */
    private static int[] longestZeros(int[] groups) {
        int[] best = {-1, 1};
        int start = 0;
        for (int i = 0; i <= GROUPS; i++) {
            if (i == GROUPS || groups[i] != 0) {
                if (i - start > best[1]) {
                    best = new int[] {start, i - start};
                }
                start = i + 1;
            }
        }
        return best;
    }
}

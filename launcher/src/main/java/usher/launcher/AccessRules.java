package usher.launcher;

import java.util.List;
import usher.activation.posix.SockAddr;
import usher.bundles.ListeningSocket;
import usher.bundles.Prefix;

/**
 * Whether a peer may connect: the longest prefix that matches decides, and {@code deny} where both have it. With an
 * {@code allow} list, who matches nothing is not allowed; Unix peers are not the business of these lists.
 */
final class AccessRules {
    private AccessRules() {}

    static boolean admit(ListeningSocket.Connections rules, SockAddr peer) {
        if (rules.allow().isEmpty() && rules.deny().isEmpty() || !(peer instanceof SockAddr.Inet inet)) {
            return true;
        }
        byte[] host = unmapped(inet.host());
        int allowed = longest(rules.allow(), host);
        int denied = longest(rules.deny(), host);
        return allowed < 0 && denied < 0 ? rules.allow().isEmpty() : allowed > denied;
    }

    private static int longest(List<Prefix> prefixes, byte[] host) {
        int longest = -1;
        for (Prefix prefix : prefixes) {
            if (prefix.bits() > longest && matches(prefix, host)) {
                longest = prefix.bits();
            }
        }
        return longest;
    }

    private static boolean matches(Prefix prefix, byte[] host) {
        if (prefix.address().remaining() != host.length) {
            return false;
        }
        int start = prefix.address().position();
        for (int bit = 0; bit < prefix.bits(); bit++) {
            int difference = prefix.address().get(start + bit / 8) ^ host[bit / 8];
            if ((difference & 0x80 >> bit % 8) != 0) {
                return false;
            }
        }
        return true;
    }

    /** An IPv4 peer of an IPv6 socket is an IPv4 peer: {@code ::ffff:0:0/96}, RFC 4291. */
    private static byte[] unmapped(byte[] host) {
        if (host.length != 16 || host[10] != -1 || host[11] != -1) {
            return host;
        }
        for (int i = 0; i < 10; i++) {
            if (host[i] != 0) {
                return host;
            }
        }
        return java.util.Arrays.copyOfRange(host, 12, 16);
    }
}

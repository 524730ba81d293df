package usher.launcher;

import java.nio.ByteBuffer;
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
        if (!(peer instanceof SockAddr.Inet inet)) {
            return true;
        }
        int allowed = longest(rules.allow(), inet.host());
        int denied = longest(rules.deny(), inet.host());
        boolean unnamed = allowed < 0 && denied < 0;
        return unnamed ? rules.allow().isEmpty() : allowed > denied;
    }

    private static int longest(List<Prefix> prefixes, ByteBuffer host) {
        int longest = -1;
        for (Prefix prefix : prefixes) {
            if (prefix.bits() > longest && prefix.contains(host)) {
                longest = prefix.bits();
            }
        }
        return longest;
    }
}

package usher.launcher;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import usher.activation.posix.SockAddr;
import usher.bundles.ListeningSocket;
import usher.bundles.Prefix;

/**
 * Whether a peer may connect: the longest prefix that matches decides, and {@code deny} where both have it. With an
 * {@code allow} list, who matches nothing is not allowed; Unix peers are not the business of these lists.
 */
final class AccessRules {
    private AccessRules() {}

    /** The list that keeps the peer out; empty: it may come in. */
    static Optional<String> objection(ListeningSocket.Connections rules, SockAddr peer) {
        boolean open = rules.allow().isEmpty() && rules.deny().isEmpty();
        if (open || !(peer instanceof SockAddr.Inet inet)) {
            return Optional.empty();
        }
        int allowed = longest(rules.allow(), inet.host());
        int denied = longest(rules.deny(), inet.host());
        if (allowed > denied || (denied < 0 && rules.allow().isEmpty())) {
            return Optional.empty();
        }
        return Optional.of(denied < 0 ? "allow: it is on no line" : "deny");
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

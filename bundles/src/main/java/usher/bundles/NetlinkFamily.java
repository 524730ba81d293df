package usher.bundles;

import java.util.Locale;

/** The protocol families of {@code netlink(7)}, with their numbers. */
final class NetlinkFamily {
    private static final String[] NAMES = {
        "route",
        "w1",
        "usersock",
        "firewall",
        "sock-diag",
        "nflog",
        "xfrm",
        "selinux",
        "iscsi",
        "audit",
        "fib-lookup",
        "connector",
        "netfilter",
        "ip6-fw",
        "dnrtmsg",
        "kobject-uevent",
        "generic",
        "",
        "scsitransport",
        "ecryptfs",
        "rdma",
        "crypto",
        "smc"
    };

    private NetlinkFamily() {}

    /** The number of the family that {@code text} names, in any case, with {@code -} or {@code _}; or -1. */
    static int number(String text) {
        String name = text.toLowerCase(Locale.ROOT).replace('_', '-');
        if (name.startsWith("netlink-")) {
            name = name.substring("netlink-".length());
        }
        if (name.equals("inet-diag")) {
            return 4;
        }
        for (int i = 0; i < NAMES.length; i++) {
            if (!name.isEmpty() && NAMES[i].equals(name)) {
                return i;
            }
        }
        return -1;
    }

    static String name(int number) {
        return NAMES[number];
    }
}

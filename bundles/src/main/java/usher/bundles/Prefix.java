package usher.bundles;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * A network: an address of 4 or 16 bytes and how many leading bits of it count. The bits after those are zero.
 *
 * @param address read-only
 */
public record Prefix(ByteBuffer address, int bits) {
    static final List<Prefix> EVERYBODY =
            List.of(new Prefix(ByteBuffer.allocate(4), 0), new Prefix(ByteBuffer.allocate(16), 0));

    public Prefix {
        if (bits < 0 || bits > address.remaining() * 8) {
            throw new IllegalArgumentException("no prefix length: " + bits);
        }
        byte[] bytes = new byte[address.remaining()];
        address.duplicate().get(bytes);
        for (int i = 0; i < bytes.length; i++) {
            int kept = Math.min(8, Math.max(0, bits - 8 * i));
            bytes[i] &= (byte) (0xFF00 >> kept);
        }
        address = ByteBuffer.wrap(bytes).asReadOnlyBuffer();
    }

    /**
     * Whether the address lies in this network. An IPv4 address in IPv6 dress ({@code ::ffff:192.0.2.1}), which is how
     * a socket for both sees IPv4 peers, counts as the IPv4 address it is.
     */
    public boolean contains(ByteBuffer peer) {
        ByteBuffer bare = unmapped(peer);
        if (bare.remaining() != address.remaining()) {
            return false;
        }
        for (int i = 0; i * 8 < bits; i++) {
            int mask = 0xFF00 >> Math.min(8, bits - 8 * i) & 0xFF;
            int difference = bare.get(bare.position() + i) ^ address.get(i);
            if ((difference & mask) != 0) {
                return false;
            }
        }
        return true;
    }

    private static ByteBuffer unmapped(ByteBuffer peer) {
        int at = peer.position();
        if (peer.remaining() != 16 || peer.get(at + 10) != -1 || peer.get(at + 11) != -1) {
            return peer;
        }
        for (int i = 0; i < 10; i++) {
            if (peer.get(at + i) != 0) {
                return peer;
            }
        }
        return peer.duplicate().position(at + 12).slice();
    }

    /** The networks in a text that holds one a line; blank lines and what follows {@code #} do not count. */
    static List<Prefix> parseLines(String text) throws BadValue {
        List<Prefix> prefixes = new ArrayList<>();
        for (String line : text.split("\n", -1)) {
            int comment = line.indexOf('#');
            String entry = (comment < 0 ? line : line.substring(0, comment)).strip();
            if (!entry.isEmpty()) {
                prefixes.add(parse(entry));
            }
        }
        return prefixes;
    }

    /** {@code 192.0.2.1}, {@code 192.0.2.0/24}, {@code ::1} or {@code 2001:db8::/32}; IPv6 may stand in brackets. */
    static Prefix parse(String text) throws BadValue {
        int slash = text.indexOf('/');
        String host = slash < 0 ? text : text.substring(0, slash);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        try {
            ByteBuffer address =
                    host.indexOf(':') < 0 ? InternetAddress.parseIpv4(host) : InternetAddress.parseIpv6(host);
            int most = address.remaining() * 8;
            long bits = slash < 0 ? most : Digits.parse(text.substring(slash + 1), most);
            if (bits < 0) {
                throw new BadValue("a prefix length is a number from 0 to " + most);
            }
            ByteBuffer bare = unmapped(address);
            // ::ffff:192.0.2.0/120 is 192.0.2.0/24: what contains() compares with.
            boolean mapped = bare.remaining() < address.remaining() && bits >= 96;
            return mapped ? new Prefix(bare, (int) bits - 96) : new Prefix(address, (int) bits);
        } catch (BadValue e) {
            throw new BadValue("in " + Shown.quoted(text) + ", " + e.why()
                    + "; each line is an address or a network, such as 127.0.0.1 or 192.0.2.0/24");
        }
    }

    @Override
    public String toString() {
        return InternetAddress.format(address) + "/" + bits;
    }
}

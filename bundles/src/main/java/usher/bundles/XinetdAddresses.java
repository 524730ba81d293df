package usher.bundles;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An element of xinetd's {@code only_from} and {@code no_access} as networks: an address, in which zeros at the end
 * stand for anything; one that ends in alternatives as in {@code 10.1.{2,3}}; an address with a length or a mask.
 */
final class XinetdAddresses {
    private XinetdAddresses() {}

    /** Null if the element is a name of a host, domain or network, which only a resolver could translate. */
    static @Nullable List<Prefix> parse(String text) {
        try {
            if (text.indexOf('{') >= 0) {
                return factorised(text);
            }
            int slash = text.indexOf('/');
            if (slash >= 0) {
                return List.of(masked(text.substring(0, slash), text.substring(slash + 1)));
            }
            return List.of(text.indexOf(':') >= 0 ? Prefix.parse(text) : numbers(text));
        } catch (BadValue e) {
            return null;
        }
    }

    private static Prefix masked(String address, String mask) throws BadValue {
        if (Digits.isNumber(mask)) {
            return Prefix.parse(address + "/" + mask);
        }
        int bits = InternetAddress.parseIpv4(mask).getInt(0);
        int length = Integer.bitCount(bits);
        // All ones before all zeros: anything else is no network.
        if (length < Integer.SIZE && bits << length != 0) {
            throw new BadValue("this is no mask");
        }
        return Prefix.parse(address + "/" + length);
    }

    /** {@code 128.138.12.0} is the network of 24 bits, {@code 0.0.0.0} everything. */
    private static Prefix numbers(String text) throws BadValue {
        int address = InternetAddress.parseIpv4(text).getInt(0);
        int bits = 32;
        while (bits > 0 && (address & 255 << 32 - bits) == 0) {
            bits -= 8;
        }
        return Prefix.parse(text + "/" + bits);
    }

    private static List<Prefix> factorised(String text) throws BadValue {
        int brace = text.indexOf('{');
        String head = text.substring(0, brace);
        if (!text.endsWith("}") || !head.endsWith(".")) {
            throw new BadValue("alternatives stand in braces at the end");
        }
        List<Prefix> prefixes = new ArrayList<>();
        for (String alternative : text.substring(brace + 1, text.length() - 1).split(",", -1)) {
            String numbers = head + alternative.strip();
            int parts = numbers.length() - numbers.replace(".", "").length() + 1;
            if (parts > 4) {
                throw new BadValue("an address has four parts");
            }
            prefixes.add(Prefix.parse(numbers + ".0".repeat(4 - parts) + "/" + 8 * parts));
        }
        return prefixes;
    }
}

package usher.bundles;

import java.time.Duration;
import java.util.Locale;
import java.util.OptionalInt;

/** The values that setting files hold, from their text without surrounding white space. */
final class Values {
    /** A hundred years: longer is a slip, and would overflow the clocks it is added to. */
    private static final long LONGEST = 100L * 365 * 24 * 60 * 60 * 1000;

    private Values() {}

    static boolean flag(String text) throws BadValue {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "", "yes", "true", "on", "1" -> true;
            case "no", "false", "off", "0" -> false;
            default -> throw new BadValue("a flag is an empty file, or holds yes or no");
        };
    }

    /** A number with {@code ms}, {@code s}, {@code m} or {@code h}; a bare one is milliseconds. */
    static Duration duration(String text) throws BadValue {
        int unit = 0;
        while (unit < text.length() && text.charAt(unit) >= '0' && text.charAt(unit) <= '9') {
            unit++;
        }
        long scale = switch (text.substring(unit)) {
            case "", "ms" -> 1;
            case "s" -> 1000;
            case "m" -> 60_000;
            case "h" -> 3_600_000;
            default -> -1;
        };
        long number = Digits.parse(text.substring(0, unit), LONGEST);
        if (number < 0 || scale < 0 || number > LONGEST / scale) {
            throw new BadValue("a duration is a number with ms, s, m or h, such as 500ms or 90s (a bare number is"
                    + " milliseconds)");
        }
        return Duration.ofMillis(number * scale);
    }

    static int number(String text, int least, int most) throws BadValue {
        long number = Digits.parse(text, most);
        if (number < least) {
            throw new BadValue("a number from " + least + " to " + most + " is wanted");
        }
        return (int) number;
    }

    /** A 32-bit number without sign, decimal or {@code 0x} and hexadecimal. */
    static int word(String text) throws BadValue {
        if (text.startsWith("0x") && text.length() > 2 && text.length() <= 10) {
            try {
                return Integer.parseUnsignedInt(text.substring(2), 16);
            } catch (NumberFormatException e) {
                throw new BadValue("after 0x stand hexadecimal digits");
            }
        }
        long number = Digits.parse(text, 0xFFFF_FFFFL);
        if (number < 0) {
            throw new BadValue("a number from 0 to 4294967295 is wanted");
        }
        return (int) number;
    }

    /** Bytes: a number, perhaps with {@code K}, {@code M} or {@code G} to the base of 1024. */
    static long size(String text, long least, long most) throws BadValue {
        int last = text.length() - 1;
        int shift = text.isEmpty()
                ? 0
                : switch (text.charAt(last)) {
                    case 'K' -> 10;
                    case 'M' -> 20;
                    case 'G' -> 30;
                    default -> 0;
                };
        long number = Digits.parse(shift == 0 ? text : text.substring(0, last), most >> shift);
        if (number < 0 || number << shift < least) {
            throw new BadValue("a size is a number of bytes from " + least + " to " + most
                    + ", perhaps with K, M or G, such as 64K");
        }
        return number << shift;
    }

    /** Permission bits in octal, as chmod takes them. */
    static int mode(String text) throws BadValue {
        int mode = 0;
        for (int i = 0; i < text.length(); i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 7) {
                throw badMode();
            }
            mode = mode << 3 | digit;
            if (mode > 0777) {
                throw badMode();
            }
        }
        if (text.isEmpty()) {
            throw badMode();
        }
        return mode;
    }

    private static BadValue badMode() {
        return new BadValue("permissions are octal digits from 0 to 0777, such as 0660");
    }

    /** A user or group by name or number; whether it exists is asked when it is needed. */
    static String account(String text) throws BadValue {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c <= ' ' || c == ':' || c == '/' || c == ',' || Character.isISOControl(c)) {
                throw badAccount();
            }
        }
        boolean number = Digits.isNumber(text);
        if (text.isEmpty() || text.charAt(0) == '-' || (number && Digits.parse(text, 0xFFFF_FFFEL) < 0)) {
            throw badAccount();
        }
        return text;
    }

    private static BadValue badAccount() {
        return new BadValue("one name or one number is wanted, such as nobody or 65534");
    }

    static Service.Limit limit(String text) throws BadValue {
        int colon = text.indexOf(':');
        long soft = oneLimit(colon < 0 ? text : text.substring(0, colon));
        long hard = colon < 0 ? soft : oneLimit(text.substring(colon + 1));
        if (hard >= 0 && (soft < 0 || soft > hard)) {
            throw new BadValue("the first, soft limit is at most the second, hard one, as in 1024:4096");
        }
        return new Service.Limit(soft, hard);
    }

    private static long oneLimit(String text) throws BadValue {
        if (text.equals("unlimited") || text.equals("infinity")) {
            return -1;
        }
        long number = Digits.parse(text, Long.MAX_VALUE);
        if (number < 0) {
            throw new BadValue("a limit is a number or unlimited, or two of them as in 1024:4096");
        }
        return number;
    }

    static ListeningSocket.Rate rate(String text) throws BadValue {
        int slash = text.indexOf('/');
        long connections =
                slash < 0 ? -1 : Digits.parse(text.substring(0, slash).strip(), Integer.MAX_VALUE);
        if (connections < 1) {
            throw new BadValue("a rate is a number of connections in a time, such as 20/1s");
        }
        Duration per = duration(text.substring(slash + 1).strip());
        if (per.isZero()) {
            throw new BadValue("a rate is a number of connections in a time longer than nothing, such as 20/1s");
        }
        return new ListeningSocket.Rate((int) connections, per);
    }

    /** {@code IPTOS_*} of {@code ip(7)} by systemd's names, or a number. */
    static int typeOfService(String text) throws BadValue {
        return switch (text) {
            case "low-delay" -> 0x10;
            case "throughput" -> 0x08;
            case "reliability" -> 0x04;
            case "low-cost" -> 0x02;
            default -> {
                long number = Digits.parse(text, 255);
                if (number < 0) {
                    throw new BadValue(
                            "low-delay, throughput, reliability, low-cost or a number from 0 to 255 is wanted");
                }
                yield (int) number;
            }
        };
    }

    static SocketOptions.BindIpv6Only bindIpv6Only(String text) throws BadValue {
        return switch (text) {
            case "default" -> SocketOptions.BindIpv6Only.DEFAULT;
            case "both" -> SocketOptions.BindIpv6Only.BOTH;
            case "ipv6-only" -> SocketOptions.BindIpv6Only.IPV6_ONLY;
            default -> throw new BadValue("default, both or ipv6-only is wanted");
        };
    }

    static ListeningSocket.Handover handover(String text) throws BadValue {
        return switch (text) {
            case "listen-fds" -> ListeningSocket.Handover.LISTEN_FDS;
            case "stdin" -> ListeningSocket.Handover.STDIN;
            default -> throw new BadValue("listen-fds or stdin is wanted");
        };
    }

    static Service.Log.Stamp stamp(String text) throws BadValue {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "tai64n" -> Service.Log.Stamp.TAI64N;
            case "rfc3339" -> Service.Log.Stamp.RFC3339;
            default -> throw new BadValue("tai64n or rfc3339 is wanted");
        };
    }

    /** A name in LISTEN_FDNAMES: the rule of {@code sd_listen_fds_with_names(3)}. */
    static String descriptorName(String text) throws BadValue {
        boolean valid = !text.isEmpty() && text.length() <= 255;
        for (int i = 0; i < text.length() && valid; i++) {
            char c = text.charAt(i);
            valid = c >= ' ' && c <= '~' && c != ':';
        }
        if (!valid) {
            throw new BadValue("a descriptor's name is 1 to 255 ASCII characters without a colon");
        }
        return text;
    }

    static int signal(String text) throws BadValue {
        OptionalInt signal = Signals.number(text);
        if (signal.isEmpty()) {
            throw new BadValue("a signal is a name such as TERM or SIGTERM, or a number from 1 to 64");
        }
        return signal.getAsInt();
    }
}

package usher.bundles;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import usher.bundles.Address.Transport;
import usher.bundles.Address.UnixType;

/** Reads and writes the address syntax of section "Sockets" of docs/bundle-format.md. */
final class Addresses {
    /** The kernel keeps 108 bytes for a path and its final NUL, or for a NUL and an abstract name ({@code unix(7)}). */
    private static final int LONGEST_UNIX_NAME = 107;

    private static final int LONGEST_PATH = 4095;

    /** IFNAMSIZ less its NUL ({@code netdevice(7)}). */
    private static final int LONGEST_INTERFACE = 15;

    private static final long MAX_UINT32 = 0xFFFF_FFFFL;

    static final String SCOPED = "[fe80::1]:8080" + '%' + "eth0";

    private Addresses() {}

    /** What an address file may hold, for messages. */
    static final String EXAMPLES =
            "an address is such as 8080, 127.0.0.1:8080, [::1]:8080, udp:53, /run/x.sock or @name";

    static Address parse(String text) throws BadValue {
        return parse(text, Ports.system());
    }

    static Address parse(String text, Ports ports) throws BadValue {
        if (text.isEmpty()) {
            throw new BadValue(EXAMPLES);
        }
        for (int i = 0; i < text.length(); i++) {
            if (Character.isISOControl(text.charAt(i)) || text.charAt(i) == '\uFFFD') {
                throw new BadValue("an address is one line of text without control characters");
            }
        }
        char first = text.charAt(0);
        if (first == '/' || first == '@') {
            return unix(UnixType.STREAM, text);
        }
        int colon = text.indexOf(':');
        String scheme = colon < 0 ? "" : text.substring(0, colon);
        String rest = text.substring(colon + 1);
        return switch (scheme) {
            case "tcp" -> inet(Transport.TCP, rest, ports);
            case "udp" -> inet(Transport.UDP, rest, ports);
            case "unix" -> unix(UnixType.STREAM, rest);
            case "unix-dgram" -> unix(UnixType.DGRAM, rest);
            case "unix-seqpacket" -> unix(UnixType.SEQPACKET, rest);
            case "fifo" -> new Address.Fifo(path(rest, LONGEST_PATH, "fifo:/run/x"));
            case "netlink" -> netlink(rest);
            case "vsock" -> vsock(rest);
            default -> inet(Transport.TCP, text, ports);
        };
    }

    private static Address inet(Transport transport, String text, Ports ports) throws BadValue {
        String protocol = transport == Transport.TCP ? "tcp" : "udp";
        if (text.startsWith("[")) {
            return ipv6(transport, text, ports);
        }
        int colon = text.lastIndexOf(':');
        if (colon < 0) {
            if (looksLikeIpv4(text)) {
                throw new BadValue("a port is missing: write " + text + ":8080");
            }
            return new Address.Inet(transport, Optional.empty(), ports.parse(text, protocol), Optional.empty());
        }
        String host = text.substring(0, colon);
        if (host.indexOf(':') >= 0) {
            throw new BadValue("an IPv6 address stands in brackets, such as [::1]:8080");
        }
        if (host.isEmpty() || host.equals("*")) {
            throw new BadValue("for all interfaces write the port alone, such as 8080");
        }
        if (!looksLikeIpv4(host)) {
            throw new BadValue("an address is written in numbers, such as 127.0.0.1:8080 or [::1]:8080, because host"
                    + " names are not looked up");
        }
        ByteBuffer address = InternetAddress.parseIpv4(host);
        int port = ports.parse(text.substring(colon + 1), protocol);
        return new Address.Inet(transport, Optional.of(address), port, Optional.empty());
    }

    private static boolean looksLikeIpv4(String text) {
        boolean dots = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            dots |= c == '.';
            if (c != '.' && (c < '0' || c > '9')) {
                return false;
            }
        }
        return dots;
    }

    private static Address ipv6(Transport transport, String text, Ports ports) throws BadValue {
        int close = text.indexOf("]:");
        if (close < 0) {
            throw new BadValue("an IPv6 address is written as [::1]:8080");
        }
        String host = text.substring(1, close);
        if (host.indexOf('%') >= 0) {
            throw new BadValue("the interface follows the port, as in " + SCOPED);
        }
        ByteBuffer address = InternetAddress.parseIpv6(host);
        String port = text.substring(close + 2);
        int percent = port.indexOf('%');
        Optional<String> scope = percent < 0 ? Optional.empty() : Optional.of(scope(port.substring(percent + 1)));
        String protocol = transport == Transport.TCP ? "tcp" : "udp";
        int number = ports.parse(percent < 0 ? port : port.substring(0, percent), protocol);
        return new Address.Inet(transport, Optional.of(address), number, scope);
    }

    private static String scope(String text) throws BadValue {
        if (!isInterface(text)) {
            throw new BadValue("the percent sign is followed by an interface, as in " + SCOPED);
        }
        return text;
    }

    /** Whether {@code text} may name a network interface: the rule of the kernel's dev_valid_name. */
    static boolean isInterface(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c <= ' ' || c == '/' || c == ':' || c == '%' || Character.isISOControl(c) || Character.isSpaceChar(c)) {
                return false;
            }
        }
        return !text.isEmpty()
                && text.getBytes(StandardCharsets.UTF_8).length <= LONGEST_INTERFACE
                && !text.equals(".")
                && !text.equals("..");
    }

    private static Address unix(UnixType type, String text) throws BadValue {
        if (text.startsWith("@")) {
            String name = text.substring(1);
            if (name.isEmpty() || name.getBytes(StandardCharsets.UTF_8).length > LONGEST_UNIX_NAME) {
                throw new BadValue("an abstract socket has a name of 1 to 107 bytes after the @");
            }
            return new Address.Unix(type, name, true);
        }
        return new Address.Unix(
                type, path(text, LONGEST_UNIX_NAME, "/run/x.sock").toString(), false);
    }

    private static Path path(String text, int longest, String example) throws BadValue {
        if (!text.startsWith("/")) {
            throw new BadValue("a path starts with /, as in " + example);
        }
        Path path = Paths.absolute(text);
        if (path.getNameCount() == 0) {
            throw new BadValue("a path names a file, as in " + example);
        }
        if (path.toString().getBytes(StandardCharsets.UTF_8).length > longest) {
            throw new BadValue("this path has more than the " + longest + " bytes that the kernel takes");
        }
        return path;
    }

    private static Address netlink(String text) throws BadValue {
        int space = text.indexOf(' ');
        String family = space < 0 ? text : text.substring(0, space);
        long group = space < 0 ? 0 : Digits.parse(text.substring(space + 1).strip(), MAX_UINT32);
        int number = NetlinkFamily.number(family);
        if (number < 0 || group < 0) {
            throw new BadValue(
                    "a netlink address is a family of netlink(7) and a group, as in" + " netlink:kobject-uevent 1");
        }
        return new Address.Netlink(NetlinkFamily.name(number), number, (int) group);
    }

    private static Address vsock(String text) throws BadValue {
        int colon = text.indexOf(':');
        String cid = colon < 0 ? "" : text.substring(0, colon);
        long number = cid.isEmpty() ? MAX_UINT32 : Digits.parse(cid, MAX_UINT32);
        // The highest number is VMADDR_PORT_ANY: a port that nobody could know.
        long port = colon < 0 ? -1 : Digits.parse(text.substring(colon + 1), MAX_UINT32 - 1);
        if (number < 0 || port < 1) {
            throw new BadValue("a vsock address is a context's number, or nothing for any, and a port, as in"
                    + " vsock:3:22 or vsock::22");
        }
        Optional<Integer> context = number == MAX_UINT32 ? Optional.empty() : Optional.of((int) number);
        return new Address.Vsock(context, (int) port);
    }

    static boolean isConnectionOriented(Address address) {
        if (address instanceof Address.Inet inet) {
            return inet.transport() == Transport.TCP;
        }
        if (address instanceof Address.Unix unix) {
            return unix.type() != UnixType.DGRAM;
        }
        return address instanceof Address.Vsock;
    }

    static String format(Address.Inet inet) {
        StringBuilder out = new StringBuilder(inet.transport() == Transport.TCP ? "tcp:" : "udp:");
        if (inet.host().isPresent()) {
            ByteBuffer host = inet.host().get();
            String text = InternetAddress.format(host);
            out.append(host.remaining() == 4 ? text : "[" + text + "]").append(':');
        }
        out.append(inet.port());
        if (inet.scope().isPresent()) {
            out.append('%').append(inet.scope().get());
        }
        return out.toString();
    }

    static String format(Address.Unix unix) {
        String scheme = switch (unix.type()) {
            case STREAM -> "unix:";
            case DGRAM -> "unix-dgram:";
            case SEQPACKET -> "unix-seqpacket:";
        };
        return scheme + (unix.isAbstract() ? "@" : "") + unix.name();
    }
}

package usher.bundles;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Reads {@code sockets/}: a file with an address, or a directory with a file per attribute, for each socket. */
final class SocketReader {
    static final List<String> ATTRIBUTES = List.of(
            "accept",
            "allow",
            "backlog",
            "bind-ipv6-only",
            "bind-to-device",
            "broadcast",
            "defer-accept",
            "deny",
            "directory-mode",
            "fd-name",
            "free-bind",
            "group",
            "handover",
            "ip-tos",
            "ip-ttl",
            "keep-alive",
            "keep-alive-interval",
            "keep-alive-probes",
            "keep-alive-time",
            "listen",
            "log-connections",
            "mark",
            "max-connections",
            "max-connections-per-source",
            "mode",
            "no-delay",
            "optional",
            "pass-credentials",
            "pass-packet-info",
            "pipe-size",
            "priority",
            "rate-limit",
            "receive-buffer",
            "remove-on-stop",
            "reuse-port",
            "send-buffer",
            "symlinks",
            "tcp-congestion",
            "transparent",
            "user");

    private SocketReader() {}

    /** The sockets in byte order of their names. */
    static List<ListeningSocket> read(Settings sockets) {
        List<ListeningSocket> found = new ArrayList<>();
        for (String name : sockets.entries()) {
            ListeningSocket socket = read(sockets, name);
            if (socket != null) {
                found.add(socket);
            }
        }
        return found;
    }

    private static @Nullable ListeningSocket read(Settings sockets, String name) {
        Stat stat = sockets.reading().stat(sockets.path(name), sockets.source(name));
        if (stat == null) {
            return null;
        }
        if (stat.isDirectory()) {
            return readLong(sockets, name);
        }
        try {
            SocketDraft draft = new SocketDraft();
            Address address = Addresses.parse(sockets.line(name));
            draft.fdName = Optional.of(Values.descriptorName(name));
            return draft.socket(name, sockets.source(name), address);
        } catch (BadValue e) {
            sockets.reject(name, e);
            return null;
        }
    }

    private static @Nullable ListeningSocket readLong(Settings sockets, String name) {
        Settings attributes = sockets.inner(name);
        if (attributes == null) {
            return null;
        }
        SocketDraft draft = new SocketDraft();
        for (String attribute : attributes.names()) {
            try {
                if (!identity(attribute, attributes, draft)
                        && !connections(attribute, attributes, draft)
                        && !options(attribute, attributes, draft)) {
                    attributes.reportUnknown(attribute, ATTRIBUTES);
                }
            } catch (BadValue e) {
                attributes.reject(attribute, e);
            }
        }
        if (!attributes.has("listen")) {
            String remedy = "write the address into " + attributes.source("listen");
            attributes.reading().error(attributes.source(), "holds no file listen, so has no address", remedy);
        }
        Address address = draft.address;
        if (address == null) {
            return null;
        }
        ListeningSocket socket = named(attributes, name, draft, address);
        if (socket != null) {
            SocketRules.check(socket, attributes);
        }
        return socket;
    }

    private static @Nullable ListeningSocket named(
            Settings attributes, String name, SocketDraft draft, Address address) {
        if (draft.fdName.isEmpty()) {
            try {
                Values.descriptorName(name);
            } catch (BadValue e) {
                String remedy = "write another name into " + attributes.source("fd-name");
                attributes
                        .reading()
                        .error(attributes.source(), "gives its descriptor no good name: " + e.why(), remedy);
                return null;
            }
        }
        return draft.socket(name, attributes.source("listen"), address);
    }

    /** What it is: address, handover, name and node. */
    private static boolean identity(String name, Settings from, SocketDraft draft) throws BadValue {
        switch (name) {
            case "listen" -> draft.address = Addresses.parse(from.line(name));
            case "accept" -> draft.accept = from.flag(name);
            case "handover" -> draft.handover = Values.handover(from.line(name));
            case "fd-name" -> draft.fdName = Optional.of(Values.descriptorName(from.line(name)));
            case "optional" -> draft.optional = from.flag(name);
            case "user" -> draft.user = Optional.of(Values.account(from.line(name)));
            case "group" -> draft.group = Optional.of(Values.account(from.line(name)));
            case "mode" -> draft.mode = Values.mode(from.line(name));
            case "directory-mode" -> draft.directoryMode = Values.mode(from.line(name));
            case "remove-on-stop" -> draft.removeOnStop = from.flag(name);
            case "symlinks" -> draft.symlinks = symlinks(from.inner(name));
            default -> {
                return false;
            }
        }
        return true;
    }

    private static List<String> symlinks(@Nullable Settings files) {
        List<String> paths = new ArrayList<>();
        if (files == null) {
            return paths;
        }
        for (String name : files.entries()) {
            try {
                paths.add(Paths.absolute(files.line(name)).toString());
            } catch (BadValue e) {
                files.reject(name, e);
            }
        }
        return paths;
    }

    /** Limits and access of connections that are accepted for the daemon. */
    private static boolean connections(String name, Settings from, SocketDraft draft) throws BadValue {
        switch (name) {
            case "max-connections" -> draft.maxConnections = from.number(name, 1, Integer.MAX_VALUE);
            case "max-connections-per-source" -> draft.maxPerSource = positive(name, from);
            case "allow" -> allow(name, from, draft);
            case "deny" -> draft.deny.addAll(Prefix.parseLines(from.text(name)));
            case "rate-limit" -> draft.rateLimit = Optional.of(Values.rate(from.line(name)));
            case "log-connections" -> draft.logConnections = from.flag(name);
            default -> {
                return false;
            }
        }
        return true;
    }

    /** Who is on no list of those allowed is not, even if nobody is on it. */
    private static void allow(String name, Settings from, SocketDraft draft) throws BadValue {
        draft.allow = Prefix.parseLines(from.text(name));
        if (draft.allow.isEmpty()) {
            draft.deny.addAll(Prefix.EVERYBODY);
            from.reading()
                    .warn(from.source(name), "names nobody, so nobody may connect", "name somebody, or remove it");
        }
    }

    /** What setsockopt and its like are told. */
    private static boolean options(String name, Settings from, SocketDraft draft) throws BadValue {
        switch (name) {
            case "backlog" -> draft.backlog = OptionalInt.of(from.number(name, 0, Integer.MAX_VALUE));
            case "bind-ipv6-only" -> draft.bindIpv6Only = Values.bindIpv6Only(from.line(name));
            case "bind-to-device" -> draft.bindToDevice = Optional.of(interfaceName(from.line(name)));
            case "free-bind" -> draft.freeBind = from.flag(name);
            case "transparent" -> draft.transparent = from.flag(name);
            case "reuse-port" -> draft.reusePort = from.flag(name);
            case "no-delay" -> draft.noDelay = from.flag(name);
            case "keep-alive" -> draft.keepAlive = from.flag(name);
            case "keep-alive-time" -> draft.keepAliveTime = seconds(name, from);
            case "keep-alive-interval" -> draft.keepAliveInterval = seconds(name, from);
            case "keep-alive-probes" -> draft.keepAliveProbes = positive(name, from);
            case "defer-accept" -> draft.deferAccept = seconds(name, from);
            case "priority" -> draft.priority = OptionalInt.of(from.number(name, 0, Integer.MAX_VALUE));
            case "mark" -> draft.mark = OptionalInt.of(Values.word(from.line(name)));
            case "ip-tos" -> draft.ipTos = OptionalInt.of(Values.typeOfService(from.line(name)));
            case "ip-ttl" -> draft.ipTtl = OptionalInt.of(from.number(name, 1, 255));
            case "receive-buffer" -> draft.receiveBuffer = size(name, from);
            case "send-buffer" -> draft.sendBuffer = size(name, from);
            case "pipe-size" -> draft.pipeSize = size(name, from);
            case "pass-credentials" -> draft.passCredentials = from.flag(name);
            case "pass-packet-info" -> draft.passPacketInfo = from.flag(name);
            case "broadcast" -> draft.broadcast = from.flag(name);
            case "tcp-congestion" -> draft.tcpCongestion = Optional.of(congestion(from.line(name)));
            default -> {
                return false;
            }
        }
        return true;
    }

    private static OptionalInt positive(String name, Settings from) throws BadValue {
        return OptionalInt.of(from.number(name, 1, Integer.MAX_VALUE));
    }

    private static OptionalInt size(String name, Settings from) throws BadValue {
        return OptionalInt.of((int) Values.size(from.line(name), 1, Integer.MAX_VALUE));
    }

    /** A duration that reaches the kernel in whole seconds. */
    private static Optional<Duration> seconds(String name, Settings from) throws BadValue {
        Duration duration = Values.duration(from.line(name));
        if (duration.toMillis() < 1000) {
            throw new BadValue("the kernel counts this in whole seconds, so at least 1s is wanted, such as 90s (a bare"
                    + " number is milliseconds)");
        }
        return Optional.of(duration);
    }

    private static String interfaceName(String text) throws BadValue {
        if (!Addresses.isInterface(text)) {
            throw new BadValue("an interface's name is 1 to 15 bytes without slash, colon or space, such as eth0");
        }
        return text;
    }

    private static String congestion(String text) throws BadValue {
        // TCP_CA_NAME_MAX is 16, with the final NUL.
        if (!Addresses.isInterface(text)) {
            throw new BadValue("the name of an algorithm of tcp(7) is wanted, such as cubic");
        }
        return text;
    }
}

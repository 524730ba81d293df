package usher.bundles;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** What makes no sense together, in one socket's attributes and among the sockets of one bundle. */
final class SocketRules {
    /** What the launcher does for connections it accepts, and could not hold a daemon to that accepts itself. */
    private static final List<String> OF_ACCEPT =
            List.of("allow", "deny", "max-connections", "max-connections-per-source", "rate-limit");

    private static final List<String> OF_TCP = List.of(
            "no-delay",
            "keep-alive",
            "keep-alive-time",
            "keep-alive-interval",
            "keep-alive-probes",
            "defer-accept",
            "tcp-congestion");

    private static final List<String> OF_INTERNET =
            List.of("bind-ipv6-only", "bind-to-device", "free-bind", "transparent", "reuse-port", "ip-tos", "ip-ttl");

    private static final List<String> OF_NODES =
            List.of("user", "group", "mode", "directory-mode", "remove-on-stop", "symlinks");

    private SocketRules() {}

    /** Checks one socket in the long form. */
    static void check(ListeningSocket socket, Settings attributes) {
        Reading reading = attributes.reading();
        if (socket.accept() && !socket.address().isConnectionOriented()) {
            String message = "a process per connection needs connections, and " + socket.address() + " has none";
            reading.error(attributes.source("accept"), message, "remove this file, or listen on tcp: or unix:");
        }
        if (!socket.accept()) {
            for (String name : OF_ACCEPT) {
                if (attributes.has(name)) {
                    String message = "would not hold, because without accept the daemon itself takes the connections";
                    reading.error(attributes.source(name), message, "remove it, or add an empty file accept beside it");
                }
            }
            if (attributes.has("log-connections")) {
                reading.warn(attributes.source("log-connections"), "has no effect without accept", "");
            }
        }
        boolean internet = socket.address() instanceof Address.Inet;
        if (socket.accept()) {
            warnUnless(internet, List.of("allow", "deny"), "TCP", attributes, socket.address());
        }
        OptionalInt perSource = socket.connections().maxPerSource();
        if (socket.accept()
                && perSource.isPresent()
                && perSource.getAsInt() > socket.connections().max()) {
            String message = "holds \"" + perSource.getAsInt() + "\", but there are never more than "
                    + socket.connections().max() + " connections";
            reading.warn(attributes.source("max-connections-per-source"), message, "raise max-connections");
        }
        Address address = socket.address();
        boolean tcp = internet && address.isConnectionOriented();
        boolean node = address instanceof Address.Fifo || (address instanceof Address.Unix unix && !unix.isAbstract());
        warnUnless(tcp, OF_TCP, "TCP", attributes, address);
        warnUnless(internet, OF_INTERNET, "TCP and UDP", attributes, address);
        warnUnless(node, OF_NODES, "Unix sockets with a path and for FIFOs", attributes, address);
        warnUnless(address instanceof Address.Fifo, List.of("pipe-size"), "FIFOs", attributes, address);
    }

    private static void warnUnless(
            boolean fits, List<String> names, String kind, Settings attributes, Address address) {
        if (fits) {
            return;
        }
        for (String name : names) {
            if (attributes.has(name)) {
                String message = "has no effect on " + address + ": it is for " + kind;
                attributes.reading().warn(attributes.source(name), message, "");
            }
        }
    }

    /**
     * Checks a bundle's sockets against each other and against what it runs.
     *
     * @param top the bundle's directory
     * @param files where the service's settings lie, which is the bundle's directory if that is a plain one
     */
    static void check(
            List<ListeningSocket> sockets,
            @Nullable Service service,
            Settings top,
            @Nullable Settings files,
            Reading reading) {
        Map<String, ListeningSocket> byAddress = new HashMap<>();
        List<String> accepting = new ArrayList<>();
        List<String> listening = new ArrayList<>();
        for (ListeningSocket socket : sockets) {
            (socket.accept() ? accepting : listening).add(socket.name());
            checkStdin(socket, sockets, top, reading);
            checkScope(socket, reading);
            String address = socket.address().place() + " on "
                    + socket.options().bindToDevice().orElse("any interface");
            ListeningSocket other = byAddress.putIfAbsent(address, socket);
            if (other != null && Collision.between(socket, other)) {
                String message = "holds " + socket.address() + ", where " + other.source() + " listens already";
                reading.error(socket.source(), message, "");
            }
        }
        String directory = top.source("sockets");
        if (!accepting.isEmpty() && !listening.isEmpty()) {
            String message = "mixes sockets with accept (" + String.join(", ", accepting) + ") and without it ("
                    + String.join(", ", listening) + "), and one run cannot serve both";
            reading.error(directory, message, "make two bundles of it");
        }
        if (!sockets.isEmpty() && (service == null || !service.has(Service.Script.RUN))) {
            String message = "listens, but there is no run that could serve those who connect";
            reading.error(
                    directory,
                    message,
                    "put an executable run into " + (files == null ? top.source("service") : files.source()));
        }
        if (service != null && files != null) {
            checkNotification(sockets, service, files, reading);
        }
    }

    private static void checkStdin(
            ListeningSocket socket, List<ListeningSocket> sockets, Settings top, Reading reading) {
        boolean takesStdin = socket.handover() == ListeningSocket.Handover.STDIN && !socket.accept();
        if (takesStdin && sockets.size() > 1) {
            String message = "hands " + socket.name() + " over on descriptor 0, where there is room for one socket, but"
                    + " the bundle has " + sockets.size();
            reading.error(top.source("sockets/" + socket.name() + "/handover"), message, "use listen-fds");
        }
    }

    private static void checkScope(ListeningSocket socket, Reading reading) {
        if (socket.address() instanceof Address.Inet inet
                && inet.scope().isEmpty()
                && inet.host().isPresent()
                && inet.host().get().remaining() == 16
                && (inet.host().get().getShort(0) & 0xFFC0) == 0xFE80
                && socket.options().bindToDevice().isEmpty()) {
            String message = "holds " + inet + ": a link-local address means nothing without an interface";
            reading.warn(socket.source(), message, "add it, as in " + Addresses.SCOPED);
        }
    }

    private static void checkNotification(
            List<ListeningSocket> sockets, Service service, Settings files, Reading reading) {
        OptionalInt descriptor = service.notificationFd();
        if (descriptor.isEmpty()) {
            return;
        }
        int passed = 0;
        boolean perConnection = false;
        for (ListeningSocket socket : sockets) {
            passed += socket.handover() == ListeningSocket.Handover.LISTEN_FDS ? 1 : 0;
            perConnection |= socket.accept();
        }
        // One process has one connection, however many sockets it may have come from.
        int last = 2 + (perConnection ? Math.min(1, passed) : passed);
        if (descriptor.getAsInt() <= last) {
            String taken = last == 2
                    ? "descriptors 0 to 2 are standard input, output and error"
                    : "descriptors 0 to " + last + " are the standard ones and the sockets";
            reading.error(
                    files.source("notification-fd"),
                    "holds \"" + descriptor.getAsInt() + "\": " + taken,
                    "use " + (last + 1) + " or more");
        }
    }
}

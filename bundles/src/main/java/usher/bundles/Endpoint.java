package usher.bundles;

import java.util.Map;
import java.util.Optional;

/**
 * Where an imported service listens.
 *
 * @param protocol as the other system calls it: {@code tcp}, {@code udp6}, {@code unix}
 * @param listen as the file of this name is to have it
 * @param address what that says
 * @param attributes of the socket that belong to it
 */
record Endpoint(String protocol, String listen, Address address, Map<String, String> attributes) {

    /** Of which version of the Internet protocol a socket without address is. */
    enum Family {
        FOUR,
        SIX,
        /** IPv6, and IPv4 through it. */
        BOTH,
        /** As the address says, and IPv4 without one. */
        AS_GIVEN
    }

    /**
     * The endpoint of an Internet service.
     *
     * @param host a number, {@code localhost}, or nothing or {@code *} for all interfaces
     * @param port number or name
     * @throws BadValue if the host is a name, or of another family, or the port is unknown
     */
    static Endpoint internet(String protocol, boolean udp, String host, String port, Family family, Ports ports)
            throws BadValue {
        String bare = host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
        String scheme = udp ? "udp:" : "";
        String address;
        Map<String, String> attributes = Map.of();
        if (bare.isEmpty() || bare.equals("*")) {
            address = scheme + (family == Family.BOTH ? "" : family == Family.SIX ? "[::]:" : "0.0.0.0:") + port;
            attributes = family == Family.SIX ? Map.of("bind-ipv6-only", "ipv6-only") : attributes;
        } else if (bare.equals("localhost") && family != Family.BOTH) {
            address = scheme + (family == Family.SIX ? "[::1]:" : "127.0.0.1:") + port;
        } else {
            boolean six = bare.indexOf(':') >= 0;
            if (six ? family == Family.FOUR : family == Family.SIX) {
                throw new BadValue(Shown.quoted(bare) + " is no address of " + protocol);
            }
            int percent = bare.indexOf('%');
            String scope = percent < 0 ? "" : bare.substring(percent);
            String number = percent < 0 ? bare : bare.substring(0, percent);
            address = scheme + (six ? "[" + number + "]:" : number + ":") + port + scope;
        }
        return new Endpoint(protocol, address, Addresses.parse(address, ports), attributes);
    }

    /** The endpoint at a path, whose node may be given an owner, a group and a mode. */
    static Endpoint unix(String type, String path, Map<String, String> node) throws BadValue {
        String scheme = type.equals("stream") ? "" : "unix-" + type + ":";
        if (!path.startsWith("/")) {
            throw new BadValue("a path starts with /");
        }
        return new Endpoint("unix", scheme + path, Addresses.parse(scheme + path), node);
    }

    /** The port of a service by the services database, or, for one that inetd brings itself, by its RFC. */
    static String port(String service, boolean udp, Ports ports) {
        Optional<BuiltIns> builtIn = BuiltIns.named(service);
        try {
            ports.parse(service, udp ? "udp" : "tcp");
            return service;
        } catch (BadValue e) {
            return builtIn.map(known -> Integer.toString(known.port())).orElse(service);
        }
    }
}

package usher.bundles;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The third word of inetd's lines: {@code tcp}, {@code udp} or {@code unix}; the first two perhaps with {@code 4},
 * {@code 6} or {@code 46}, and on NetBSD with sizes of buffers as in {@code tcp,sndbuf=16k}.
 *
 * @param attributes of the socket
 */
record InetdProtocol(String name, boolean udp, boolean unix, Endpoint.Family family, Map<String, String> attributes) {

    static InetdProtocol parse(String text, String type) throws BadValue {
        String[] parts = text.split(",", -1);
        String name = parts[0];
        if (name.startsWith("rpc/")) {
            throw new BadValue("it is an RPC service, and usher does not register with the portmapper");
        }
        boolean unix = name.equals("unix");
        boolean udp = name.startsWith("udp");
        if (!unix && !udp && !name.startsWith("tcp")) {
            throw bad(name);
        }
        boolean fits = unix ? !type.equals("raw") && !type.equals("rdm") : type.equals(udp ? "dgram" : "stream");
        if (!fits || !InetdServices.SOCKET_TYPES.contains(type)) {
            throw new BadValue("the type is " + Shown.quoted(type) + ", but with " + name + " must be "
                    + (unix ? "stream, dgram or seqpacket" : udp ? "dgram" : "stream"));
        }
        Endpoint.Family family = unix
                ? Endpoint.Family.AS_GIVEN
                : switch (name.substring(3)) {
                    case "" -> Endpoint.Family.AS_GIVEN;
                    case "4" -> Endpoint.Family.FOUR;
                    case "6" -> Endpoint.Family.SIX;
                    case "46", "64" -> Endpoint.Family.BOTH;
                    default -> throw bad(name);
                };
        Map<String, String> attributes = new TreeMap<>();
        for (String option : List.of(parts).subList(1, parts.length)) {
            buffer(option, attributes);
        }
        return new InetdProtocol(name, udp, unix, family, attributes);
    }

    private static BadValue bad(String name) {
        return new BadValue("the protocol is " + Shown.quoted(name)
                + ", but usher has tcp and udp, perhaps with 4, 6 or" + " 46, and unix");
    }

    private static void buffer(String option, Map<String, String> attributes) throws BadValue {
        String name =
                option.startsWith("sndbuf=") ? "send-buffer" : option.startsWith("rcvbuf=") ? "receive-buffer" : "";
        String size = option.substring(Math.min("sndbuf=".length(), option.length()))
                .replace('k', 'K')
                .replace('m', 'M');
        if (name.isEmpty()) {
            throw new BadValue("after the protocol stands " + Shown.quoted(option) + ", but may stand sndbuf=SIZE or"
                    + " rcvbuf=SIZE");
        }
        Values.size(size, 1, Integer.MAX_VALUE);
        attributes.put(name, size);
    }
}

package usher.activation;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Optional;
import java.util.stream.Stream;
import usher.bundles.Address;

/** Finds who has an address that is in use, as far as /proc shows it to us. */
final class Holders {
    private static final int TCP_LISTEN = 10;

    private Holders() {}

    /** {@code pid 123 (nginx)}; empty where it cannot be seen, such as another user's process. */
    static Optional<String> of(Address address) {
        return inodes(address).flatMap(inode -> ProcNet.owner(inode).stream()).findFirst();
    }

    private static Stream<Long> inodes(Address address) {
        if (address instanceof Address.Unix unix) {
            String name = (unix.isAbstract() ? "@" : "") + unix.name();
            return ProcNet.unix()
                    .filter(row -> row.name().equals(name) && row.inode() != 0)
                    .map(ProcNet.Unix::inode);
        }
        if (address instanceof Address.Inet inet) {
            boolean tcp = inet.transport() == Address.Transport.TCP;
            String table = tcp ? "tcp" : "udp";
            return Stream.concat(ProcNet.inet(table), ProcNet.inet(table + "6"))
                    .filter(row -> row.localPort() == inet.port() && row.inode() != 0)
                    .filter(row -> !tcp || row.state() == TCP_LISTEN)
                    .filter(row -> row.isWildcard()
                            || inet.host().isEmpty()
                            || isAt(row, inet.host().get()))
                    .map(ProcNet.Inet::inode);
        }
        return Stream.empty();
    }

    /** The table shows addresses as 32-bit words in the machine's byte order. */
    private static boolean isAt(ProcNet.Inet row, ByteBuffer host) {
        byte[] bytes = new byte[host.remaining()];
        host.duplicate().get(bytes);
        for (int word = 0; word < bytes.length; word += 4) {
            byte first = bytes[word];
            byte second = bytes[word + 1];
            bytes[word] = bytes[word + 3];
            bytes[word + 1] = bytes[word + 2];
            bytes[word + 2] = second;
            bytes[word + 3] = first;
        }
        return row.local().startsWith(HexFormat.of().withUpperCase().formatHex(bytes) + ":");
    }
}

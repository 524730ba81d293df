package usher.bundles;

/** Reads and writes the address syntax of section "Sockets" of docs/bundle-format.md. */
final class Addresses {
    private Addresses() {}

    static boolean isConnectionOriented(Address address) {
        return address instanceof Address.Vsock;
    }

    static String format(Address address) {
        return address.getClass().getName();
    }
}

package usher.bundles;

/** Reads and writes the address syntax of section "Sockets" of docs/bundle-format.md. */
final class Addresses {
    private Addresses() {}

    static boolean isConnectionOriented(Address address) {
        throw new UnsupportedOperationException();
    }

    static String format(Address address) {
        throw new UnsupportedOperationException();
    }
}

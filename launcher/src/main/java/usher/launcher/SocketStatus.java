package usher.launcher;

import usher.bundles.BundleName;

/**
 * What the verb sockets says of one socket.
 *
 * @param address in its canonical form
 * @param socket its name within the bundle
 * @param fdName its name in LISTEN_FDNAMES
 * @param state {@code listening}, {@code handed over} (a daemon has it), {@code waiting}, {@code closed}
 * @param taken connections taken, as far as the launcher can know: those it accepted itself
 * @param refused connections closed by a limit or a rule
 * @param detail why it is as it is, or what is to come, a phrase for people, or empty
 */
record SocketStatus(
        String address,
        BundleName bundle,
        String socket,
        String fdName,
        String state,
        long taken,
        long refused,
        String detail) {}

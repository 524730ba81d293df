package usher.activation;

import java.util.Optional;
import usher.activation.posix.Errno;
import usher.activation.posix.PosixException;
import usher.bundles.Address;
import usher.bundles.ListeningSocket;

/** Turns the error of an attempt to open a socket into words: which file, which address, why, what to do. */
final class OpenFailures {
    /** Calls whose sentence here says more than "could not". */
    static final String BIND = "listen";

    static final String IN_THE_WAY = "replace";
    static final String ANOTHERS = "take over";
    static final String LONG_NAME = "use";

    private OpenFailures() {}

    static Opening.OpenFailure of(ListeningSocket declaration, PosixException failure) {
        String message = declaration.source() + ": " + declaration.address() + ": " + reason(declaration, failure);
        return new Opening.OpenFailure(kind(failure), message);
    }

    private static Opening.Kind kind(PosixException failure) {
        if (failure.call().equals(IN_THE_WAY)) {
            return Opening.Kind.PERMANENT;
        }
        return switch (failure.errno()) {
            case Errno.EADDRINUSE -> Opening.Kind.IN_USE;
            case Errno.EADDRNOTAVAIL, Errno.ENODEV, Errno.ENETDOWN, Errno.ENETUNREACH -> Opening.Kind.NOT_YET;
            case Errno.EMFILE, Errno.ENFILE, Errno.ENOMEM, Errno.ENOBUFS -> Opening.Kind.RESOURCES;
            default -> Opening.Kind.PERMANENT;
        };
    }

    private static String reason(ListeningSocket declaration, PosixException failure) {
        return switch (failure.call()) {
            case BIND -> bindReason(declaration, failure);
            case IN_THE_WAY ->
                failure.object() + " is in the way: it is not a "
                        + (declaration.address() instanceof Address.Fifo ? "FIFO" : "socket")
                        + " (move it, or listen elsewhere)";
            case ANOTHERS ->
                failure.object() + " is there already and belongs to neither root, nor the launcher's user, nor the"
                        + " socket's `user` (remove it, or listen elsewhere)";
            case LONG_NAME -> "the name is longer than a Unix socket's may be, 107 bytes";
            default -> failure.getMessage();
        };
    }

    private static String bindReason(ListeningSocket declaration, PosixException failure) {
        Address address = declaration.address();
        return switch (failure.errno()) {
            case Errno.EADDRINUSE -> Errno.text(failure.errno()) + holder(address);
            case Errno.EADDRNOTAVAIL ->
                "no interface of this machine has this address"
                        + " (it is opened once one has; free-bind opens it at once)";
            case Errno.EACCES, Errno.EPERM ->
                Errno.text(failure.errno())
                        + (address instanceof Address.Inet inet && inet.port() < 1024
                                ? " (ports below 1024 need root, CAP_NET_BIND_SERVICE, or a lower"
                                        + " sysctl net.ipv4.ip_unprivileged_port_start)"
                                : "");
            default -> Errno.text(failure.errno()) + " (" + Errno.name(failure.errno()) + ")";
        };
    }

    private static String holder(Address address) {
        Optional<String> holder = Holders.of(address);
        return holder.map(who -> " by " + who).orElse("");
    }
}

package usher.activation;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import usher.activation.posix.IpText;
import usher.activation.posix.PeerCredentials;
import usher.activation.posix.SockAddr;

/** What a process that serves one connection learns of it: UCSPI's variables, and systemd's REMOTE_ADDR. */
public final class Ucspi {
    /** All names that {@link #of} may set. */
    static final List<String> NAMES = List.of(
            "PROTO",
            "TCPREMOTEIP",
            "TCPREMOTEPORT",
            "TCPLOCALIP",
            "TCPLOCALPORT",
            "UNIXREMOTEPID",
            "UNIXREMOTEEUID",
            "UNIXREMOTEEGID",
            "UNIXLOCALPATH",
            "REMOTE_ADDR",
            "REMOTE_PORT");

    private Ucspi() {}

    /** The environment without what a connection will set, so that nothing is there twice or out of date. */
    public static Environment prepare(Environment environment) {
        return environment.without(NAMES);
    }

    /** {@code NAME=value} each; IPv4 peers of an IPv6 socket appear as IPv4. */
    public static List<String> of(Acceptance.Connection connection) {
        List<String> variables = new ArrayList<>(8);
        if (connection.peer() instanceof SockAddr.Inet peer) {
            String address = IpText.of(peer.host());
            variables.add("PROTO=TCP");
            variables.add("TCPREMOTEIP=" + address);
            variables.add("TCPREMOTEPORT=" + peer.port());
            if (connection.local() instanceof SockAddr.Inet local) {
                variables.add("TCPLOCALIP=" + IpText.of(local.host()));
                variables.add("TCPLOCALPORT=" + local.port());
            }
            variables.add("REMOTE_ADDR=" + address);
            variables.add("REMOTE_PORT=" + peer.port());
        } else if (connection.peer() instanceof SockAddr.Unix peer) {
            unix(connection, peer, variables);
        } else if (connection.peer() instanceof SockAddr.Vsock peer) {
            variables.add("PROTO=VSOCK");
            variables.add("REMOTE_ADDR=" + Integer.toUnsignedString(peer.cid()));
            variables.add("REMOTE_PORT=" + Integer.toUnsignedString(peer.port()));
        }
        return variables;
    }

    private static void unix(Acceptance.Connection connection, SockAddr.Unix peer, List<String> variables) {
        variables.add("PROTO=UNIX");
        Optional<PeerCredentials> credentials = connection.credentials();
        if (credentials.isPresent()) {
            variables.add("UNIXREMOTEPID=" + credentials.get().pid());
            variables.add("UNIXREMOTEEUID="
                    + Integer.toUnsignedString(credentials.get().uid()));
            variables.add("UNIXREMOTEEGID="
                    + Integer.toUnsignedString(credentials.get().gid()));
        }
        if (connection.local() instanceof SockAddr.Unix local && !local.name().isEmpty()) {
            variables.add("UNIXLOCALPATH=" + local);
        }
        // A name that the peer chose, so it must fit into a C string; credentials are what can be relied on.
        if (!peer.name().isEmpty() && peer.name().indexOf('\0') < 0) {
            variables.add("REMOTE_ADDR=" + peer);
        }
    }
}

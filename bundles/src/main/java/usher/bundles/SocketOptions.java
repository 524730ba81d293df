package usher.bundles;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Options set on a listening socket, with the meaning, units and defaults of {@code systemd.socket(5)}; an absent
 * option is not set at all. Sizes are bytes, times are whole seconds when they reach the kernel.
 */
public record SocketOptions(
        OptionalInt backlog,
        BindIpv6Only bindIpv6Only,
        Optional<String> bindToDevice,
        boolean freeBind,
        boolean transparent,
        boolean reusePort,
        boolean noDelay,
        boolean keepAlive,
        Optional<Duration> keepAliveTime,
        Optional<Duration> keepAliveInterval,
        OptionalInt keepAliveProbes,
        Optional<Duration> deferAccept,
        OptionalInt priority,
        OptionalInt mark,
        OptionalInt ipTos,
        OptionalInt ipTtl,
        OptionalInt receiveBuffer,
        OptionalInt sendBuffer,
        OptionalInt pipeSize,
        boolean passCredentials,
        boolean passPacketInfo,
        boolean broadcast,
        Optional<String> tcpCongestion) {

    /** Nothing set: the kernel's defaults. */
    public static final SocketOptions NONE = new SocketDraft().options();

    /** Whether an IPv6 socket takes IPv4 peers too: as the sysctl says, yes, or no. */
    public enum BindIpv6Only {
        DEFAULT,
        BOTH,
        IPV6_ONLY
    }
}

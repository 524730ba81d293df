package usher.bundles;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** A socket while its attributes are read one after the other; what none of them says keeps its default. */
final class SocketDraft {
    @Nullable
    Address address;

    boolean accept;
    ListeningSocket.@Nullable Handover handover;
    Optional<String> fdName = Optional.empty();
    boolean optional;

    int maxConnections = 64;
    OptionalInt maxPerSource = OptionalInt.empty();
    List<Prefix> allow = List.of();
    final List<Prefix> deny = new ArrayList<>();
    Optional<ListeningSocket.Rate> rateLimit = Optional.empty();
    boolean logConnections;

    Optional<String> user = Optional.empty();
    Optional<String> group = Optional.empty();
    int mode = 0666;
    int directoryMode = 0755;
    boolean removeOnStop;
    List<String> symlinks = List.of();

    OptionalInt backlog = OptionalInt.empty();
    SocketOptions.BindIpv6Only bindIpv6Only = SocketOptions.BindIpv6Only.DEFAULT;
    Optional<String> bindToDevice = Optional.empty();
    boolean freeBind;
    boolean transparent;
    boolean reusePort;
    boolean noDelay;
    boolean keepAlive;
    Optional<Duration> keepAliveTime = Optional.empty();
    Optional<Duration> keepAliveInterval = Optional.empty();
    OptionalInt keepAliveProbes = OptionalInt.empty();
    Optional<Duration> deferAccept = Optional.empty();
    OptionalInt priority = OptionalInt.empty();
    OptionalInt mark = OptionalInt.empty();
    OptionalInt ipTos = OptionalInt.empty();
    OptionalInt ipTtl = OptionalInt.empty();
    OptionalInt receiveBuffer = OptionalInt.empty();
    OptionalInt sendBuffer = OptionalInt.empty();
    OptionalInt pipeSize = OptionalInt.empty();
    boolean passCredentials;
    boolean passPacketInfo;
    boolean broadcast;
    Optional<String> tcpCongestion = Optional.empty();

    ListeningSocket socket(String name, String source, Address at) {
        ListeningSocket.Handover usual = accept ? ListeningSocket.Handover.STDIN : ListeningSocket.Handover.LISTEN_FDS;
        return new ListeningSocket(
                name,
                source,
                at,
                accept,
                handover == null ? usual : handover,
                fdName.orElse(name),
                optional,
                new ListeningSocket.Connections(maxConnections, maxPerSource, allow, deny, rateLimit, logConnections),
                options(),
                new ListeningSocket.Node(user, group, mode, directoryMode, removeOnStop, symlinks));
    }

    SocketOptions options() {
        return new SocketOptions(
                backlog,
                bindIpv6Only,
                bindToDevice,
                freeBind,
                transparent,
                reusePort,
                noDelay,
                keepAlive,
                keepAliveTime,
                keepAliveInterval,
                keepAliveProbes,
                deferAccept,
                priority,
                mark,
                ipTos,
                ipTtl,
                receiveBuffer,
                sendBuffer,
                pipeSize,
                passCredentials,
                passPacketInfo,
                broadcast,
                tcpCongestion);
    }
}

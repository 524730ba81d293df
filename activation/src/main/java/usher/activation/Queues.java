package usher.activation;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import usher.activation.posix.LogCalls;
import usher.activation.posix.Nodes;
import usher.activation.posix.PosixException;
import usher.activation.posix.SockAddr;
import usher.activation.posix.SocketDiag;
import usher.activation.posix.SocketOption;
import usher.activation.posix.Sockets;
import usher.bundles.Address;

/**
 * Looks into the queues of listening sockets without taking anything off them. Whose connections wait there the kernel
 * says when asked ({@link SocketDiag}); where it does not, they show in /proc/net with inode 0. A datagram can be peeked
 * at.
 */
final class Queues {
    private static final int ESTABLISHED = 1;
    /** The peer has closed its side; accepted connections in this state have an inode. */
    private static final int CLOSE_WAIT = 8;
    /** As /proc/net/unix shows a connection that no process has a descriptor of. */
    private static final int UNIX_CONNECTING = 2;
    /** {@code tcpi_unacked}, which of a listening socket is the length of its queue ({@code tcp(7)}). */
    private static final int TCPI_UNACKED = 24;

    private static final int PEEK = 256;

    private Queues() {}

    /** All that is told at once: of TCP, only how many wait. */
    static QueueMark glance(Listener listener) {
        Address address = listener.declaration().address();
        if (isTcp(listener)) {
            return new QueueMark(Set.of(), length(listener), Optional.empty());
        } else if (address instanceof Address.Unix unix && unix.type() != Address.UnixType.DGRAM) {
            return unix(listener, (unix.isAbstract() ? "@" : "") + unix.name());
        } else if (address instanceof Address.Inet
                || address instanceof Address.Unix
                || address instanceof Address.Netlink) {
            return new QueueMark(Set.of(), -1, head(listener));
        }
        return address instanceof Address.Fifo ? new QueueMark(Set.of(), -1, bytes(listener)) : QueueMark.NOTHING_KNOWN;
    }

    /** The first bytes in a FIFO, which stay there ({@code tee(2)}). */
    private static Optional<String> bytes(Listener listener) {
        if (!listener.isReadable()) {
            return Optional.empty();
        }
        try (Pipe copy = Pipe.open()) {
            int got =
                    LogCalls.tee(listener.descriptor().number(), copy.writeEnd().number(), PEEK);
            byte[] start = new byte[Math.max(got, 0)];
            return got > 0 && copy.read(start) == got ? Optional.of(Arrays.toString(start)) : Optional.empty();
        } catch (PosixException outOfDescriptors) {
            return Optional.empty();
        }
    }

    /** The mark that begins with this glance. Of TCP, who waits is looked up now, which takes milliseconds. */
    static QueueMark complete(Listener listener, QueueMark glance) {
        if (!isTcp(listener) || !(listener.boundTo() instanceof SockAddr.Inet bound)) {
            return glance;
        }
        Set<String> peers = SocketDiag.tcpWaiting(bound).map(Queues::texts).orElseGet(() -> tcpInProc(bound));
        long length = length(listener);
        return new QueueMark(peers, length, Optional.empty(), length < glance.length());
    }

    private static boolean isTcp(Listener listener) {
        return listener.declaration().address() instanceof Address.Inet inet
                && inet.transport() == Address.Transport.TCP;
    }

    static Taken takenSince(Listener listener, QueueMark then) {
        if (then.shorter()) {
            return Taken.YES;
        }
        boolean waited =
                then.length() > 0 || !then.peers().isEmpty() || then.head().isPresent();
        if (!listener.isReadable()) {
            return waited ? Taken.YES : Taken.UNKNOWN;
        }
        QueueMark now = complete(listener, glance(listener));
        if (then.head().isPresent() && now.head().isPresent()) {
            return then.head().equals(now.head()) ? Taken.NO : Taken.YES;
        }
        if (!waited || then.length() < 0 || now.length() < 0) {
            return Taken.UNKNOWN;
        }
        Set<String> arrived = new HashSet<>(now.peers());
        arrived.removeAll(then.peers());
        // At least so many were taken: what there was and what has come, less what there is. A peer that is gone from
        // the table without making the queue shorter has been reset by its other end and still waits, dead.
        if (then.length() + arrived.size() > now.length()) {
            return Taken.YES;
        }
        boolean toldApart = !then.peers().isEmpty();
        return toldApart && now.peers().containsAll(then.peers()) ? Taken.NO : Taken.UNKNOWN;
    }

    /** Of a TCP socket's queue; -1: unknown. */
    private static long length(Listener listener) {
        byte[] info = new byte[TCPI_UNACKED + 4];
        int got = Sockets.option(listener.descriptor().number(), SocketOption.SOL_TCP, SocketOption.TCP_INFO, info);
        return got < info.length
                ? -1
                : ByteBuffer.wrap(info).order(ByteOrder.nativeOrder()).getInt(TCPI_UNACKED);
    }

    private static Set<String> texts(Collection<? extends Number> numbers) {
        return numbers.stream().map(Number::toString).collect(Collectors.toSet());
    }

    /** Where the kernel does not answer. */
    static Set<String> tcpInProc(SockAddr.Inet bound) {
        return Stream.concat(ProcNet.inet("tcp"), ProcNet.inet("tcp6"))
                .filter(row -> row.inode() == 0 && row.localPort() == bound.port())
                .filter(row -> row.state() == ESTABLISHED || row.state() == CLOSE_WAIT)
                .map(row -> row.local() + " " + row.remote())
                .collect(Collectors.toSet());
    }

    private static QueueMark unix(Listener listener, String name) {
        return Nodes.stat(listener.descriptor())
                .flatMap(stat -> SocketDiag.unixWaiting(stat.inode()))
                .map(peers -> {
                    List<Integer> there =
                            peers.stream().filter(inode -> inode != 0).toList();
                    return new QueueMark(texts(there), peers.size(), Optional.empty());
                })
                .orElseGet(() -> unixInProc(name));
    }

    /** Where the kernel does not answer. */
    static QueueMark unixInProc(String name) {
        var queued = ProcNet.unix()
                .filter(row -> row.inode() == 0 && row.state() == UNIX_CONNECTING)
                .filter(row -> row.name().equals(name))
                .map(ProcNet.Unix::id)
                .toList();
        Set<String> ids = new HashSet<>(queued);
        boolean toldApart = ids.size() == queued.size() && ids.stream().noneMatch(id -> id.matches("0+:"));
        return new QueueMark(toldApart ? ids : Set.of(), queued.size(), Optional.empty());
    }

    /** Sender, length and first bytes of the first datagram. */
    private static Optional<String> head(Listener listener) {
        SockAddr[] from = {new SockAddr.Other(0)};
        byte[] start = new byte[PEEK];
        int flags = Sockets.MSG_PEEK | Sockets.MSG_DONTWAIT | Sockets.MSG_TRUNC;
        int length = Sockets.receive(listener.descriptor().number(), start, flags, from);
        return length < 0 ? Optional.empty() : Optional.of(from[0] + " " + length + " " + Arrays.toString(start));
    }
}

package usher.activation;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import usher.activation.posix.Descriptor;
import usher.activation.posix.Messages;
import usher.activation.posix.PosixException;
import usher.activation.posix.Processes;
import usher.activation.posix.SockAddr;
import usher.activation.posix.SocketOption;
import usher.activation.posix.Sockets;

/**
 * Where daemons send the messages of {@code sd_notify(3)}: one datagram socket for all, in the abstract namespace, so
 * that a daemon with another root finds it, too. The kernel says which process sent a message.
 */
public final class NotifySocket implements AutoCloseable {
    /** Longer messages are cut, as by systemd. */
    private static final int LONGEST = 4096;

    private final String name;
    private final Descriptor socket;

    /**
     * A message; its descriptors are the receiver's to keep or close.
     *
     * @param group the {@link Enclosure#number} of what its sender is or was in, if the kernel says that: of a sender that
     *     is gone by now it is all that says whose message it is
     * @param sender the process that sent it
     */
    public record Message(OptionalLong group, int sender, String text, List<Descriptor> descriptors) {
        public Message {
            descriptors = List.copyOf(descriptors);
        }

        /** Its sender, that one's session's leader, its parent and so on, as far as they are there. */
        public List<Integer> lineage() {
            return Sessions.lineage(sender);
        }
    }

    private NotifySocket(String name, Descriptor socket) {
        this.name = name;
        this.socket = socket;
    }

    public static NotifySocket open() {
        byte[] random = new byte[8];
        new SecureRandom().nextBytes(random);
        String name = "usher/notify/" + HexFormat.of().formatHex(random);
        Descriptor socket =
                Descriptor.own(Sockets.socket(SockAddr.AF_UNIX, Sockets.SOCK_DGRAM, 0), "make", "the notify socket");
        PosixException.check(
                Sockets.setOption(socket.number(), SocketOption.SOL_SOCKET, SocketOption.SO_PASSCRED, 1),
                "set",
                "SO_PASSCRED");
        PosixException.check(Sockets.bind(socket.number(), new SockAddr.Unix(name, true)), "bind", "@" + name);
        return of(name, socket);
    }

    /** One that a launcher before this one has opened. */
    public static NotifySocket adopt(Descriptor socket) {
        SockAddr[] name = new SockAddr[1];
        PosixException.check(Sockets.localName(socket.number(), name), "find the name of", "the notify socket");
        return of(name[0] instanceof SockAddr.Unix unix ? unix.name() : "", socket);
    }

    private static NotifySocket of(String name, Descriptor socket) {
        // Older kernels have no such option, and do without.
        Sockets.setOption(socket.number(), SocketOption.SOL_SOCKET, SocketOption.SO_PASSPIDFD, 1);
        return new NotifySocket(name, socket);
    }

    /** The value of NOTIFY_SOCKET. */
    public String address() {
        return "@" + name;
    }

    /** To be watched for {@link EventLoop#READABLE}. */
    public Descriptor descriptor() {
        return socket;
    }

    /**
     * The next message, if one is there, which stays there until {@link #drop}: who is killed before it has come of the
     * message what is to come has not lost it. One whose sender the kernel does not name is dropped.
     */
    public Optional<Message> peek() {
        Messages.Received received = Messages.peek(socket.number(), LONGEST);
        while (received != null) {
            OptionalLong group = group(received.process());
            if (received.sender() != null && received.sender().pid() > 0) {
                return Optional.of(
                        new Message(group, received.sender().pid(), received.content(), received.descriptors()));
            }
            received.descriptors().forEach(Descriptor::close);
            drop();
            received = Messages.peek(socket.number(), LONGEST);
        }
        return Optional.empty();
    }

    private static OptionalLong group(Optional<Descriptor> process) {
        if (process.isEmpty()) {
            return OptionalLong.empty();
        }
        try (Descriptor pidfd = process.get()) {
            long group = Processes.groupOf(pidfd.number());
            return group == 0 ? OptionalLong.empty() : OptionalLong.of(group);
        }
    }

    /** Takes the message out that {@link #peek} has shown, and what came with it. */
    public void drop() {
        Messages.drop(socket.number());
    }

    @Override
    public void close() {
        socket.close();
    }
}

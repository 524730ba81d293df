package usher.activation.posix;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Datagrams that come with credentials and descriptors ({@code recvmsg(2)}, {@code cmsg(3)}, {@code unix(7)}). */
public final class Messages {
    /**
     * A datagram, its bytes as UTF-8; its descriptors, which are closed on exec, are the caller's to close.
     *
     * @param process its sender's pidfd, if the socket has SO_PASSPIDFD; among {@code descriptors} it is not
     */
    public record Received(
            String content,
            @Nullable PeerCredentials sender,
            Optional<Descriptor> process,
            List<Descriptor> descriptors) {
        public Received {
            descriptors = List.copyOf(descriptors);
        }
    }

    private static final long RECVMSG = Native.function("recvmsg");
    private static final long SENDMSG = Native.effect("sendmsg");

    /** The kernel passes no more at a time: SCM_MAX_FD. */
    public static final int MOST_DESCRIPTORS = 253;

    private static final int MSG_CMSG_CLOEXEC = 0x40000000;
    private static final int SCM_RIGHTS = 1;
    private static final int SCM_CREDENTIALS = 2;
    private static final int SCM_PIDFD = 4;
    /** {@code struct cmsghdr}: length, level, type; data follows, and the next one is aligned to 8. */
    private static final int CMSG_HEADER = 16;

    /** {@code struct msghdr} on 64-bit machines. */
    private static final int MSG_HEADER = 56;

    /** Room for the 253 descriptors that the kernel passes at most, and the credentials. */
    private static final int CONTROL = 2048;

    private Messages() {}

    /** Sends a datagram with at most {@link #MOST_DESCRIPTORS} descriptors, without waiting; bytes sent or error number negated. */
    public static int send(int fd, byte[] content, List<Descriptor> descriptors) {
        try (Memory memory = new Memory()) {
            long vector = memory.allocate(16);
            Memory.putLong(vector, memory.bytes(content));
            Memory.putLong(vector + 8, content.length);
            long header = memory.allocate(MSG_HEADER);
            Memory.putLong(header + 16, vector);
            Memory.putLong(header + 24, 1);
            if (!descriptors.isEmpty()) {
                int length = CMSG_HEADER + 4 * descriptors.size();
                long control = memory.allocate((length + 7) & ~7);
                Memory.putLong(control, length);
                Memory.putInt(control + 8, SocketOption.SOL_SOCKET);
                Memory.putInt(control + 12, SCM_RIGHTS);
                for (int i = 0; i < descriptors.size(); i++) {
                    Memory.putInt(
                            control + CMSG_HEADER + 4L * i, descriptors.get(i).number());
                }
                Memory.putLong(header + 32, control);
                Memory.putLong(header + 40, (length + 7) & ~7);
            }
            int flags = Sockets.MSG_DONTWAIT | Sockets.MSG_NOSIGNAL;
            return Native.untilDone(() -> Native.call(SENDMSG, fd, header, flags));
        }
    }

    /**
     * A look at the next datagram, at most so long, without waiting; null if there is none. It stays where it is, and its
     * descriptors are copies. With SO_PEEK_OFF set, the next look is at the one after it.
     */
    public static @Nullable Received peek(int fd, int longest) {
        try (Memory memory = new Memory()) {
            long content = memory.buffer(longest);
            long vector = memory.allocate(16);
            Memory.putLong(vector, content);
            Memory.putLong(vector + 8, longest);
            long control = memory.allocate(CONTROL);
            long header = memory.allocate(MSG_HEADER);
            Memory.putLong(header + 16, vector);
            Memory.putLong(header + 24, 1);
            Memory.putLong(header + 32, control);
            Memory.putLong(header + 40, CONTROL);
            int flags = Sockets.MSG_PEEK | Sockets.MSG_DONTWAIT | MSG_CMSG_CLOEXEC;
            int got = Native.untilDone(() -> Native.call(RECVMSG, fd, header, flags));
            if (got < 0) {
                return null;
            }
            int length = (int) Math.min(CONTROL, Memory.getLong(header + 40));
            ByteBuffer ancillary = ByteBuffer.wrap(Memory.get(control, length)).order(ByteOrder.nativeOrder());
            return received(new String(Memory.get(content, got), StandardCharsets.UTF_8), ancillary);
        }
    }

    /** Takes the next datagram out, and closes what came with it: without room for descriptors the kernel does. */
    public static int drop(int fd) {
        return Sockets.receive(fd, new byte[1], Sockets.MSG_DONTWAIT);
    }

    private static Received received(String content, ByteBuffer ancillary) {
        PeerCredentials sender = null;
        Optional<Descriptor> process = Optional.empty();
        List<Descriptor> descriptors = new ArrayList<>();
        int at = 0;
        while (at + CMSG_HEADER <= ancillary.limit()) {
            int size = (int) ancillary.getLong(at);
            if (size < CMSG_HEADER || at + size > ancillary.limit()) {
                break;
            }
            int type = ancillary.getInt(at + 12);
            int data = at + CMSG_HEADER;
            if (ancillary.getInt(at + 8) == SocketOption.SOL_SOCKET && type == SCM_RIGHTS) {
                for (int each = data; each + 4 <= at + size; each += 4) {
                    descriptors.add(Descriptor.own(ancillary.getInt(each)));
                }
            } else if (type == SCM_CREDENTIALS && size >= CMSG_HEADER + 12) {
                sender = new PeerCredentials(
                        ancillary.getInt(data), ancillary.getInt(data + 4), ancillary.getInt(data + 8));
            } else if (type == SCM_PIDFD && size >= CMSG_HEADER + 4 && ancillary.getInt(data) >= 0) {
                process = Optional.of(Descriptor.own(ancillary.getInt(data)));
            }
            at += (size + 7) & ~7;
        }
        return new Received(content, sender, process, descriptors);
    }
}

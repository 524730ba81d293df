package usher.activation.posix;

import java.nio.charset.StandardCharsets;

/**
 * Calls on sockets ({@code socket(2)} and its kin). Each returns zero or more, or the error number negated; what opens
 * sets FD_CLOEXEC.
 */
public final class Sockets {
    public static final int SOCK_STREAM = 1;
    public static final int SOCK_DGRAM = 2;
    public static final int SOCK_RAW = 3;
    public static final int SOCK_SEQPACKET = 5;
    public static final int SOCK_NONBLOCK = 0x800;
    public static final int SOCK_CLOEXEC = 0x80000;
    public static final int MSG_PEEK = 2;
    public static final int MSG_DONTWAIT = 0x40;
    public static final int MSG_NOSIGNAL = 0x4000;
    public static final int MSG_TRUNC = 0x20;
    public static final int SHUT_RDWR = 2;

    private static final long SOCKET = Native.function("socket");
    private static final long BIND = Native.effect("bind");
    private static final long LISTEN = Native.effect("listen");
    private static final long CONNECT = Native.function("connect");
    private static final long ACCEPT4 = Native.effect("accept4");
    private static final long SHUTDOWN = Native.effect("shutdown");
    private static final long GETSOCKNAME = Native.function("getsockname");
    private static final long GETPEERNAME = Native.function("getpeername");
    private static final long GETSOCKOPT = Native.function("getsockopt");
    private static final long SETSOCKOPT = Native.function("setsockopt");
    private static final long SOCKETPAIR = Native.function("socketpair");
    private static final long SEND = Native.effect("send");
    private static final long RECVFROM = Native.effect("recvfrom");
    private static final long IF_NAMETOINDEX = Native.function("if_nametoindex");

    /** Room for a name and its length, one for each thread and never freed. */
    private static final ThreadLocal<Long> NAME = Memory.ofThread(SockAddr.STORAGE + 8L);

    private Sockets() {}

    public static int socket(int family, int type, int protocol) {
        return Native.call(SOCKET, family, type | SOCK_CLOEXEC, protocol);
    }

    public static int pair(int type, int[] ends) {
        try (Memory memory = new Memory()) {
            long pair = memory.allocate(8);
            int result = Native.call(SOCKETPAIR, SockAddr.AF_UNIX, type | SOCK_CLOEXEC, 0, pair);
            ends[0] = Memory.getInt(pair);
            ends[1] = Memory.getInt(pair + 4);
            return result;
        }
    }

    public static int bind(int fd, SockAddr address) {
        return withAddress(BIND, fd, address);
    }

    public static int connect(int fd, SockAddr address) {
        return withAddress(CONNECT, fd, address);
    }

    private static int withAddress(long function, int fd, SockAddr address) {
        byte[] bytes = SockAddr.encode(address);
        try (Memory memory = new Memory()) {
            return Native.call(function, fd, memory.bytes(bytes), bytes.length);
        }
    }

    public static int listen(int fd, int backlog) {
        return Native.call(LISTEN, fd, backlog);
    }

    public static int shutdown(int fd, int how) {
        return Native.call(SHUTDOWN, fd, how);
    }

    /** A blocking connection; its peer goes into the first element of {@code peer}. */
    public static int accept(int fd, SockAddr[] peer) {
        return askForName(ACCEPT4, fd, peer);
    }

    public static int localName(int fd, SockAddr[] name) {
        return askForName(GETSOCKNAME, fd, name);
    }

    public static int peerName(int fd, SockAddr[] name) {
        return askForName(GETPEERNAME, fd, name);
    }

    /** Asked for every connection, so without a closure and with the memory of the thread. */
    private static int askForName(long function, int fd, SockAddr[] into) {
        long name = NAME.get();
        long length = name + SockAddr.STORAGE;
        int result;
        do {
            Memory.putInt(length, SockAddr.STORAGE);
            // Only accept4 has a fourth argument; the others do not look at its register.
            result = Native.call(function, fd, name, length, SOCK_CLOEXEC);
        } while (result == -Errno.EINTR);
        if (result >= 0) {
            into[0] = decode(name, Memory.getInt(length));
        }
        return result;
    }

    private static SockAddr decode(long name, int length) {
        return SockAddr.decode(Memory.get(name, Math.min(length, SockAddr.STORAGE)), length);
    }

    public static int setOption(int fd, int level, int option, int value) {
        try (Memory memory = new Memory()) {
            return Native.call(SETSOCKOPT, fd, level, option, memory.int32(value), 4);
        }
    }

    /** The option's value lies at that address. */
    static int setOption(int fd, int level, int option, long value, int length) {
        return Native.call(SETSOCKOPT, fd, level, option, value, length);
    }

    public static int setOption(int fd, int level, int option, String value) {
        byte[] text = value.getBytes(StandardCharsets.UTF_8);
        try (Memory memory = new Memory()) {
            return Native.call(SETSOCKOPT, fd, level, option, memory.string(text), text.length);
        }
    }

    /** An option that is a C int; the error number negated if there is none (so: only options that are not negative). */
    public static int option(int fd, int level, int option) {
        byte[] value = new byte[4];
        int length = option(fd, level, option, value);
        return length < 0
                ? length
                : java.nio.ByteBuffer.wrap(value)
                        .order(java.nio.ByteOrder.nativeOrder())
                        .getInt();
    }

    /** Fills in the value of any option and returns its length in bytes. */
    public static int option(int fd, int level, int option, byte[] value) {
        try (Memory memory = new Memory()) {
            long buffer = memory.allocate(value.length);
            long length = memory.int32(value.length);
            int result = Native.call(GETSOCKOPT, fd, level, option, buffer, length);
            if (result < 0) {
                return result;
            }
            Memory.get(buffer, value, 0, Math.min(value.length, Memory.getInt(length)));
            return Memory.getInt(length);
        }
    }

    public static int send(int fd, byte[] content, int flags) {
        try (Memory memory = new Memory()) {
            long buffer = memory.bytes(content);
            return Native.untilDone(() -> Native.call(SEND, fd, buffer, content.length, flags | MSG_NOSIGNAL));
        }
    }

    /** Receives one datagram, and drops what came with it. */
    public static int receive(int fd, byte[] into, int flags) {
        return receive(fd, into, flags, new SockAddr[1]);
    }

    /** Receives one datagram; its sender goes into the first element of {@code from}. */
    public static int receive(int fd, byte[] into, int flags, SockAddr[] from) {
        try (Memory memory = new Memory()) {
            long buffer = memory.allocate(into.length);
            long name = memory.allocate(SockAddr.STORAGE);
            long length = memory.int32(SockAddr.STORAGE);
            int got = Native.untilDone(() -> Native.call(RECVFROM, fd, buffer, into.length, flags, name, length));
            if (got >= 0) {
                from[0] = decode(name, Memory.getInt(length));
            }
            if (got > 0) {
                Memory.get(buffer, into, 0, Math.min(got, into.length));
            }
            return got;
        }
    }

    /** The index of a network interface, or -ENODEV. */
    public static int interfaceIndex(String name) {
        try (Memory memory = new Memory()) {
            int index = Native.call(IF_NAMETOINDEX, memory.string(name));
            return index > 0 ? index : -Errno.ENODEV;
        }
    }
}

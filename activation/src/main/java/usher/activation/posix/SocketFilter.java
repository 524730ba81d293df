package usher.activation.posix;

/** The one classic BPF program that is used here, on what a socket is about to receive ({@code socket(7)}). */
public final class SocketFilter {
    /** {@code struct sock_filter}: BPF_RET | BPF_K with a length of 0, which drops the packet. */
    private static final int RETURN_CONSTANT = 0x06;

    private static final int INSTRUCTION = 8;

    private SocketFilter() {}

    /** Everything is dropped; a connection has a filter of its own and is not concerned. */
    public static int dropAll(int fd) {
        try (Memory memory = new Memory()) {
            long program = memory.allocate(INSTRUCTION);
            Memory.putShort(program, RETURN_CONSTANT);
            long description = memory.allocate(16);
            Memory.putShort(description, 1);
            Memory.putLong(description + 8, program);
            int result = Sockets.setOption(fd, SocketOption.SOL_SOCKET, SocketOption.SO_ATTACH_FILTER, description, 16);
            CrashPoint.pass();
            return result;
        }
    }

    public static int remove(int fd) {
        int result = Sockets.setOption(fd, SocketOption.SOL_SOCKET, SocketOption.SO_DETACH_FILTER, 0);
        CrashPoint.pass();
        return result;
    }
}

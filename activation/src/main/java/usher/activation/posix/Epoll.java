package usher.activation.posix;

/**
 * An {@code epoll(7)} set, level-triggered, whose events carry a number of the caller's. Owned by one thread.
 *
 * <p>{@code struct epoll_event} is packed to 12 bytes on x86-64 and has 16, with the data at 8, elsewhere.
 */
public final class Epoll implements AutoCloseable {
    public static final int IN = 1;
    public static final int OUT = 4;
    public static final int ERR = 8;
    public static final int HUP = 16;

    private static final int ADD = 1;
    private static final int DELETE = 2;
    private static final int MODIFY = 3;
    private static final int SIZE = Native.X86_64 ? 12 : 16;
    private static final int DATA = Native.X86_64 ? 4 : 8;
    private static final int BATCH = 256;

    private static final long CREATE = Native.function("epoll_create1");
    private static final long CONTROL = Native.function("epoll_ctl");
    private static final long WAIT = Native.function("epoll_wait");

    private final Descriptor set;
    private final Memory memory = new Memory();
    private final long events = memory.allocate((long) BATCH * SIZE);
    private final long change = memory.allocate(SIZE);

    public Epoll() {
        set = Descriptor.own(Native.call(CREATE, Descriptors.O_CLOEXEC), "make", "an epoll set");
    }

    public int add(int fd, int interest, long token) {
        return control(ADD, fd, interest, token);
    }

    public int modify(int fd, int interest, long token) {
        return control(MODIFY, fd, interest, token);
    }

    public int remove(int fd) {
        return control(DELETE, fd, 0, 0);
    }

    private int control(int operation, int fd, int interest, long token) {
        Memory.putInt(change, interest);
        Memory.putLong(change + DATA, token);
        return Native.call(CONTROL, set.number(), operation, fd, change);
    }

    /** Waits for events, at most so long (-1: for ever), and says how many came; 0 also when a signal interrupts. */
    public int await(int timeoutMillis) {
        int count = Native.call(WAIT, set.number(), events, BATCH, timeoutMillis);
        return count == -Errno.EINTR ? 0 : PosixException.check(count, "wait for events", "");
    }

    /** What holds for the nth descriptor of the last {@link #await}. */
    public int events(int n) {
        return Memory.getInt(events + (long) n * SIZE);
    }

    /** The token of the nth. */
    public long token(int n) {
        return Memory.getLong(events + (long) n * SIZE + DATA);
    }

    @Override
    public void close() {
        set.close();
        memory.close();
    }
}

package usher.activation.posix;

/**
 * What the child does between clone and exec, in this order ({@code posix_spawn_file_actions_t}); for any number of
 * spawns.
 */
public final class SpawnActions implements AutoCloseable {
    /** 80 bytes in every glibc on 64 bits; room for later ones. */
    private static final int SIZE = 256;

    private static final long INIT = Native.function("posix_spawn_file_actions_init");
    private static final long DESTROY = Native.function("posix_spawn_file_actions_destroy");
    private static final long ADD_DUP2 = Native.function("posix_spawn_file_actions_adddup2");
    private static final long ADD_CLOSE = Native.function("posix_spawn_file_actions_addclose");
    private static final long ADD_CHDIR = Native.function("posix_spawn_file_actions_addchdir_np");
    private static final long ADD_CLOSEFROM = Native.optionalFunction("posix_spawn_file_actions_addclosefrom_np");

    private final Memory memory = new Memory();
    private final long actions = memory.allocate(SIZE);

    private boolean sealsStrays;

    SpawnActions() {
        check(Native.callReturningError(INIT, actions, 0, 0));
    }

    /** The address, when everything else is as the actions need it for a spawn. */
    long ready() {
        if (sealsStrays) {
            StrayDescriptors.sealAll();
        }
        return actions;
    }

    /** {@code from} may equal {@code to}: the descriptor then only loses its FD_CLOEXEC. */
    void duplicate(int from, int to) {
        check(Native.callReturningError(ADD_DUP2, actions, from, to));
    }

    /** It need not be open. */
    void close(int fd) {
        check(Native.callReturningError(ADD_CLOSE, actions, fd, 0));
    }

    /** Closes all from that number up; before glibc 2.34 those without FD_CLOEXEC are sealed in the parent instead. */
    void closeFrom(int least) {
        if (ADD_CLOSEFROM == 0) {
            sealsStrays = true;
        } else {
            check(Native.callReturningError(ADD_CLOSEFROM, actions, least, 0));
        }
    }

    void changeDirectory(String path) {
        check(Native.callReturningError(ADD_CHDIR, actions, memory.string(path), 0));
    }

    private static void check(int result) {
        PosixException.check(result, "prepare", "a spawn");
    }

    @Override
    public void close() {
        Native.callReturningError(DESTROY, actions, 0, 0);
        memory.close();
    }
}

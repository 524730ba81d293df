package usher.activation.posix;

/** The actions of {@code posix_spawn(3)} ({@code posix_spawn_file_actions_t}). */
final class SpawnActions extends DescriptorActions {
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

    SpawnActions(DescriptorPlan plan, String directory) {
        check(Native.callReturningError(INIT, actions, 0, 0));
        changeDirectory(directory);
        plan.addTo(this);
    }

    @Override
    long address() {
        if (sealsStrays) {
            StrayDescriptors.sealAll();
        }
        return actions;
    }

    @Override
    void duplicate(int from, int to) {
        check(Native.callReturningError(ADD_DUP2, actions, from, to));
    }

    @Override
    void close(int fd) {
        check(Native.callReturningError(ADD_CLOSE, actions, fd, 0));
    }

    /** Before glibc 2.34 those without FD_CLOEXEC are sealed in the parent instead. */
    @Override
    void closeFrom(int least) {
        if (ADD_CLOSEFROM == 0) {
            sealsStrays = true;
        } else {
            check(Native.callReturningError(ADD_CLOSEFROM, actions, least, 0));
        }
    }

    private void changeDirectory(String path) {
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

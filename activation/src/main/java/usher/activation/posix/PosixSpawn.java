package usher.activation.posix;

/**
 * Spawns one program by {@code posix_spawn(3)}, as a session of its own with no signal blocked or ignored (SETSID,
 * SETSIGDEF, SETSIGMASK).
 */
final class PosixSpawn implements Program.Spawn {
    /** 336 bytes in every glibc on 64 bits; room for later ones. */
    private static final int ATTRIBUTES_SIZE = 512;

    private static final int SIGSET_SIZE = 128;
    private static final int SETSIGDEF = 0x04;
    private static final int SETSIGMASK = 0x08;
    private static final int SETSID = 0x80;

    private static final long SPAWN = Native.function("posix_spawn");
    private static final long INIT = Native.function("posix_spawnattr_init");
    private static final long SET_FLAGS = Native.function("posix_spawnattr_setflags");
    private static final long SET_MASK = Native.function("posix_spawnattr_setsigmask");
    private static final long SET_DEFAULT = Native.function("posix_spawnattr_setsigdefault");

    /** The same for every process, never freed. */
    private static final long ATTRIBUTES = attributes();

    private final Memory memory = new Memory();
    private final String directory;
    private final long path;
    private final long argv;
    private final long envp;
    private final long pid = memory.allocate(8);
    /** A number that is kept back for a pidfd, so that nobody is started who could not be followed. */
    private int spare = Descriptors.eventCounter();

    PosixSpawn(String directory, long path, long argv, long envp) {
        this.directory = directory;
        this.path = path;
        this.argv = argv;
        this.envp = envp;
    }

    @Override
    public DescriptorActions actions(DescriptorPlan plan) {
        return new SpawnActions(plan, directory);
    }

    @Override
    public DescriptorActions actionsApart(DescriptorPlan plan) {
        return actions(plan);
    }

    @Override
    public int begin(DescriptorActions actions, boolean waits) {
        if (spare < 0) {
            return spare;
        }
        int result = Native.callReturningError(SPAWN, pid, path, actions.address(), ATTRIBUTES, argv, envp);
        return result < 0 ? result : Memory.getInt(pid);
    }

    /** Nobody but us reaps our children, so the number is still its own. */
    @Override
    public int pidfd() {
        int process = Memory.getInt(pid);
        Descriptors.close(spare);
        int pidfd = Processes.pidfdOpen(process);
        if (pidfd < 0) {
            Processes.kill(process, Processes.SIGKILL);
            Processes.reap(process);
        }
        spare = Descriptors.eventCounter();
        return pidfd;
    }

    @Override
    public boolean isOver() {
        return true;
    }

    @Override
    public int await() {
        return 0;
    }

    @Override
    public String failed() {
        return "";
    }

    @SuppressWarnings("resource") // lives as long as the process
    private static long attributes() {
        Memory memory = new Memory();
        long attributes = memory.allocate(ATTRIBUTES_SIZE);
        long none = memory.allocate(SIGSET_SIZE);
        long all = memory.allocate(SIGSET_SIZE);
        // Not sigfillset, which leaves out 32 and 33: glibc would then have the child ignore them.
        Memory.fill(all, SIGSET_SIZE, 0xff);
        Native.callReturningError(INIT, attributes, 0, 0);
        Native.callReturningError(SET_MASK, attributes, none, 0);
        Native.callReturningError(SET_DEFAULT, attributes, all, 0);
        Native.callReturningError(SET_FLAGS, attributes, SETSID | SETSIGDEF | SETSIGMASK, 0);
        return attributes;
    }

    @Override
    public void close() {
        if (spare >= 0) {
            Descriptors.close(spare);
        }
        memory.close();
    }
}

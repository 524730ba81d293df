package usher.activation.posix;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * An executable with its arguments, environment and directory as C blocks, made once and spawned any number of times.
 *
 * <p>Every spawn is a session or a process group of its own, with no signal blocked or ignored ({@code posix_spawn(3)}:
 * SETSID, SETSIGDEF, SETSIGMASK), and with no descriptor open but those it is given.
 */
public final class Program implements AutoCloseable {
    /** How many variables a single spawn may add. */
    public static final int MOST_ADDITIONS = 24;

    /** 336 bytes in every glibc on 64 bits; room for later ones. */
    private static final int ATTRIBUTES_SIZE = 512;

    private static final int SIGSET_SIZE = 128;
    private static final int SETSIGDEF = 0x04;
    private static final int SETSIGMASK = 0x08;
    private static final int SETSID = 0x80;
    private static final int USUAL_ADDITIONS = 512;

    private static final long SPAWN = Native.function("posix_spawn");
    private static final long INIT = Native.function("posix_spawnattr_init");
    private static final long SET_FLAGS = Native.function("posix_spawnattr_setflags");
    private static final long SET_MASK = Native.function("posix_spawnattr_setsigmask");
    private static final long SET_DEFAULT = Native.function("posix_spawnattr_setsigdefault");

    /** The same for every process, never freed. */
    private static final long ATTRIBUTES = attributes();

    private final Memory memory = new Memory();
    private final Optional<String> directory;
    private final long path;
    private final long argv;
    private final long envp;
    private final int fixed;
    private final long pid = memory.allocate(8);
    /** Where the additions of one spawn are written. */
    private long texts = memory.allocate(USUAL_ADDITIONS);

    private int textsSize = USUAL_ADDITIONS;

    /**
     * Prepares the blocks.
     *
     * @param arguments from argv[0] on
     * @param environment {@code NAME=value} each
     */
    public Program(String path, List<String> arguments, List<byte[]> environment, Optional<String> directory) {
        this.path = memory.string(path);
        this.directory = directory;
        this.argv = memory.allocate(8L * (arguments.size() + 1));
        for (int i = 0; i < arguments.size(); i++) {
            Memory.putLong(argv + 8L * i, memory.string(arguments.get(i)));
        }
        this.fixed = environment.size();
        this.envp = memory.allocate(8L * (fixed + MOST_ADDITIONS + 1));
        for (int i = 0; i < fixed; i++) {
            Memory.putLong(envp + 8L * i, memory.string(environment.get(i)));
        }
    }

    /** What the child is to do before exec so that it has these descriptors and no others; the caller closes it. */
    public SpawnActions actions(DescriptorPlan plan) {
        SpawnActions actions = new SpawnActions();
        directory.ifPresent(actions::changeDirectory);
        plan.addTo(actions);
        return actions;
    }

    /**
     * Spawns it.
     *
     * @param actions that {@link #actions} made, while what their plan names is open
     * @param additions variables besides the prepared ones, which must not name the same
     * @return its process id, or the error number negated
     */
    public int spawn(SpawnActions actions, List<String> additions) {
        if (additions.size() > MOST_ADDITIONS) {
            throw new IllegalArgumentException(additions.size() + " variables");
        }
        putAdditions(additions);
        int result = Native.callReturningError(SPAWN, pid, path, actions.ready(), ATTRIBUTES, argv, envp);
        CrashPoint.pass();
        return result < 0 ? result : Memory.getInt(pid);
    }

    private void putAdditions(List<String> additions) {
        int used = 0;
        for (int i = 0; i < additions.size(); i++) {
            byte[] text = additions.get(i).getBytes(StandardCharsets.UTF_8);
            if (used + text.length >= textsSize) {
                used = 0;
                textsSize = 2 * (textsSize + text.length);
                texts = memory.allocate(textsSize);
            }
            Memory.put(texts + used, text, 0, text.length);
            Memory.putByte(texts + used + text.length, 0);
            Memory.putLong(envp + 8L * (fixed + i), texts + used);
            used += text.length + 1;
        }
        Memory.putLong(envp + 8L * (fixed + additions.size()), 0);
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
        memory.close();
    }
}

package usher.activation.posix;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * An executable with its arguments, environment and manner as C blocks, made once and spawned any number of times, one after
 * the other.
 *
 * <p>Every spawn is a session of its own, with no signal blocked or ignored, and with no descriptor open but those it is
 * given.
 */
public final class Program implements AutoCloseable {
    /** How many variables a single spawn may add. */
    public static final int MOST_ADDITIONS = 24;

    private static final int USUAL_ADDITIONS = 512;

    private final Memory memory = new Memory();
    private final long envp;
    private final int fixed;
    private final Spawn spawn;
    /** Where the additions of one spawn are written. */
    private long texts = memory.allocate(USUAL_ADDITIONS);

    private int textsSize = USUAL_ADDITIONS;

    /** A way to spawn it, with what is said of the methods of the same names. */
    sealed interface Spawn extends AutoCloseable permits CloneSpawn, PosixSpawn {
        DescriptorActions actions(DescriptorPlan plan);

        /** Whatever is open above the highest source is to cost nothing, if that can be had. */
        DescriptorActions actionsApart(DescriptorPlan plan);

        int begin(DescriptorActions actions, boolean waits);

        int pidfd();

        boolean isOver();

        int await();

        /** What the last spawn failed at, such as {@code "set limit nofile"}; empty: at the exec, or that is not known. */
        String failed();

        @Override
        void close();
    }

    /**
     * Prepares the blocks.
     *
     * @param arguments from argv[0] on
     * @param environment {@code NAME=value} each
     * @param manner {@linkplain Manner#isWhole all of it}, or only its directory
     */
    public Program(String path, List<String> arguments, List<byte[]> environment, Manner manner) {
        long argv = memory.vector(arguments);
        boolean tellsPid = manner.tellsPid() && Manner.isWhole();
        this.fixed = environment.size() + (tellsPid ? 1 : 0);
        this.envp = memory.vector(environment, fixed - environment.size() + MOST_ADDITIONS);
        long command = memory.string(path);
        if (Manner.isWhole()) {
            CloneSteps steps = CloneSteps.of(manner, envp + Memory.WORD * environment.size());
            if (manner.isPlayed()) {
                steps.exit();
            } else {
                steps.execute(command, argv, envp);
            }
            this.spawn = new CloneSpawn(steps.end(), manner.group());
        } else {
            this.spawn = new PosixSpawn(manner.directory(), command, argv, envp);
        }
    }

    /** What the child is to do before exec so that it has these descriptors and no others; the caller closes it. */
    public DescriptorActions actions(DescriptorPlan plan) {
        return spawn.actions(plan);
    }

    /** The same, where much is open above the highest source of the plan. */
    public DescriptorActions actionsApart(DescriptorPlan plan) {
        return spawn.actionsApart(plan);
    }

    /**
     * Begins to spawn it: the process is there, and on its way to its exec. To be {@linkplain #await awaited} before the next.
     *
     * @param actions that {@link #actions} made, to be kept, and what their plan names open, until then
     * @param additions variables besides the prepared ones, which must not name the same
     * @param waits until it has reached its exec, for which it has the processor at once then
     * @return its process id, or the error number negated if there is no process
     */
    public int begin(DescriptorActions actions, List<String> additions, boolean waits) {
        if (additions.size() > MOST_ADDITIONS) {
            throw new IllegalArgumentException(additions.size() + " variables");
        }
        putAdditions(additions);
        int result = spawn.begin(actions, waits);
        CrashPoint.pass();
        return result;
    }

    /** The number of a pidfd of the process that was begun, the caller's from then on; an error number negated, and it is ended. */
    public int pidfd() {
        return spawn.pidfd();
    }

    /** Whether the process has reached its exec, or has ended. */
    public boolean isOver() {
        return spawn.isOver();
    }

    /** Waits for that: zero, or the error number negated if it has failed, and then there is no such process any more. */
    public int await() {
        return spawn.await();
    }

    /** What the last spawn failed at, such as {@code "set limit nofile"}; empty: at the exec, or that is not known. */
    public String failed() {
        return spawn.failed();
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
            Memory.putLong(envp + Memory.WORD * (fixed + i), texts + used);
            used += text.length + 1;
        }
        Memory.putLong(envp + Memory.WORD * (fixed + additions.size()), 0);
    }

    @Override
    public void close() {
        spawn.close();
        memory.close();
    }
}

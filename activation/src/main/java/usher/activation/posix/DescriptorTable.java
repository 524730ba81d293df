package usher.activation.posix;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A process that shares this one's table of descriptors ({@code clone(2)} with CLONE_FILES) and does nothing: what is
 * open here is open there, without being told, and stays open when this process is killed. Somebody else can then take
 * it from there ({@code pidfd_getfd(2)}).
 *
 * <p>It runs nothing but {@code pause(2)}, on a stack of its own, with all signals blocked, in a copy of this process's
 * memory from which nearly everything is left out first ({@code madvise(2)}, MADV_DONTFORK): what remains is the C
 * library, that stack, and the calling thread's control block, which the kernel writes to (rseq).
 */
public final class DescriptorTable {
    private static final int CLONE_FILES = 0x400;
    private static final int MADV_DONTFORK = 10;
    private static final int MADV_DOFORK = 11;
    private static final int PROT_READ_WRITE = 3;
    private static final int MAP_PRIVATE_ANONYMOUS = 0x22;
    private static final int SIG_SETMASK = 2;
    private static final int SIGSET_SIZE = 128;
    private static final int STACK = 64 << 10;
    /** syscall(2) reads arguments beyond the sixth from above its stack, whether they are there or not. */
    private static final int ABOVE = 256;

    private static final long PAGE = 4096;
    private static final long AROUND = 4 * PAGE;
    private static final int SYS_PAUSE_X86_64 = 34;

    private static final long CLONE = Native.effect("clone");
    private static final long MMAP = Native.function("mmap");
    private static final long MADVISE = Native.function("madvise");
    private static final long SIGMASK = Native.function("pthread_sigmask");
    private static final long SELF = Native.function("pthread_self");

    private DescriptorTable() {}

    /** Starts such a process, a child of this one; its process id or the error number negated. */
    public static int share() {
        try (Memory memory = new Memory()) {
            long stack = Native.callForAddress(MMAP, 0, STACK, PROT_READ_WRITE, MAP_PRIVATE_ANONYMOUS, -1, 0);
            leaveOutMemory();
            Native.call(MADVISE, stack, STACK, MADV_DOFORK);
            long self = Native.callForAddress(SELF) & -PAGE;
            Native.call(MADVISE, self - AROUND, 2 * AROUND + PAGE, MADV_DOFORK);
            long all = memory.allocate(SIGSET_SIZE);
            Memory.fill(all, SIGSET_SIZE, 0xff);
            long before = memory.allocate(SIGSET_SIZE);
            Native.callReturningError(SIGMASK, SIG_SETMASK, all, before);
            try {
                return Native.call(
                        CLONE, pause(), stack + STACK - ABOVE, CLONE_FILES | Processes.SIGCHLD, SYS_PAUSE_X86_64);
            } finally {
                Native.callReturningError(SIGMASK, SIG_SETMASK, before, 0);
            }
        } catch (IOException noProc) {
            return -Errno.ENOENT;
        }
    }

    /** A function that pauses: on x86-64 the bare call, told its number; elsewhere there is a function of its own. */
    private static long pause() {
        return Native.function(Native.X86_64 ? "syscall" : "pause");
    }

    private static void leaveOutMemory() throws IOException {
        String maps = Files.readString(Path.of("/proc/self/maps"), StandardCharsets.ISO_8859_1);
        for (String line : maps.split("\n", -1)) {
            int dash = line.indexOf('-');
            int space = line.indexOf(' ');
            if (dash < 0 || isNeeded(line.substring(line.lastIndexOf('/') + 1)) || line.endsWith("]")) {
                continue;
            }
            long from = Long.parseUnsignedLong(line.substring(0, dash), 16);
            long to = Long.parseUnsignedLong(line.substring(dash + 1, space), 16);
            Native.call(MADVISE, from, to - from, MADV_DONTFORK);
        }
    }

    private static boolean isNeeded(String file) {
        return file.startsWith("libc.so") || file.startsWith("libc-") || file.startsWith("ld-");
    }
}

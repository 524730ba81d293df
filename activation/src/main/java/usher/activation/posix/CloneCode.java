package usher.activation.posix;

import java.util.HexFormat;

/**
 * {@code clone(2)} and what the child does until its exec, in machine code for x86-64: a child that shares its parent's
 * memory cannot run Java, and the C library has no function that would do for it what {@code posix_spawn(3)} leaves out.
 * The code makes the system calls of lists of {@link CloneSteps}; all else is decided in Java. What it reads and writes is
 * the job, a block of words:
 *
 * <pre>
 *   0  number and five arguments of the system call that clones (CLONE_VM)
 *  48  the address of a signal mask, to be in force until the child has let signals in
 *  56  the address of room for the mask before
 *  64  where the step lies that failed
 *  72  its error number negated; 0: none has failed
 *  80  the addresses of lists of steps, the last of which ends in an exec
 * </pre>
 *
 * <p>The child uses no stack, so it may stay on its parent's, who goes on meanwhile; of the job and its lists it must not change
 * anything until the child has left its memory. Its parent's handlers must not run in it: no signal is let in before all have
 * their default action.
 */
final class CloneCode {
    static final int SIGSET_SIZE = 8;
    static final int STEP_SIZE = 40;
    /** In place of a number: on with the next list. */
    static final long END = -1;
    /** In place of a number: put the process id into the environment; {@link CloneSteps#tellPid}. */
    static final long TELL_PID = -2;

    static final int CLONE = 0;
    static final int NEW_MASK = 48;
    static final int OLD_MASK = 56;
    static final int FAILED = 64;
    static final int ERROR = 72;
    static final int LISTS = 80;

    private static final int PROT_READ_WRITE = 3;
    private static final int PROT_READ_EXEC = 5;
    private static final int MAP_PRIVATE_ANONYMOUS = 0x22;
    private static final int PAGE = 4096;

    private static final byte[] CODE = HexFormat.of()
            .parseHex(
                    "53" // push rbx
                            + "4154" // push r12
                            + "4155" // push r13
                            + "4889fb" // mov rbx, rdi: the job
                            // rt_sigprocmask(SIG_SETMASK, job.newMask, job.oldMask, 8)
                            + "b80e000000" // mov eax, 14
                            + "bf02000000" // mov edi, 2
                            + "488b7330" // mov rsi, [rbx+48]
                            + "488b5338" // mov rdx, [rbx+56]
                            + "41ba08000000" // mov r10d, 8
                            + "0f05" // syscall
                            // the clone
                            + "488b03" // mov rax, [rbx]
                            + "488b7b08" // mov rdi, [rbx+8]
                            + "488b7310" // mov rsi, [rbx+16]
                            + "488b5318" // mov rdx, [rbx+24]
                            + "4c8b5320" // mov r10, [rbx+32]
                            + "4c8b4328" // mov r8, [rbx+40]
                            + "0f05" // syscall
                            + "4885c0" // test rax, rax
                            + "7424" // jz child
                            // the parent: rt_sigprocmask(SIG_SETMASK, job.oldMask, 0, 8), and return what clone said
                            + "4989c4" // mov r12, rax
                            + "b80e000000" // mov eax, 14
                            + "bf02000000" // mov edi, 2
                            + "488b7338" // mov rsi, [rbx+56]
                            + "31d2" // xor edx, edx
                            + "41ba08000000" // mov r10d, 8
                            + "0f05" // syscall
                            + "4c89e0" // mov rax, r12
                            + "415d" // pop r13
                            + "415c" // pop r12
                            + "5b" // pop rbx
                            + "c3" // ret
                            // child: r13 is at the list that comes next
                            + "4c8d6b50" // lea r13, [rbx+80]
                            // list: r12 is at the step
                            + "4d8b6500" // mov r12, [r13]
                            + "4983c508" // add r13, 8
                            // step
                            + "498b0424" // mov rax, [r12]
                            + "4885c0" // test rax, rax
                            + "7821" // js special
                            + "498b7c2408" // mov rdi, [r12+8]
                            + "498b742410" // mov rsi, [r12+16]
                            + "498b542418" // mov rdx, [r12+24]
                            + "4d8b542420" // mov r10, [r12+32]
                            + "0f05" // syscall
                            + "4885c0" // test rax, rax
                            + "784c" // js failed
                            // next
                            + "4983c428" // add r12, 40
                            + "ebd6" // jmp step
                            // special
                            + "48ffc0" // inc rax
                            + "74c9" // jz list
                            // getpid(), its digits backwards from where the first argument points to
                            + "b827000000" // mov eax, 39
                            + "0f05" // syscall
                            + "498b7c2408" // mov rdi, [r12+8]
                            + "b90a000000" // mov ecx, 10
                            // digit
                            + "31d2" // xor edx, edx
                            + "f7f1" // div ecx
                            + "83c230" // add edx, '0'
                            + "48ffcf" // dec rdi
                            + "8817" // mov [rdi], dl
                            + "85c0" // test eax, eax
                            + "75f0" // jnz digit
                            // the name before it, and its address to where the fourth argument points to
                            + "498b442410" // mov rax, [r12+16]
                            + "488947f5" // mov [rdi-11], rax
                            + "498b442418" // mov rax, [r12+24]
                            + "488947f8" // mov [rdi-8], rax
                            + "4883ef0b" // sub rdi, 11
                            + "498b442420" // mov rax, [r12+32]
                            + "488938" // mov [rax], rdi
                            + "ebb4" // jmp next
                            // failed: say so, exit_group(127)
                            + "4c896340" // mov [rbx+64], r12
                            + "48894348" // mov [rbx+72], rax
                            + "bf7f000000" // mov edi, 127
                            + "b8e7000000" // mov eax, 231
                            + "0f05"); // syscall

    private static final long START = install();

    private CloneCode() {}

    /** Whether this machine runs it. */
    static boolean isAvailable() {
        return START != 0;
    }

    /** The process id of the child, which is on its way to its exec, or the error number negated. */
    static int run(long job) {
        return (int) Native.callForWord(START, job);
    }

    /** 0 on other processors, and where memory that was written to may not be executed. */
    private static long install() {
        if (!Native.X86_64) {
            return 0;
        }
        long mmap = Native.function("mmap");
        long mprotect = Native.function("mprotect");
        long page = Native.callForAddress(mmap, 0, PAGE, PROT_READ_WRITE, MAP_PRIVATE_ANONYMOUS, -1, 0);
        if (page == -1) {
            return 0;
        }
        Memory.put(page, CODE, 0, CODE.length);
        return Native.call(mprotect, page, PAGE, PROT_READ_EXEC) < 0 ? 0 : page;
    }
}

package usher.activation.posix;

import com.kenai.jffi.CallContext;
import com.kenai.jffi.Invoker;
import com.kenai.jffi.LastError;
import com.kenai.jffi.Library;
import com.kenai.jffi.Type;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Calls a C function by its address with up to six integer or pointer arguments, each passed as a 64-bit word: on
 * x86-64 and aarch64 a narrower parameter takes the low half of its register, so one call shape per number of arguments
 * serves every function. Results come back as the kernel gives them: the error number negated instead of -1 and errno.
 */
final class Native {
    /** Whether this is x86-64, whose kernel packs {@code epoll_event} and numbers a few open flags differently. */
    static final boolean X86_64 = "amd64".equals(System.getProperty("os.arch"));

    private static final Library LIBC = Library.getDefault();
    private static final Invoker INVOKER = Invoker.getInstance();
    /** {@code syscall(2)}, for what the C library has no function for, or not every one. */
    static final long SYSCALL = function("syscall");

    private static final CallContext[] SHAPES = new CallContext[7];
    private static final Set<Long> EFFECTS = ConcurrentHashMap.newKeySet();

    static {
        for (int arguments = 0; arguments < SHAPES.length; arguments++) {
            Type[] words = new Type[arguments];
            Arrays.fill(words, Type.SLONG);
            SHAPES[arguments] = new CallContext(Type.SLONG, words);
        }
    }

    private Native() {}

    /** The address of a function that every supported C library has. */
    static long function(String name) {
        long address = optionalFunction(name);
        if (address == 0) {
            throw new UnsatisfiedLinkError("the C library has no " + name + "; glibc 2.31 or newer is needed");
        }
        return address;
    }

    /** The same for a function by which others notice something: a place for tests to kill the launcher at. */
    static long effect(String name) {
        long address = function(name);
        if (CrashPoint.ON) {
            EFFECTS.add(address);
        }
        return address;
    }

    /** The address of a function, or 0 where the C library is too old for it. */
    static long optionalFunction(String name) {
        return LIBC.getSymbolAddress(name);
    }

    /** An {@code int} result: zero or more, or the error number negated. */
    private static int result(long function, long word) {
        if (CrashPoint.ON && EFFECTS.contains(function)) {
            CrashPoint.pass();
        }
        int value = (int) word;
        return value == -1 ? -LastError.getInstance().get() : value;
    }

    static int call(long function) {
        return result(function, INVOKER.invokeN0(SHAPES[0], function));
    }

    static int call(long function, long a) {
        return result(function, INVOKER.invokeN1(SHAPES[1], function, a));
    }

    static int call(long function, long a, long b) {
        return result(function, INVOKER.invokeN2(SHAPES[2], function, a, b));
    }

    static int call(long function, long a, long b, long c) {
        return result(function, INVOKER.invokeN3(SHAPES[3], function, a, b, c));
    }

    static int call(long function, long a, long b, long c, long d) {
        return result(function, INVOKER.invokeN4(SHAPES[4], function, a, b, c, d));
    }

    static int call(long function, long a, long b, long c, long d, long e) {
        return result(function, INVOKER.invokeN5(SHAPES[5], function, a, b, c, d, e));
    }

    static int call(long function, long a, long b, long c, long d, long e, long f) {
        return result(function, INVOKER.invokeN6(SHAPES[6], function, a, b, c, d, e, f));
    }

    /** The whole word that a function returns, such as an address. */
    static long callForAddress(long function) {
        return INVOKER.invokeN0(SHAPES[0], function);
    }

    static long callForAddress(long function, long a, long b, long c, long d, long e, long f) {
        return INVOKER.invokeN6(SHAPES[6], function, a, b, c, d, e, f);
    }

    /** The whole word that code returns which is no function of the C library: an error number is negated already. */
    static long callForWord(long code, long a) {
        return INVOKER.invokeN1(SHAPES[1], code, a);
    }

    /** The result of a function that returns its error number instead of setting errno, such as posix_spawn. */
    static int callReturningError(long function, long a, long b, long c, long d, long e, long f) {
        return -(int) INVOKER.invokeN6(SHAPES[6], function, a, b, c, d, e, f);
    }

    static int callReturningError(long function, long a, long b, long c, long d, long e) {
        return -(int) INVOKER.invokeN5(SHAPES[5], function, a, b, c, d, e);
    }

    static int callReturningError(long function, long a, long b, long c) {
        return -(int) INVOKER.invokeN3(SHAPES[3], function, a, b, c);
    }

    /** Repeats an interrupted call; only for calls that may be repeated as they stand (not close). */
    static int untilDone(java.util.function.IntSupplier call) {
        int result = call.getAsInt();
        while (result == -Errno.EINTR) {
            result = call.getAsInt();
        }
        return result;
    }
}

package usher.activation.posix;

import java.util.Map;
import java.util.stream.Collectors;

/** Linux error numbers, their names and what they say to people, the same on x86-64 and aarch64 ({@code errno(3)}). */
public final class Errno {
    public static final int EPERM = 1;
    public static final int ENOENT = 2;
    public static final int EINTR = 4;
    public static final int ECHILD = 10;
    public static final int ENOEXEC = 8;
    public static final int EBADF = 9;
    public static final int EAGAIN = 11;
    public static final int ENOMEM = 12;
    public static final int EACCES = 13;
    public static final int EBUSY = 16;
    public static final int EEXIST = 17;
    public static final int ENODEV = 19;
    public static final int ENOTDIR = 20;
    public static final int EINVAL = 22;
    public static final int ENFILE = 23;
    public static final int EMFILE = 24;
    public static final int EFBIG = 27;
    public static final int ENOSPC = 28;
    public static final int ERANGE = 34;
    public static final int ENAMETOOLONG = 36;
    public static final int ENOSYS = 38;
    public static final int EAFNOSUPPORT = 97;
    public static final int EADDRINUSE = 98;
    public static final int EADDRNOTAVAIL = 99;
    public static final int ENETDOWN = 100;
    public static final int ENETUNREACH = 101;
    public static final int ENOBUFS = 105;
    public static final int ETIMEDOUT = 110;
    public static final int ECONNREFUSED = 111;
    public static final int EDQUOT = 122;

    /** Number, name, text; our own because {@code strerror} speaks the language of the environment. */
    private static final String TABLE = """
            1 EPERM operation not permitted
            2 ENOENT no such file or directory
            3 ESRCH no such process
            4 EINTR interrupted system call
            5 EIO input/output error
            6 ENXIO no such device or address
            7 E2BIG argument list too long
            8 ENOEXEC exec format error
            9 EBADF bad file descriptor
            10 ECHILD no child processes
            11 EAGAIN resource temporarily unavailable
            12 ENOMEM cannot allocate memory
            13 EACCES permission denied
            14 EFAULT bad address
            16 EBUSY device or resource busy
            17 EEXIST file exists
            18 EXDEV invalid cross-device link
            19 ENODEV no such device
            20 ENOTDIR not a directory
            21 EISDIR is a directory
            22 EINVAL invalid argument
            23 ENFILE too many open files in system
            24 EMFILE too many open files
            25 ENOTTY inappropriate ioctl for device
            26 ETXTBSY text file busy
            27 EFBIG file too large
            28 ENOSPC no space left on device
            29 ESPIPE illegal seek
            30 EROFS read-only file system
            32 EPIPE broken pipe
            34 ERANGE numerical result out of range
            35 EDEADLK resource deadlock avoided
            36 ENAMETOOLONG file name too long
            37 ENOLCK no locks available
            38 ENOSYS function not implemented
            39 ENOTEMPTY directory not empty
            40 ELOOP too many levels of symbolic links
            64 ENONET machine is not on the network
            71 EPROTO protocol error
            75 EOVERFLOW value too large for defined data type
            88 ENOTSOCK socket operation on non-socket
            89 EDESTADDRREQ destination address required
            90 EMSGSIZE message too long
            91 EPROTOTYPE protocol wrong type for socket
            92 ENOPROTOOPT protocol not available
            93 EPROTONOSUPPORT protocol not supported
            94 ESOCKTNOSUPPORT socket type not supported
            95 EOPNOTSUPP operation not supported
            96 EPFNOSUPPORT protocol family not supported
            97 EAFNOSUPPORT address family not supported by protocol
            98 EADDRINUSE address already in use
            99 EADDRNOTAVAIL cannot assign requested address
            100 ENETDOWN network is down
            101 ENETUNREACH network is unreachable
            103 ECONNABORTED software caused connection abort
            104 ECONNRESET connection reset by peer
            105 ENOBUFS no buffer space available
            106 EISCONN transport endpoint is already connected
            107 ENOTCONN transport endpoint is not connected
            108 ESHUTDOWN cannot send after transport endpoint shutdown
            110 ETIMEDOUT connection timed out
            111 ECONNREFUSED connection refused
            112 EHOSTDOWN host is down
            113 EHOSTUNREACH no route to host
            114 EALREADY operation already in progress
            115 EINPROGRESS operation now in progress
            116 ESTALE stale file handle
            122 EDQUOT disk quota exceeded
            125 ECANCELED operation canceled
            130 EOWNERDEAD owner died
            131 ENOTRECOVERABLE state not recoverable
            """;

    private Errno() {}

    /** The table is read only when something has failed. */
    private static final class Texts {
        static final Map<Integer, String[]> BY_NUMBER = TABLE.lines()
                .map(line -> line.split(" ", 3))
                .collect(Collectors.toMap(words -> Integer.valueOf(words[0]), words -> words));
    }

    /** {@code EADDRINUSE} for 98. */
    public static String name(int number) {
        String[] words = Texts.BY_NUMBER.get(number);
        return words == null ? "errno " + number : words[1];
    }

    /** {@code address already in use} for 98. */
    public static String text(int number) {
        String[] words = Texts.BY_NUMBER.get(number);
        return words == null ? "error " + number : words[2];
    }
}

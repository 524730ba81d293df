package usher.activation.posix;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.ToIntFunction;

/** The user and group databases as the name service switch sees them ({@code getpwnam_r(3)}, {@code getgrnam_r(3)}). */
public final class Users {
    private static final int BUFFER = 65536;
    // struct passwd: name, password, uid, gid, ...; struct group: name, password, gid, ...
    private static final int NAME = 0;
    private static final int ID = 16;
    private static final int PASSWD_GID = 20;

    private static final long GETPWNAM = Native.function("getpwnam_r");
    private static final long GETPWUID = Native.function("getpwuid_r");
    private static final long GETGRNAM = Native.function("getgrnam_r");
    private static final long GETGROUPLIST = Native.function("getgrouplist");
    /** Of Linux: NGROUPS_MAX. */
    private static final int MOST_GROUPS = 65536;

    private Users() {}

    /** An entry of the user database. */
    public record User(String name, int uid, int gid) {}

    public static Optional<User> named(String name) {
        try (Memory memory = new Memory()) {
            return user(memory, GETPWNAM, memory.string(name));
        }
    }

    public static Optional<User> numbered(int uid) {
        try (Memory memory = new Memory()) {
            return user(memory, GETPWUID, Integer.toUnsignedLong(uid));
        }
    }

    private static Optional<User> user(Memory memory, long function, long key) {
        long entry = find(memory, function, key);
        return entry == 0
                ? Optional.empty()
                : Optional.of(new User(
                        Memory.text(Memory.getLong(entry + NAME)),
                        Memory.getInt(entry + ID),
                        Memory.getInt(entry + PASSWD_GID)));
    }

    /** The id of a group given by name or number. */
    public static OptionalInt group(String nameOrNumber) {
        OptionalInt number = number(nameOrNumber);
        if (number.isPresent()) {
            return number;
        }
        try (Memory memory = new Memory()) {
            long entry = find(memory, GETGRNAM, memory.string(nameOrNumber));
            return entry == 0 ? OptionalInt.empty() : OptionalInt.of(Memory.getInt(entry + ID));
        }
    }

    /**
     * The groups that a login of that user would have, were {@code gid} its own one, which is among them
     * ({@code getgrouplist(3)}).
     */
    public static List<Integer> groups(String user, int gid) {
        try (Memory memory = new Memory()) {
            long count = memory.allocate(Memory.WORD);
            long groups = memory.allocate(4L * MOST_GROUPS);
            Memory.putInt(count, MOST_GROUPS);
            Native.call(GETGROUPLIST, memory.string(user), gid, groups, count);
            List<Integer> all = new ArrayList<>();
            for (int i = 0; i < Memory.getInt(count); i++) {
                all.add(Memory.getInt(groups + 4L * i));
            }
            return all;
        }
    }

    /** The id of a user given by name or number. */
    public static OptionalInt user(String nameOrNumber) {
        OptionalInt number = number(nameOrNumber);
        ToIntFunction<User> uid = User::uid;
        return number.isPresent()
                ? number
                : named(nameOrNumber)
                        .map(user -> OptionalInt.of(uid.applyAsInt(user)))
                        .orElse(OptionalInt.empty());
    }

    /** An unsigned 32-bit decimal, but not 4294967295, which means "no change" to the kernel. */
    public static OptionalInt number(String text) {
        if (text.isEmpty() || text.length() > 10 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return OptionalInt.empty();
        }
        long value = Long.parseLong(text);
        return value < 0xffffffffL ? OptionalInt.of((int) value) : OptionalInt.empty();
    }

    private static long find(Memory memory, long function, long key) {
        long entry = memory.allocate(64);
        long buffer = memory.allocate(BUFFER);
        long found = memory.allocate(8);
        Native.callReturningError(function, key, entry, buffer, BUFFER, found);
        return Memory.getLong(found);
    }
}

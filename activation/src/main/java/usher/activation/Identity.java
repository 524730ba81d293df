package usher.activation;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import usher.activation.posix.Errno;
import usher.activation.posix.Processes;
import usher.activation.posix.Users;

/**
 * Who a process is to be, where that is not who the launcher is.
 *
 * @param uid absent: as the launcher
 * @param groups the supplementary ones; those of a user who has an entry in the database
 */
record Identity(OptionalInt uid, int gid, List<String> groups) {

    static boolean isRoot() {
        return Processes.effectiveUser() == 0;
    }

    /** Empty if user and group are those of the launcher already, or not given. */
    static Optional<Identity> of(Optional<String> user, Optional<String> group) throws Steps.Refused {
        if (user.isEmpty() && group.isEmpty()) {
            return Optional.empty();
        }
        Optional<Users.User> entry = user.flatMap(Identity::entry);
        OptionalInt uid = user.isEmpty() ? OptionalInt.empty() : uid(user.get(), entry);
        boolean sameUser = uid.isEmpty() || uid.getAsInt() == Processes.effectiveUser();
        boolean sameGroup = group.isEmpty() || gid(group.get()) == Processes.effectiveGroup();
        if (sameUser && sameGroup) {
            return Optional.empty();
        }
        if (!isRoot()) {
            String wish = user.map(name -> "user " + name).orElseGet(() -> "group " + group.orElse(""));
            throw new Steps.Refused(
                    Errno.EPERM,
                    wish + ": only root can start a process as somebody else, and this launcher runs as uid "
                            + Processes.effectiveUser() + " (remove the file, or run usher as root)");
        }
        if (group.isEmpty() && entry.isEmpty()) {
            throw new Steps.Refused(
                    Errno.ENOENT,
                    "user " + user.orElse("") + " has no entry in the user database, so a file `group` must name its"
                            + " group");
        }
        int gid = group.isPresent()
                ? gid(group.get())
                : entry.map(Users.User::gid).orElseThrow();
        List<String> groups = uid.isPresent() && entry.isPresent()
                ? Users.groups(entry.get().name(), gid).stream()
                        .map(Integer::toUnsignedString)
                        .toList()
                : List.of();
        return Optional.of(new Identity(uid, gid, groups));
    }

    private static Optional<Users.User> entry(String user) {
        OptionalInt number = Users.number(user);
        return number.isPresent() ? Users.numbered(number.getAsInt()) : Users.named(user);
    }

    private static OptionalInt uid(String user, Optional<Users.User> entry) throws Steps.Refused {
        OptionalInt number = Users.number(user);
        if (number.isEmpty() && entry.isEmpty()) {
            throw new Steps.Refused(Errno.ENOENT, "user " + user + ": the user database has no such user");
        }
        return number.isPresent() ? number : OptionalInt.of(entry.orElseThrow().uid());
    }

    private static int gid(String group) throws Steps.Refused {
        OptionalInt gid = Users.group(group);
        if (gid.isEmpty()) {
            throw new Steps.Refused(Errno.ENOENT, "group " + group + ": the group database has no such group");
        }
        return gid.getAsInt();
    }

    List<String> forSetpriv() {
        List<String> options = new ArrayList<>();
        uid.ifPresent(id -> options.add("--reuid=" + Integer.toUnsignedString(id)));
        options.add("--regid=" + Integer.toUnsignedString(gid));
        options.add(groups.isEmpty() ? "--clear-groups" : "--groups=" + String.join(",", groups));
        return options;
    }

    /** Without supplementary groups: unshare(1) drops them with --setgid. */
    List<String> forUnshare() {
        List<String> options = new ArrayList<>();
        options.add("--setgid=" + Integer.toUnsignedString(gid));
        uid.ifPresent(id -> options.add("--setuid=" + Integer.toUnsignedString(id)));
        return options;
    }
}

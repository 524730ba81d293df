package usher.activation;

import static usher.activation.posix.PosixException.check;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import usher.activation.posix.Descriptor;
import usher.activation.posix.Errno;
import usher.activation.posix.Limits;
import usher.activation.posix.Nodes;
import usher.activation.posix.PosixException;
import usher.activation.posix.Processes;
import usher.activation.posix.SockAddr;
import usher.activation.posix.Sockets;
import usher.activation.posix.Users;
import usher.bundles.Address;
import usher.bundles.ListeningSocket;

/**
 * The file system's side of a Unix socket or FIFO: parents, mode, owner, symbolic links, removal. It remembers which
 * inode is ours, so that it never removes what somebody has put in its place.
 */
final class Node {
    private final ListeningSocket declaration;
    private final Optional<String> path;
    private final Optional<Nodes.Stat> ours;

    private Node(ListeningSocket declaration, Optional<String> path) {
        this.declaration = declaration;
        this.path = path;
        this.ours = path.flatMap(Nodes::stat);
    }

    /** Of a socket without a node. */
    static Node none(ListeningSocket declaration) {
        return new Node(declaration, Optional.empty());
    }

    /** The node that exists at the declared path, if the address has one. */
    static Node at(ListeningSocket declaration) {
        return new Node(declaration, path(declaration.address()));
    }

    static Optional<String> path(Address address) {
        if (address instanceof Address.Unix unix && !unix.isAbstract()) {
            return Optional.of(unix.name());
        }
        return address instanceof Address.Fifo fifo ? Optional.of(fifo.path().toString()) : Optional.empty();
    }

    /** Runs the action so that a node it makes gets exactly that mode. */
    static <T> T withMode(int mode, Supplier<T> action) {
        int before = Limits.umask(~mode & 0777);
        try {
            return action.get();
        } finally {
            Limits.umask(before);
        }
    }

    static void makeParents(ListeningSocket declaration, String path) {
        int mode = declaration.node().directoryMode();
        withMode(0777, () -> {
            for (int slash = path.indexOf('/', 1); slash > 0; slash = path.indexOf('/', slash + 1)) {
                String parent = path.substring(0, slash);
                int made = Nodes.makeDirectory(parent, mode);
                if (made < 0 && made != -Errno.EEXIST && Nodes.stat(parent).isEmpty()) {
                    throw new PosixException("make directory", parent, -made);
                }
            }
            return true;
        });
    }

    static void makeFifo(ListeningSocket declaration, String path) {
        int mode = declaration.node().mode();
        int made = withMode(0777, () -> Nodes.makeFifo(path, mode));
        if (made == -Errno.EEXIST) {
            Optional<Nodes.Stat> there = Nodes.stat(path);
            if (there.isPresent() && !there.get().is(Nodes.S_IFIFO)) {
                throw new PosixException(OpenFailures.IN_THE_WAY, path, Errno.EEXIST);
            }
            if (there.isPresent() && !mayOwn(declaration, there.get().uid())) {
                throw new PosixException(OpenFailures.ANOTHERS, path, Errno.EPERM);
            }
            check(Nodes.chmod(path, mode), "change the mode of", path);
        } else {
            check(made, "make", path);
        }
    }

    /** Whoever owns a FIFO reads what others write into it. */
    private static boolean mayOwn(ListeningSocket declaration, int uid) {
        OptionalInt user = declaration.node().user().map(Users::user).orElse(OptionalInt.empty());
        return uid == 0 || uid == Processes.effectiveUser() || (user.isPresent() && user.getAsInt() == uid);
    }

    /** Removes a socket's node if nobody serves it: connecting is refused. Says whether it did. */
    static boolean removeIfStale(String path, int type) {
        Optional<Nodes.Stat> there = Nodes.stat(path);
        if (there.isEmpty()) {
            return true; // gone since
        }
        if (!there.get().is(Nodes.S_IFSOCK)) {
            throw new PosixException(OpenFailures.IN_THE_WAY, path, Errno.EADDRINUSE);
        }
        int probe = Sockets.socket(SockAddr.AF_UNIX, type | Sockets.SOCK_NONBLOCK, 0);
        try (Descriptor socket = Descriptor.own(probe, "make", "a socket")) {
            int answer = Sockets.connect(socket.number(), new SockAddr.Unix(path, false));
            return answer == -Errno.ECONNREFUSED && Nodes.stat(path).equals(there) && Nodes.unlink(path) == 0;
        }
    }

    /** Gives the node to the declared user and group; a user without group brings along its own. */
    void chown() {
        Optional<String> user = declaration.node().user();
        Optional<String> group = declaration.node().group();
        if (path.isEmpty() || (user.isEmpty() && group.isEmpty())) {
            return;
        }
        int uid = user.map(name -> id(Users.user(name), "user", name)).orElse(-1);
        int gid = group.map(name -> id(Users.group(name), "group", name))
                .or(() -> user.flatMap(Node::entry).map(Users.User::gid))
                .orElse(-1);
        check(Nodes.chown(path.get(), uid, gid), "change the owner of", path.get());
    }

    private static Optional<Users.User> entry(String user) {
        OptionalInt number = Users.number(user);
        return number.isPresent() ? Users.numbered(number.getAsInt()) : Users.named(user);
    }

    private static int id(OptionalInt id, String kind, String name) {
        if (id.isEmpty()) {
            throw new PosixException("find " + kind, name, Errno.ENOENT);
        }
        return id.getAsInt();
    }

    /** Has the declared symbolic links lead to the node; those that cannot be made are warned of. */
    void link(String target, List<String> warnings) {
        for (String link : declaration.node().symlinks()) {
            try {
                makeParents(declaration, link);
                int made = Nodes.symlink(target, link);
                if (!Nodes.readLink(link).equals(Optional.of(target))) {
                    check(made, "make symbolic link", link);
                }
            } catch (PosixException failure) {
                warnings.add(declaration.source() + ": " + failure.getMessage());
            }
        }
    }

    /** Removes the node and its links, if they are still ours. */
    void remove() {
        if (path.isEmpty() || ours.isEmpty()) {
            return;
        }
        boolean same = Nodes.stat(path.get())
                .filter(now -> now.inode() == ours.get().inode()
                        && now.device() == ours.get().device())
                .isPresent();
        if (same) {
            Nodes.unlink(path.get());
        }
        for (String link : declaration.node().symlinks()) {
            if (Nodes.readLink(link).equals(path)) {
                Nodes.unlink(link);
            }
        }
    }
}

package usher.activation;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import usher.activation.posix.Errno;
import usher.activation.posix.Manner;
import usher.activation.posix.Nodes;
import usher.bundles.Service;
import usher.bundles.Service.Limit;

/**
 * The command with what stands before it, because the process cannot see to it before its exec: chain loading. That is one
 * tool for identity and root, and a shell to join a control group with limits; and {@linkplain Manner#isWhole where
 * posix_spawn has to do}, that shell for LISTEN_PID and limits too, and one tool more for rare limits. Only numbers and the bundle's own settings
 * become part of a command line.
 */
final class Steps {
    /** What {@code ulimit} is defined for by POSIX: letter and unit in bytes (or seconds, or pieces). */
    private static final Map<String, Unit> ULIMIT = Map.of(
            "nofile", new Unit("n", 1),
            "cpu", new Unit("t", 1),
            "core", new Unit("c", 512),
            "fsize", new Unit("f", 512),
            "data", new Unit("d", 1024),
            "stack", new Unit("s", 1024),
            "as", new Unit("v", 1024));

    /** A zero stands for whoever writes it. */
    private static final String JOIN = "echo 0 >\"$0/" + ControlGroup.PROCESSES + "\" || exit 126; ";

    private static final String TELL_PID = "LISTEN_PID=$$; export LISTEN_PID; ";

    private record Unit(String letter, long size) {}

    private final List<String> command = new ArrayList<>();

    private Steps() {}

    /** A wish that cannot be fulfilled, for people. */
    static final class Refused extends Exception {
        private static final long serialVersionUID = 1;
        private final int errno;

        Refused(int errno, String message) {
            super(message);
            this.errno = errno;
        }

        Spawning.SpawnFailure asFailure() {
            return new Spawning.SpawnFailure(errno, String.valueOf(getMessage()));
        }
    }

    /**
     * The whole command line, its first word an absolute path.
     *
     * @param group the control group that a shell is to take it into, if any
     */
    static List<String> before(Launch launch, Optional<ControlGroup> group) throws Refused {
        Steps steps = new Steps();
        Service.Place place = launch.place();
        steps.shellAndLimits(launch, group);
        steps.identity(place, place.noNewPrivileges() && !Manner.isWhole());
        if (!steps.command.isEmpty()) {
            checkExecutable(launch.command().get(0), place.root());
        }
        steps.command.addAll(launch.command());
        return steps.command;
    }

    private void shellAndLimits(Launch launch, Optional<ControlGroup> group) throws Refused {
        StringBuilder script = new StringBuilder();
        // What the shell calls itself: the group, so that its path needs no quoting.
        String zero = "sh";
        if (group.isPresent()) {
            zero = group.get().path();
            script.append(JOIN);
        }
        Map<String, Limit> limits = Manner.isWhole() ? Map.of() : launch.place().limits();
        List<String> rest = new ArrayList<>();
        for (Map.Entry<String, Limit> entry : new TreeMap<>(limits).entrySet()) {
            Unit unit = ULIMIT.get(entry.getKey());
            Limit limit = entry.getValue();
            if (unit != null && fits(limit.soft(), unit) && fits(limit.hard(), unit)) {
                script.append(ulimit(unit, limit));
            } else {
                rest.add("--" + entry.getKey() + "=" + number(limit.soft()) + ":" + number(limit.hard()));
            }
        }
        if (launch.tellsPid() && !Manner.isWhole()) {
            script.append(TELL_PID);
        }
        if (!script.isEmpty()) {
            // exec keeps the process id, so what the shell says of itself is true of the daemon.
            command.addAll(List.of(Tools.find("sh"), "-c", script + "exec \"$@\"", zero));
        }
        if (!rest.isEmpty()) {
            command.add(Tools.find("prlimit"));
            command.addAll(rest);
            command.add("--");
        }
    }

    private static boolean fits(long value, Unit unit) {
        return value == -1 || value % unit.size() == 0;
    }

    /** The soft limit first, if it has to come down before the hard one can; then hard, then soft. */
    private static String ulimit(Unit unit, Limit limit) {
        String soft = "ulimit -S -" + unit.letter() + " " + number(limit.soft(), unit);
        String hard = "ulimit -H -" + unit.letter() + " " + number(limit.hard(), unit);
        return soft + " 2>/dev/null; " + hard + " && " + soft + " || exit 126; ";
    }

    private static String number(long value, Unit unit) {
        return number(value == -1 ? -1 : value / unit.size());
    }

    private static String number(long value) {
        return value == -1 ? "unlimited" : Long.toString(value);
    }

    private void identity(Service.Place place, boolean noNewPrivileges) throws Refused {
        Optional<Identity> identity = Identity.of(place.user(), place.group());
        if (place.root().isPresent()) {
            if (noNewPrivileges) {
                command.addAll(List.of(Tools.find("setpriv"), "--no-new-privs", "--"));
            }
            changeRoot(place, place.root().get().toString(), identity);
        } else if (identity.isPresent() || noNewPrivileges) {
            command.add(Tools.find("setpriv"));
            identity.ifPresent(who -> command.addAll(who.forSetpriv()));
            if (noNewPrivileges) {
                command.add("--no-new-privs");
            }
            command.add("--");
        }
    }

    /** unshare(1) without any namespace: the one tool that changes root, directory and identity in this order. */
    private void changeRoot(Service.Place place, String root, Optional<Identity> identity) throws Refused {
        if (!Identity.isRoot()) {
            throw new Refused(Errno.EPERM, "root " + root + ": only root can change the root directory of a process");
        }
        String directory = place.directory().toString();
        boolean inside = Nodes.stat(root + directory).isPresent();
        command.addAll(List.of(Tools.find("unshare"), "--root=" + root, "--wd=" + (inside ? directory : "/")));
        identity.ifPresent(who -> command.addAll(who.forUnshare()));
        command.add("--");
    }

    /** Found out now, since the steps would find out only after there is a process. */
    private static void checkExecutable(String path, Optional<java.nio.file.Path> root) throws Refused {
        String place = root.map(Object::toString).orElse("") + path;
        int result = Nodes.checkExecutable(place);
        if (result < 0) {
            String where = root.isPresent() ? " (it is looked for inside root " + root.get() + ")" : "";
            throw new Refused(-result, SpawnFaults.cannotExecute(place, -result) + where);
        }
    }
}

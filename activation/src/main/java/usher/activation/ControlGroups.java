package usher.activation;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import usher.activation.posix.Errno;
import usher.activation.posix.PosixException;
import usher.activation.posix.Processes;
import usher.bundles.Bundle;
import usher.bundles.BundleName;

/**
 * The control groups of one launcher, below the group in which it was started:
 *
 * <pre>
 *   GROUP/usher-run-usher/launcher        the launcher and its guard
 *                        /bundle.web      what web/cgroup/ says is written here
 *                        /bundle.web/1    the process 1 of web, and all that descends from it
 *                        /bundle.web/2    its successor, while it is being replaced
 * </pre>
 *
 * <p>The launcher is in a group without others below it, because a group that hands controllers on to those below it may
 * have no process of its own ({@code cgroups(7)}).
 */
final class ControlGroups implements Containment {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final ControlGroup home;
    private final ControlGroup top;
    private final ControlGroup leaf;
    /** Of {@link #top}, as lines of /proc/PID/cgroup begin. */
    private final String prefix;

    private ControlGroups(ControlGroup home, ControlGroup top, ControlGroup leaf, String prefix) {
        this.home = home;
        this.top = top;
        this.leaf = leaf;
        this.prefix = prefix;
    }

    static Containment establish(Path runDirectory, BiFunction<BundleName, Integer, String> marker) {
        Optional<String> own = CgroupMount.ownGroup();
        if (own.isEmpty()) {
            return new SessionsOnly(marker, "version 2 is not mounted, or not the part that this process is in");
        }
        String name = GroupNames.ofLauncher(runDirectory);
        String inside = "/" + name + "/" + GroupNames.LAUNCHER;
        // An earlier launcher of this run directory, or its guard, may have brought us there.
        String home =
                own.get().endsWith(inside) ? own.get().substring(0, own.get().length() - inside.length()) : own.get();
        ControlGroup top = new ControlGroup(home).below(name);
        ControlGroup leaf = top.below(GroupNames.LAUNCHER);
        int made = top.make();
        made = made < 0 ? made : leaf.make();
        int joined = made < 0 ? made : leaf.add(Processes.pid());
        if (joined < 0) {
            leaf.remove();
            top.remove();
            return new SessionsOnly(
                    marker,
                    PosixException.sentence(made < 0 ? "make" : "join", (made < 0 ? top : leaf).path(), -joined));
        }
        bringGuard(runDirectory, leaf);
        String line = lineOf("self");
        String prefix = line.substring(0, line.length() - GroupNames.LAUNCHER.length());
        return new ControlGroups(new ControlGroup(home), top, leaf, prefix);
    }

    /** The guard stands beside the launcher, if it is its parent: no controller can be handed on past it. */
    private static void bringGuard(Path runDirectory, ControlGroup leaf) {
        int parent = Processes.parent();
        try {
            if (Files.readString(runDirectory.resolve("guard.pid")).strip().equals(Integer.toString(parent))) {
                leaf.add(parent);
            }
        } catch (IOException noGuard) {
            // Then there is nobody to be brought.
        }
    }

    /** The version-2 line of /proc/PID/cgroup; empty if the process is gone. */
    static String lineOf(String process) {
        try {
            return Files.readString(Path.of("/proc", process, "cgroup"), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> line.startsWith("0::"))
                    .findFirst()
                    .orElse("");
        } catch (IOException gone) {
            return "";
        }
    }

    @Override
    public String kind() {
        return "control group";
    }

    @Override
    public String detail() {
        return "control groups below " + top.path();
    }

    @Override
    public void clear(Collection<Enclosure> kept) {
        Set<String> tags = new HashSet<>();
        kept.forEach(enclosure -> tags.add(enclosure.tag()));
        for (ControlGroup bundle : top.children()) {
            String name = fileName(bundle);
            if (!name.equals(GroupNames.LAUNCHER)) {
                boolean keeps = false;
                for (ControlGroup process : bundle.children()) {
                    if (tags.contains(name + "/" + fileName(process))) {
                        keeps = true;
                    } else {
                        clear(process);
                    }
                }
                // A process that has just been started may not have joined its group yet: it is empty, and wanted.
                if (!keeps) {
                    bundle.remove();
                }
            }
        }
    }

    private static void clear(ControlGroup group) {
        group.kill();
        group.awaitEmpty(PATIENCE);
        group.remove();
    }

    private static String fileName(ControlGroup group) {
        return group.path().substring(group.path().lastIndexOf('/') + 1);
    }

    @Override
    public Optional<String> apply(Bundle bundle) {
        if (bundle.cgroup().isEmpty()) {
            return Optional.empty();
        }
        ControlGroup group = of(bundle.name());
        int made = group.make();
        if (made < 0) {
            return Optional.of("cgroup: " + PosixException.sentence("make", group.path(), -made));
        }
        for (Map.Entry<String, String> knob : bundle.cgroup().entrySet()) {
            Optional<String> fault = write(group, knob.getKey(), knob.getValue());
            if (fault.isPresent()) {
                return Optional.of(
                        "cgroup/" + knob.getKey() + ": holds " + quoted(knob.getValue()) + ": " + fault.get());
            }
        }
        return Optional.empty();
    }

    private Optional<String> write(ControlGroup group, String knob, String value) {
        int result = group.write(knob, value);
        if (result == -Errno.ENOENT) {
            int dot = knob.indexOf('.');
            String controller = knob.substring(0, Math.max(0, dot));
            Optional<String> fault = handOn(controller);
            if (fault.isPresent()) {
                return fault;
            }
            result = group.write(knob, value);
        }
        return result < 0
                ? Optional.of(PosixException.sentence("write", group.path() + "/" + knob, -result))
                : Optional.empty();
    }

    /** Has a controller work for the bundles' groups; why that cannot be, otherwise. */
    private Optional<String> handOn(String controller) {
        for (ControlGroup group : new ControlGroup[] {home, top}) {
            String available = group.read("cgroup.controllers").strip();
            if (!Set.of(available.split(" ", -1)).contains(controller)) {
                return Optional.of("the kernel has no such file there, and " + group.path()
                        + " has no controller " + quoted(controller) + " to hand on"
                        + (available.isEmpty() ? "" : " (it has " + available + ")"));
            }
            int result = group.write("cgroup.subtree_control", "+" + controller);
            if (result < 0) {
                return Optional.of(
                        PosixException.sentence("hand on the controller " + controller + " from", group.path(), -result)
                                + (result == -Errno.EBUSY ? ": other processes are in that group" : ""));
            }
        }
        return Optional.empty();
    }

    static String quoted(String value) {
        return "\"" + value.replaceAll("\\p{Cntrl}", " ") + "\"";
    }

    @Override
    public Enclosure enclosure(Bundle bundle, int process) {
        return enclosure(bundle, Integer.toString(process));
    }

    @Override
    public Optional<Enclosure> ofConnections(Bundle bundle) {
        return bundle.cgroup().isEmpty() ? Optional.empty() : Optional.of(enclosure(bundle, GroupNames.CONNECTIONS));
    }

    private Enclosure enclosure(Bundle bundle, String name) {
        String tag = GroupNames.ofBundle(bundle.name()) + "/" + name;
        return new GroupEnclosure(
                tag,
                prefix + tag,
                of(bundle.name()).below(name),
                !bundle.cgroup().isEmpty());
    }

    private ControlGroup of(BundleName bundle) {
        return top.below(GroupNames.ofBundle(bundle));
    }

    @Override
    public String tagOf(int process) {
        String line = lineOf(Integer.toString(process));
        if (!line.startsWith(prefix)) {
            return "";
        }
        String[] below = line.substring(prefix.length()).split("/", -1);
        return below.length < 2 ? "" : below[0] + "/" + below[1];
    }

    @Override
    public void isIdle(BundleName bundle) {
        of(bundle).remove();
    }

    @Override
    public void close() {
        for (int member : leaf.members()) {
            home.add(member);
        }
        leaf.remove();
        top.remove();
    }
}

package usher.activation;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import usher.activation.posix.Descriptor;
import usher.activation.posix.Nodes;

/** A control group for one process and its descendants, below that of their bundle. */
final class GroupEnclosure implements Enclosure {
    private static final long PATIENCE = 10_000_000_000L;

    private final String tag;
    /** As /proc/PID/cgroup has it for those who are in it. */
    private final String line;

    private final ControlGroup group;
    /** Whether limits hold for it, under which the process is to stand from its first instruction. */
    private final boolean limited;

    GroupEnclosure(String tag, String line, ControlGroup group, boolean limited) {
        this.tag = tag;
        this.line = line;
        this.group = group;
        this.limited = limited;
    }

    @Override
    public Launch admit(Launch launch) {
        return launch.within(new Membership(group, limited));
    }

    @Override
    public void isLedBy(Child first) {
        // The kernel knows who is in the group.
    }

    @Override
    public boolean holds(int process) {
        String other = ControlGroups.lineOf(Integer.toString(process));
        return other.equals(line) || other.startsWith(line + "/");
    }

    @Override
    public String tag() {
        return tag;
    }

    @Override
    public OptionalLong number() {
        return Nodes.stat(group.path())
                .map(stat -> OptionalLong.of(stat.inode()))
                .orElse(OptionalLong.empty());
    }

    @Override
    public void kill() {
        if (group.isPopulated()) {
            group.kill();
        }
    }

    @Override
    public void whenEmpty(EventLoop loop, Consumer<Boolean> then) {
        Optional<Descriptor> opened = group.events();
        if (opened.isEmpty()) {
            then.accept(true);
            return;
        }
        Descriptor events = opened.get();
        if (!ControlGroup.isPopulated(events)) {
            events.close();
            then.accept(true);
            return;
        }
        Timer patience = loop.at(System.nanoTime() + PATIENCE, () -> {
            events.close();
            then.accept(false);
        });
        loop.watch(events, 0, changed -> {
            if (!ControlGroup.isPopulated(events)) {
                patience.cancel();
                events.close();
                then.accept(true);
            }
        });
    }

    @Override
    public void close() {
        group.remove();
    }
}

package usher.launcher;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import usher.activation.Containment;
import usher.activation.EventLoop;
import usher.activation.Keeper;
import usher.activation.NotifySocket;
import usher.activation.posix.Descriptor;
import usher.activation.posix.Descriptors;
import usher.bundles.BundleName;

/**
 * Hears what daemons with {@code sd-notify} say, and keeps the descriptors that they give away. A message counts if its
 * sender is in the control group of the bundle's daemon or, without control groups, in its session or descends from it;
 * any other is dropped.
 */
final class Notifications implements AutoCloseable {
    /** Descriptors kept for one bundle at most. */
    private static final int MOST_STORED = 512;

    private static final String UNNAMED = "stored";

    private final EventLoop loop;
    private final Survivors survivors;
    private final Keeper keeper;
    private final Diary diary;
    private final Consumer<Event> tell;
    private final Containment containment;
    /** By the process that leads the session. */
    private final Map<Integer, Daemon> daemons = new HashMap<>();

    private final Map<String, Daemon> byTag = new HashMap<>();
    private final Map<Long, Daemon> byGroup = new HashMap<>();
    private @Nullable NotifySocket socket;
    private long lastStored;

    /** Whose messages come from a session. */
    private record Daemon(BundleName bundle, Holding holding, int process, IntConsumer leads) {}

    Notifications(
            EventLoop loop,
            Containment containment,
            Survivors survivors,
            Keeper keeper,
            Diary diary,
            Consumer<Event> tell) {
        this.survivors = survivors;
        this.keeper = keeper;
        this.loop = loop;
        this.containment = containment;
        this.diary = diary;
        this.tell = tell;
    }

    /** The value of NOTIFY_SOCKET; there is a socket once somebody needs it. */
    String address() {
        NotifySocket open = socket;
        if (open == null) {
            open = survivors.notifySocket().orElseGet(NotifySocket::open);
            keeper.keep(Survivors.NOTIFY, List.of(open.descriptor()));
            NotifySocket opened = open;
            loop.watch(opened.descriptor(), EventLoop.READABLE, events -> receive(opened));
            socket = opened;
        }
        return open.address();
    }

    /** Takes over what a daemon of the bundle has given a launcher before this one to keep, and hears its messages. */
    void restore(BundleName bundle, Holding holding) {
        if (survivors.hasNotifySocket()) {
            address();
        }
        survivors.stored(bundle).forEach((key, descriptor) -> {
            lastStored = Math.max(lastStored, Long.parseLong(key.split("/", -1)[2], 16));
            holding.stored.add(new Holding.Stored(key, key.split("/", 4)[3], descriptor));
        });
    }

    void closeStored(Holding holding) {
        holding.stored.forEach(this::close);
        holding.stored.clear();
    }

    private void close(Holding.Stored stored) {
        keeper.forget(stored.key());
        stored.descriptor().close();
    }

    /** {@code leads} is told which process the daemon names as its main one. */
    void follow(BundleName bundle, Holding holding, Holding.Running process, IntConsumer leads) {
        Daemon daemon = new Daemon(bundle, holding, process.number(), leads);
        daemons.put(process.child().pid(), daemon);
        byTag.put(process.enclosure().tag(), daemon);
        process.enclosure().number().ifPresent(group -> byGroup.put(group, daemon));
    }

    /** Hears what has been said so far: to be called before a daemon that has ended is reaped. */
    void catchUp() {
        if (socket != null) {
            receive(socket);
        }
    }

    /** What the daemon has named as its main process speaks for it, too, also when the one that was started is gone. */
    void hearMain(Holding.Running process, int main) {
        int first = process.child().pid();
        Daemon daemon = daemons.get(first);
        if (daemon != null) {
            daemons.values().removeIf(one -> one.equals(daemon));
            daemons.put(first, daemon);
            daemons.put(main, daemon);
        }
    }

    void forget(Holding.Running process) {
        Daemon daemon = daemons.get(process.child().pid());
        daemons.values().removeIf(one -> one.equals(daemon));
        byGroup.values().removeIf(one -> one.equals(daemon));
        byTag.remove(process.enclosure().tag());
    }

    private void receive(NotifySocket from) {
        for (Optional<NotifySocket.Message> message = from.peek(); message.isPresent(); message = from.peek()) {
            try {
                hear(message.get());
            } finally {
                from.drop();
            }
        }
    }

    private void hear(NotifySocket.Message message) {
        Daemon daemon = sender(message);
        List<Descriptor> rest = new ArrayList<>(message.descriptors());
        if (daemon == null) {
            diary.note("a message to the notify socket came from none of its daemons and is dropped" + ": process "
                    + message.sender());
        } else {
            Notification said = Notification.parse(message.text());
            if (said.remove()) {
                remove(daemon.holding(), said.name().orElse(""));
            }
            if (said.store()) {
                store(daemon, said.name().orElse(UNNAMED), rest);
            }
            said.mainPid().ifPresent(daemon.leads());
            tell.accept(new Event.Notified(daemon.bundle(), daemon.process(), said));
        }
        // A barrier waits until its descriptor is closed: now, that all it was sent after has been heard.
        rest.forEach(Descriptor::close);
    }

    /** By the control group first: an orphan in a session of its own has no other mark that cannot be forged. */
    private @Nullable Daemon sender(NotifySocket.Message message) {
        Daemon known = message.group().isPresent() ? byGroup.get(message.group().getAsLong()) : null;
        if (known != null) {
            return known;
        }
        // In a group that the daemon has made below its own, or of a kernel that does not say.
        String tag = containment.tagOf(message.sender());
        if (!tag.isEmpty()) {
            return byTag.get(tag);
        }
        for (int process : message.lineage()) {
            Daemon daemon = daemons.get(process);
            if (daemon != null) {
                return daemon;
            }
        }
        return null;
    }

    private void store(Daemon daemon, String name, List<Descriptor> offered) {
        List<Holding.Stored> stored = daemon.holding().stored;
        while (!offered.isEmpty() && stored.size() < MOST_STORED) {
            Descriptor descriptor = offered.remove(0);
            if (stored.stream().anyMatch(one -> isSame(one, name, descriptor))) {
                // As sd_pid_notify_with_fds(3) has it; or a launcher was killed that had stored it already.
                descriptor.close();
                continue;
            }
            String key = Survivors.storedKey(daemon.bundle()) + String.format("%08x", ++lastStored) + "/" + name;
            keeper.keep(key, List.of(descriptor));
            stored.add(new Holding.Stored(key, name, descriptor));
        }
        if (!offered.isEmpty()) {
            diary.complain(daemon.bundle() + ": stores more than " + MOST_STORED + " descriptors; the rest is closed");
        }
    }

    private static boolean isSame(Holding.Stored stored, String name, Descriptor descriptor) {
        return stored.name().equals(name)
                && Descriptors.isSame(stored.descriptor().number(), descriptor.number());
    }

    private void remove(Holding holding, String name) {
        for (Iterator<Holding.Stored> each = holding.stored.iterator(); each.hasNext(); ) {
            Holding.Stored one = each.next();
            if (one.name().equals(name)) {
                close(one);
                each.remove();
            }
        }
    }

    @Override
    public void close() {
        if (socket != null) {
            socket.close();
        }
    }
}

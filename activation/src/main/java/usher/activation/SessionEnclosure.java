package usher.activation;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import usher.activation.posix.Descriptor;
import usher.activation.posix.Descriptors;
import usher.activation.posix.Processes;

/**
 * A session, where there are no control groups, with what else can be found: descendants of its members in sessions of
 * their own; and orphans, which fall to the launcher, by a variable in their environment that no other process has.
 *
 * <p>An orphan that has both left its session and cleared its environment is not found.
 */
final class SessionEnclosure implements Enclosure {
    private static final long PATIENCE = 10_000_000_000L;
    /** Those that fork while we look are found in the next round; no more rounds than this. */
    private static final int MOST_ROUNDS = 20;

    private final String id;
    private @Nullable Child leader;
    private final List<Descriptor> dying = new ArrayList<>();

    SessionEnclosure(String id) {
        this.id = id;
    }

    @Override
    public Launch admit(Launch launch) {
        return launch.with(launch.environment().with(Orphans.VARIABLE, id));
    }

    @Override
    public void isLedBy(Child first) {
        leader = first;
    }

    @Override
    public boolean holds(int process) {
        return members().contains(process);
    }

    @Override
    public String tag() {
        return "";
    }

    @Override
    public OptionalLong number() {
        return OptionalLong.empty();
    }

    /** Stopped first, so that none can start another while each is killed: not even where all they do is to fork. */
    @Override
    public void kill() {
        Map<Integer, Descriptor> stopped = new HashMap<>();
        boolean found = true;
        for (int round = 0; found && round < MOST_ROUNDS; round++) {
            found = false;
            for (int process : members()) {
                if (!stopped.containsKey(process)) {
                    caught(process).ifPresent(pidfd -> stopped.put(process, pidfd));
                    found |= stopped.containsKey(process);
                }
            }
        }
        stopped.values().forEach(pidfd -> Processes.pidfdSendSignal(pidfd.number(), Processes.SIGKILL));
        dying.addAll(stopped.values());
    }

    /** The number of the session, as long as it cannot be anybody else's: until its first process is waited for. */
    private int session() {
        return leader != null && leader.pidfd().isOpen() ? leader.pid() : 0;
    }

    /** Stopped through a pidfd, and looked at again once that is open, so that a reused number is left alone. */
    private static Optional<Descriptor> caught(int process) {
        Sessions.Standing before = Sessions.standing(process);
        int opened = Processes.pidfdOpen(process);
        if (opened < 0) {
            return Optional.empty();
        }
        Descriptor pidfd = Descriptor.own(opened);
        if (before != null && !before.ended() && before.equals(Sessions.standing(process))) {
            Processes.pidfdSendSignal(opened, Processes.SIGSTOP);
            return Optional.of(pidfd);
        }
        pidfd.close();
        return Optional.empty();
    }

    /** Those that have not ended. */
    private Set<Integer> members() {
        int launcher = Processes.pid();
        int guard = Processes.parent();
        Map<Integer, Sessions.Standing> all = new HashMap<>();
        for (int process : Sessions.processes()) {
            Sessions.Standing standing = Sessions.standing(process);
            if (standing != null && process != launcher && process != guard) {
                all.put(process, standing);
            }
        }
        Set<Integer> sessions = new HashSet<>(Set.of(session()));
        all.forEach((process, standing) -> {
            boolean orphan = standing.parent() == launcher || standing.parent() == guard;
            if (orphan && !standing.ended() && !Children.isStarted(process) && isMarked(process)) {
                sessions.add(standing.session());
            }
        });
        sessions.remove(sessionOf(launcher));
        sessions.remove(0);
        return withDescendants(all, sessions);
    }

    private static int sessionOf(int process) {
        Sessions.Standing standing = Sessions.standing(process);
        return standing == null ? 0 : standing.session();
    }

    private static Set<Integer> withDescendants(Map<Integer, Sessions.Standing> all, Set<Integer> sessions) {
        Set<Integer> members = new HashSet<>();
        boolean grown = true;
        while (grown) {
            grown = false;
            for (Map.Entry<Integer, Sessions.Standing> one : all.entrySet()) {
                Sessions.Standing standing = one.getValue();
                if (sessions.contains(standing.session()) || members.contains(standing.parent())) {
                    grown |= members.add(one.getKey());
                    grown |= sessions.add(standing.session());
                }
            }
        }
        members.removeIf(process -> {
            Sessions.Standing standing = all.get(process);
            return standing == null || standing.ended();
        });
        return members;
    }

    private boolean isMarked(int process) {
        try {
            byte[] environ = Files.readAllBytes(Path.of("/proc", Integer.toString(process), "environ"));
            return ("\0" + new String(environ, StandardCharsets.ISO_8859_1))
                    .contains("\0" + Orphans.VARIABLE + "=" + id + "\0");
        } catch (IOException goneOrNotOurs) {
            return false;
        }
    }

    @Override
    public void whenEmpty(EventLoop loop, Consumer<Boolean> then) {
        dying.removeIf(pidfd -> {
            boolean gone = hasEnded(pidfd);
            if (gone) {
                pidfd.close();
            }
            return gone;
        });
        if (dying.isEmpty()) {
            then.accept(true);
            return;
        }
        Descriptor last = dying.get(0);
        Timer patience = loop.at(System.nanoTime() + PATIENCE, () -> {
            loop.unwatch(last);
            then.accept(false);
        });
        loop.watch(last, EventLoop.READABLE, ended -> {
            patience.cancel();
            loop.unwatch(last);
            whenEmpty(loop, then);
        });
    }

    private static boolean hasEnded(Descriptor pidfd) {
        return Descriptors.poll(pidfd.number(), Descriptors.POLLIN, 0) > 0;
    }

    @Override
    public void close() {
        dying.forEach(Descriptor::close);
        dying.clear();
    }
}

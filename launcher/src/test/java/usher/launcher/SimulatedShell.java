package usher.launcher;

import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import usher.bundles.Address;
import usher.bundles.Bundle;
import usher.bundles.BundleName;
import usher.bundles.ListeningSocket;
import usher.bundles.Service.Script;

/** A {@link Shell} that only pretends: what is open, what is watched, who runs, and whether they do as they are told. */
final class SimulatedShell {
    private final Random random;
    /** What the engine has not heard yet. */
    final ArrayDeque<Event> answers = new ArrayDeque<>();

    /** By their names. */
    final Map<BundleName, Map<String, Address>> open = new TreeMap<>();

    final Set<BundleName> watched = new TreeSet<>();
    /** The scripts that run, those of connections aside. */
    final Map<Numbered, Script> processes = new TreeMap<>();

    final Map<BundleName, Integer> connections = new TreeMap<>();
    final Set<BundleName> farewells = new TreeSet<>();
    final Set<BundleName> hushed = new TreeSet<>();
    /** Those that end next. */
    final Set<Numbered> told = new TreeSet<>();
    /** Those that do not mind TERM. */
    final Set<Numbered> deaf = new TreeSet<>();

    final Set<Long> jobs = new HashSet<>();
    boolean exited;
    /** Whether anything may fail. */
    boolean trouble = true;

    /** A process by the number that the engine gave it. */
    record Numbered(BundleName bundle, int number) implements Comparable<Numbered> {
        @Override
        public int compareTo(Numbered other) {
            int byBundle = bundle.compareTo(other.bundle);
            return byBundle != 0 ? byBundle : Integer.compare(number, other.number);
        }
    }

    SimulatedShell(Random random) {
        this.random = random;
    }

    /** Does what is wanted, or fails at it; what comes of it at once is an answer. */
    void carryOut(Effect effect) {
        if (effect instanceof Effect.Open toOpen) {
            open(toOpen.bundle());
        } else if (effect instanceof Effect.Close close) {
            open.remove(close.bundle());
            watched.remove(close.bundle());
        } else if (effect instanceof Effect.Watch watch) {
            watched.add(watch.bundle());
        } else if (effect instanceof Effect.Unwatch unwatch) {
            watched.remove(unwatch.bundle());
        } else if (effect instanceof Effect.CloseOthers close) {
            closeOthers(close.bundle());
        } else if (effect instanceof Effect.Spawn spawn) {
            spawn(new Numbered(spawn.bundle().name(), spawn.process()), spawn.script());
        } else if (effect instanceof Effect.Accept accept) {
            accept(accept.bundle().name(), accept.room());
        } else if (effect instanceof Effect.Count count) {
            answers.add(new Event.Counted(count.bundle(), random.nextInt(3)));
        } else if (effect instanceof Effect.Hush hush) {
            hushed.add(hush.bundle());
            answers.add(new Event.Counted(hush.bundle(), random.nextInt(2)));
        } else if (effect instanceof Effect.Unhush unhush) {
            hushed.remove(unhush.bundle());
        } else if (effect instanceof Effect.JobEnded ended) {
            jobs.remove(ended.job());
        } else if (effect instanceof Effect.Exit) {
            exited = true;
        } else {
            end(effect);
        }
    }

    private void end(Effect effect) {
        if (effect instanceof Effect.Signal signal) {
            farewells.add(signal.bundle().name());
            of(signal.bundle().name()).forEach(this::signal);
        } else if (effect instanceof Effect.SignalProcess signal) {
            signal(new Numbered(signal.bundle().name(), signal.process()));
        } else if (effect instanceof Effect.EndInput input) {
            of(input.bundle()).forEach(this::signal);
        } else if (effect instanceof Effect.Kill kill) {
            farewells.add(kill.bundle());
            of(kill.bundle()).forEach(this::kill);
        } else if (effect instanceof Effect.KillProcess kill) {
            kill(new Numbered(kill.bundle(), kill.process()));
        }
    }

    List<Numbered> of(BundleName bundle) {
        return processes.keySet().stream()
                .filter(process -> process.bundle().equals(bundle))
                .toList();
    }

    boolean isOpen(BundleName bundle, String socket) {
        return open.getOrDefault(bundle, Map.of()).containsKey(socket);
    }

    /** No two sockets of a bundle have the same address. */
    private void closeOthers(Bundle bundle) {
        Map<String, Address> sockets = open.getOrDefault(bundle.name(), Map.of());
        Map<String, Address> left = new TreeMap<>();
        for (ListeningSocket socket : bundle.sockets()) {
            if (sockets.containsValue(socket.address())) {
                left.put(socket.name(), socket.address());
            }
        }
        open.put(bundle.name(), left);
    }

    private void open(Bundle bundle) {
        Map<String, Address> sockets = open.computeIfAbsent(bundle.name(), name -> new TreeMap<>());
        for (ListeningSocket socket : bundle.sockets()) {
            if (sockets.containsKey(socket.name())) {
                continue;
            }
            if (trouble && random.nextInt(6) == 0) {
                answers.add(new Event.OpenFailed(bundle.name(), socket.name(), random.nextBoolean(), "bad luck"));
            } else {
                sockets.put(socket.name(), socket.address());
                answers.add(new Event.Opened(bundle.name(), socket.name()));
            }
        }
    }

    /** A daemon has shut one of its sockets down, and it cannot be opened anew. */
    void lose(BundleName bundle) {
        Map<String, Address> sockets = open.getOrDefault(bundle, Map.of());
        if (!sockets.isEmpty()) {
            String lost = sockets.keySet().iterator().next();
            sockets.remove(lost);
            answers.add(new Event.OpenFailed(bundle, lost, random.nextBoolean(), "bad luck"));
        }
    }

    private void spawn(Numbered process, Script script) {
        if (trouble && random.nextInt(12) == 0) {
            answers.add(new Event.SpawnFailed(process.bundle(), script, process.number(), "bad luck"));
            return;
        }
        processes.put(process, script);
        if (trouble && random.nextInt(10) == 0) {
            deaf.add(process);
        }
        answers.add(new Event.Spawned(process.bundle(), script, process.number()));
    }

    private void accept(BundleName bundle, int room) {
        for (int i = random.nextInt(3); i > 0 && room > 0; i--, room--) {
            if (trouble && random.nextInt(10) == 0) {
                answers.add(new Event.AcceptFailed(bundle, "bad luck"));
                return;
            }
            connections.merge(bundle, 1, Integer::sum);
            answers.add(new Event.Connected(bundle));
        }
    }

    /** Most end when told; the deaf wait for KILL. */
    private void signal(Numbered process) {
        if (!deaf.contains(process) && processes.containsKey(process)) {
            told.add(process);
        }
    }

    private void kill(Numbered process) {
        deaf.remove(process);
        signal(process);
    }
}

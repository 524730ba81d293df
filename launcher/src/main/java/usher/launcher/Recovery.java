package usher.launcher;

import static java.util.stream.Collectors.groupingBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import usher.bundles.BundleName;
import usher.bundles.Service;

/** Gives every room back what the launcher before this one had in it: pipes, sockets, processes, lives, operations. */
final class Recovery {
    private final Found found;
    private final Map<BundleName, Life> before = new HashMap<>();

    Recovery(Found found) {
        this.found = found;
        found.lives().forEach(life -> before.put(life.bundle().name(), life));
    }

    /** The pipes of logs, with the settings by which they were kept. */
    void restore(Outputs outputs, Survivors survivors) {
        survivors.outputs().forEach((name, ends) -> outputs.adopt(name, ends, this::logOf));
    }

    private Service.Log logOf(BundleName name) {
        Life life = before.get(name);
        return life == null
                ? Service.Log.DEFAULT
                : life.bundle().service().map(Service::log).orElse(Service.Log.DEFAULT);
    }

    /** What the engine had decided, and what came of it in the shell; whose traffic is awaited is listened for again. */
    void restore(Engine engine, Shell shell, long now) {
        Map<BundleName, List<ProcessImage>> processes =
                found.processes().stream().collect(groupingBy(ProcessImage::bundle));
        Map<BundleName, List<ConnectionImage>> connections =
                found.connections().stream().collect(groupingBy(ConnectionImage::bundle));
        List<Life> lives = new ArrayList<>();
        for (Life life : found.lives()) {
            BundleName name = life.bundle().name();
            shell.restore(life, processes.getOrDefault(name, List.of()));
            int serving = life.bundle().isPerConnection()
                    ? shell.restoreConnections(life.bundle(), connections.getOrDefault(name, List.of()))
                    : life.tally().instances();
            lives.add(LifeCycle.serving(life, serving, shell.holding(name).served(), now));
        }
        engine.restore(lives, found.operations(), found.settings().shutdownJob());
        shell.rescue(lives);
        for (Life life : lives) {
            Operation start = engine.operations().start(life.bundle().name());
            boolean waits = start != null && !start.begun && life.wish() == Life.Wish.RUN;
            if (life.awaitsTraffic() && !waits) {
                shell.watch(life.bundle().name());
            }
        }
    }

    /** Whose process was begun at a knock that the launcher before this one did not live to decide on ({@link Standbys}). */
    static List<BundleName> knockedAt(Engine engine, Survivors survivors) {
        List<BundleName> names = new ArrayList<>();
        for (Life life : engine.lives()) {
            if (life.phase() == Life.Phase.LISTENING && survivors.hasNext(life)) {
                names.add(life.bundle().name());
            }
        }
        return names;
    }
}

package usher.activation;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import usher.activation.posix.Descriptors;
import usher.bundles.Service;

/**
 * The figures of docs/decisions/0003: from the call to the reaped child, one after the other. No test by name, so it runs
 * only when asked for: {@code mvn test -pl activation -am -Dtest=SpawnTiming -Dsurefire.failIfNoSpecifiedTests=false}.
 */
class SpawnTiming {
    private static final int SPAWNS = 300;
    private static final int ROUNDS = 4;

    @Test
    void stepsBeforeACommand() {
        Service.Place plain = Declared.place(Path.of("/"));
        Service.Place nobody = new Service.Place(
                Optional.of("nobody"), Optional.empty(), 022, Path.of("/"), Optional.empty(), false, Map.of());
        Service.Place limited = new Service.Place(
                Optional.empty(),
                Optional.empty(),
                022,
                Path.of("/"),
                Optional.empty(),
                false,
                Map.of("nproc", new Service.Limit(100, 100)));
        try (Spawner spawner = new Spawner(OriginalLimits.capture())) {
            time(spawner, "direct", plain, false);
            time(spawner, "LISTEN_PID", plain, true);
            time(spawner, "prlimit", limited, false);
            if (Identity.isRoot()) {
                time(spawner, "user", nobody, false);
                time(spawner, "user, LISTEN_PID", nobody, true);
            }
        }
    }

    private static void time(Spawner spawner, String what, Service.Place place, boolean tellsPid) {
        Launch launch = Running.launch(List.of("/bin/true"), place, Map.of(), tellsPid);
        long call = 0;
        long whole = 0;
        for (int round = 0; round < ROUNDS; round++) {
            call = 0;
            whole = 0;
            for (int i = 0; i < SPAWNS; i++) {
                long start = System.nanoTime();
                Child child = Running.start(spawner, launch);
                call += System.nanoTime() - start;
                Descriptors.poll(child.pidfd().number(), Descriptors.POLLIN, 10_000);
                child.reap();
                whole += System.nanoTime() - start;
            }
        }
        System.out.printf(
                "%-18s call %5d us, until reaped %5d us%n", what, call / SPAWNS / 1000, whole / SPAWNS / 1000);
    }
}

package usher.activation;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import usher.activation.posix.Descriptor;
import usher.activation.posix.Descriptors;
import usher.bundles.Service;

/** Starts processes for a test and collects what they write. */
final class Running {
    static final long DEADLINE_SECONDS = 20;

    private Running() {}

    static Child start(Spawner spawner, Launch launch) {
        Spawning spawning = spawner.spawn(launch);
        if (spawning instanceof Spawning.Spawned spawned) {
            return spawned.child();
        }
        throw new AssertionError(spawning);
    }

    static Launch launch(List<String> command, Map<Integer, Descriptor> descriptors) {
        return launch(command, Declared.place(Path.of("/")), descriptors, false);
    }

    static Launch launch(
            List<String> command, Service.Place place, Map<Integer, Descriptor> descriptors, boolean tellsPid) {
        Environment environment = Environment.empty().with("PATH", "/usr/bin:/bin");
        return new Launch(command, environment, place, descriptors, tellsPid);
    }

    /** Standard output of the command, which must exit with 0; standard error goes to the test's own. */
    static String outputOf(Spawner spawner, Launch launch) {
        try (Pipe pipe = Pipe.open();
                Descriptor errors = Descriptor.own(Descriptors.duplicate(2, 3))) {
            Map<Integer, Descriptor> descriptors = new HashMap<>(launch.descriptors());
            descriptors.put(1, pipe.writeEnd());
            descriptors.putIfAbsent(2, errors);
            Child child = start(
                    spawner,
                    new Launch(launch.command(), launch.environment(), launch.place(), descriptors, launch.tellsPid()));
            pipe.writeEnd().close();
            String output = drain(pipe);
            assertThat(await(child)).as(output).isEqualTo(ExitStatus.exit(0));
            return output;
        }
    }

    static String drain(Pipe pipe) {
        StringBuilder output = new StringBuilder();
        byte[] buffer = new byte[4096];
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
        int got;
        do {
            assertThat(System.nanoTime()).as("still running: %s", output).isLessThan(deadline);
            Descriptors.poll(pipe.readEnd().number(), Descriptors.POLLIN, 1000);
            got = pipe.read(buffer);
            output.append(new String(buffer, 0, Math.max(0, got), StandardCharsets.UTF_8));
        } while (got != 0);
        return output.toString();
    }

    /** How it ended, killed if it has not within the deadline. */
    static ExitStatus await(Child child) {
        int millis = (int) TimeUnit.SECONDS.toMillis(DEADLINE_SECONDS);
        Descriptors.poll(child.pidfd().number(), Descriptors.POLLIN, millis);
        Optional<ExitStatus> status = child.reap();
        if (status.isEmpty()) {
            child.signalGroup(9);
            throw new AssertionError(child + " still runs after " + DEADLINE_SECONDS + " s");
        }
        return status.get();
    }
}

package usher.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import usher.activation.Launch;
import usher.activation.Listener;
import usher.activation.ProcessId;
import usher.activation.posix.Descriptor;
import usher.activation.posix.Processes;
import usher.bundles.Bundle;
import usher.bundles.BundleName;
import usher.bundles.Relation;

class RehearsalTest {
    /** So many that the record is full now and then. */
    private static final int MANY = 250;

    @TempDir
    Path directory;

    private static List<String> environment(Launch launch) {
        return launch.environment().strings().stream()
                .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
                .toList();
    }

    @Test
    void everyKnockAndTheRestartArePreparedAsFarAsTheCloneAndNothingIsLeft() throws IOException {
        Bundle lazy = new Trees()
                .lazy("web")
                .daemon("db")
                .link("web", Relation.REQUIRES, "db")
                .relations()
                .bundles()
                .find(new BundleName("web"))
                .orElseThrow();
        List<Listener> open = List.of(Listener.adopt(lazy.sockets().get(0), Descriptor.adopt(0)));
        List<Launch> prepared = new ArrayList<>();
        Rehearsal rehearsal = new Rehearsal(lazy, open, prepared::add, directory, ProcessId.of(Processes.pid()));
        rehearsal.playRestart();
        assertThat(rehearsal.starts()).isEqualTo(2);
        for (int knock = 1; knock <= MANY; knock++) {
            rehearsal.play();
            assertThat(rehearsal.starts()).isEqualTo(2 + knock);
            assertThat(directory).isEmptyDirectory();
        }
        assertThat(prepared)
                .hasSize(2 + MANY)
                .allMatch(launch -> launch.command().equals(List.of("/b/web/service/run")))
                .allMatch(launch -> launch.tellsPid() && launch.descriptors().containsKey(3));
        assertThat(environment(prepared.get(0))).contains("LISTEN_FDNAMES=s0");
        assertThat(prepared.stream()
                        .flatMap(launch -> environment(launch).stream())
                        .filter(variable -> variable.startsWith("INVOCATION_ID="))
                        .distinct())
                .hasSize(2 + MANY);
    }
}

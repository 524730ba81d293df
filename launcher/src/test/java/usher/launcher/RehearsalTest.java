package usher.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import usher.activation.Containment;
import usher.activation.EventLoop;
import usher.activation.Keeper;
import usher.activation.OriginalLimits;
import usher.activation.Spawner;
import usher.activation.posix.Descriptor;
import usher.bundles.BundleName;
import usher.bundles.ListeningSocket.Handover;

class RehearsalTest {
    private static final String NAME = "played";
    /** So many that the record is full now and then. */
    private static final int MANY = 250;

    private static final long MILLISECOND = 1_000_000;

    @TempDir
    Path directory;

    private final Map<String, List<Descriptor>> kept = new HashMap<>();
    private final Spawner spawner = new Spawner(OriginalLimits.capture());

    private final Keeper keeper = new Keeper() {
        @Override
        public void keep(String name, List<Descriptor> descriptors) {
            kept.put(name, descriptors);
        }

        @Override
        public void forget(String name) {
            kept.remove(name);
        }

        @Override
        public void forgetAtLeisure(String name) {
            forget(name);
        }

        @Override
        public void letGo() {}
    };

    @AfterEach
    void close() {
        spawner.close();
    }

    @ParameterizedTest
    @EnumSource(Handover.class)
    void everyKnockStartsADaemonAndNothingIsLeft(Handover handover) throws IOException {
        try (EventLoop loop = new EventLoop();
                Containment containment = Containment.establish(directory, (bundle, number) -> "");
                Outputs outputs = outputs(loop)) {
            Rehearsal rehearsal = rehearsal(loop, containment, outputs, handover);
            rehearsal.play(MANY, loop::stop);
            assertThat(socketsOfThatName()).isOne();
            loop.run();
            assertThat(rehearsal.played())
                    .as("daemons, one of them restarted")
                    .isEqualTo(MANY + MANY / Rehearsal.KNOCKS_FOR_ONE_WHO_WAITS + 1);
            assertThat(kept).isEmpty();
        }
        assertThatNothingIsLeft();
    }

    /** A launcher may be told to end at any moment. */
    @Test
    void mayBeClosedAtAnyMoment() throws IOException {
        Path groups; // where there are none, this is a sentence
        for (int moment = 0; moment < 40; moment++) {
            try (EventLoop loop = new EventLoop();
                    Containment containment = Containment.establish(directory, (bundle, number) -> "");
                    Outputs outputs = outputs(loop)) {
                Rehearsal rehearsal = rehearsal(loop, containment, outputs, Handover.STDIN);
                groups = Path.of(containment.detail().replace("control groups below ", ""));
                rehearsal.play(MANY, loop::stop);
                loop.at(System.nanoTime() + moment * MILLISECOND / 4, rehearsal::close);
                loop.run();
                assertThat(kept).isEmpty();
            }
            assertThatNothingIsLeft();
            assertThat(groups).doesNotExist();
        }
    }

    private Outputs outputs(EventLoop loop) {
        return new Outputs(
                loop, keeper, directory.resolve("log"), directory.resolve("log"), directory.resolve("spool"));
    }

    private Rehearsal rehearsal(EventLoop loop, Containment containment, Outputs outputs, Handover handover)
            throws IOException {
        return new Rehearsal(loop, spawner, containment, outputs, keeper, new BundleName(NAME), handover, directory);
    }

    private static long socketsOfThatName() throws IOException {
        String name = "@usher-rehearsal-" + ProcessHandle.current().pid();
        return Files.readAllLines(Path.of("/proc/net/unix")).stream()
                .filter(line -> line.endsWith(name))
                .count();
    }

    private void assertThatNothingIsLeft() throws IOException {
        assertThat(kept).isEmpty();
        assertThat(socketsOfThatName()).isZero();
        assertThat(ProcessHandle.current().children()).isEmpty();
        assertThat(directory.toFile().list()).containsExactly("spool");
        assertThat(directory.resolve("spool")).isEmptyDirectory();
        assertThat(Files.readString(Path.of("/proc/self/cgroup"))).doesNotContain("launcher");
    }
}

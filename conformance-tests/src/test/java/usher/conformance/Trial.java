package usher.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Something that is done again and again while the launcher is killed, and what must have come of it each time. */
abstract class Trial {
    final Launcher launcher;
    private final String name;

    Trial(Launcher launcher, String name) {
        this.launcher = launcher;
        this.name = name;
    }

    /** Makes its bundles. */
    abstract void declare();

    /** Brings about the state in which it begins; nobody dies meanwhile. */
    void prepare() throws Exception {}

    /** Does it; launchers die meanwhile. */
    abstract void operate() throws Exception;

    /** Looks at what has come of it; nobody dies meanwhile. What {@code status} says was asked for while they did. */
    abstract void check(Statuses status) throws Exception;

    @Override
    public final String toString() {
        return name;
    }

    final Control control() {
        return launcher.control();
    }

    /** By the command line. */
    final void succeeds(String... words) {
        Result result = launcher.usher(words);
        assertThat(result.exit()).as("%s", result).isZero();
    }

    /** How many processes this bundle has. */
    final List<Kernel> processes(String bundle) {
        Path service = launcher.bundles().resolve(bundle).resolve("service");
        return Stream.of("run", "sleep", "start", "stop", "finish")
                .flatMap(program -> launcher.processes(program).stream())
                .filter(process -> worksIn(process, service))
                .toList();
    }

    private static boolean worksIn(Kernel process, Path directory) {
        try {
            return process.workingDirectory().equals(directory);
        } catch (UncheckedIOException gone) {
            return false;
        }
    }

    /** The bundle's log, oldest line first, without stamps. */
    final List<String> log(String bundle) {
        List<String> lines = new ArrayList<>();
        for (Path file : logFiles(bundle)) {
            try {
                // A file that is being written may end in the middle of a line, and may be renamed at any moment.
                String text = Files.readString(file);
                text.substring(0, text.lastIndexOf('\n') + 1)
                        .lines()
                        .map(line -> line.substring(line.indexOf(' ') + 1))
                        .forEach(lines::add);
            } catch (IOException renamed) {
                return List.of();
            }
        }
        return lines;
    }

    final List<Path> logFiles(String bundle) {
        Path directory = launcher.logs().resolve(bundle);
        try (Stream<Path> files = Files.exists(directory) ? Files.list(directory) : Stream.empty()) {
            return files.filter(file -> file.getFileName().toString().matches("@.*|current"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The log comes to be exactly this: nothing lost, torn or doubled. */
    final void awaitLog(String bundle, List<String> lines) {
        Await.value("the log of " + bundle + " is whole", Await.GENEROUS, () -> log(bundle), lines::equals);
    }
}

package usher.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.util.Optional;

/** What a test needs from the machine: without it the test is skipped, on a continuous integration machine it fails. */
final class Needs {
    private Needs() {}

    static void root() {
        without(Scenario.isRoot() ? Optional.empty() : Optional.of("needs root, to run something as another user"));
    }

    /** A command, and the Debian package that it is in. */
    static void command(String command, String debianPackage) {
        without(
                Scenario.isCommand(command)
                        ? Optional.empty()
                        : Optional.of("needs the command " + command + ": apt-get install " + debianPackage));
    }

    /** Ends the test if there is an obstacle. */
    static void without(Optional<String> obstacle) {
        if (obstacle.isPresent()) {
            // A new machine must skip nothing; .ci/run installs what is needed.
            assertThat(System.getenv("CI")).as(obstacle.get()).isNotEqualTo("true");
            abort(obstacle.get());
        }
    }
}

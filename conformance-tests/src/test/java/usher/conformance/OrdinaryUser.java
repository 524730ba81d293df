package usher.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Makes somebody without privileges call the launcher: nobody if we are root, ourselves otherwise. */
final class OrdinaryUser {
    private OrdinaryUser() {}

    /** From now on; a copy of the built project is made, because nobody may not look into root's home. */
    static void is(Launcher launcher) throws IOException {
        if (!Scenario.isRoot()) {
            return;
        }
        Path command = Launcher.builtCommand();
        if (command.endsWith("launcher/bin/usher")) {
            Path project = command.resolve("../../..").normalize();
            Path copy = Files.createDirectory(launcher.directory().resolve("project"));
            // As it is, times included: that is what tells the launcher that nothing is to be built again.
            String copying = "tar -C '" + project + "' --exclude=./.git --exclude=./conformance-tests/target -cf - ."
                    + " | tar -C '" + copy + "' -xf -";
            Result copied = Result.of(launcher.marked(List.of("sh", "-c", copying)), Await.GENEROUS);
            assertThat(copied.exit()).as("%s", copied).isZero();
            launcher.callAs(copy.resolve("launcher/bin/usher"));
        }
        // Where run and log directory are made, unless the test says otherwise.
        Tree.mode(launcher.directory(), "rwxrwxrwx");
        launcher.environment(Map.of("HOME", "/nonexistent"));
        launcher.startThrough("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups");
    }
}

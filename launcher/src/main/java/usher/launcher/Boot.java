package usher.launcher;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import usher.activation.Mailbox;
import usher.activation.PassedSockets;
import usher.activation.posix.Descriptor;
import usher.activation.posix.Descriptors;
import usher.activation.posix.Processes;
import usher.activation.posix.StrayDescriptors;

/**
 * What {@code usher run} begins with: it makes what a shell cannot, the {@link Mailbox} and the wish to be the one to
 * whom orphans fall, and becomes the guard by execve(2), which both outlive. The guard starts the launcher.
 */
public final class Boot {
    private static final String SHELL = "/bin/sh";
    /** Names the mailbox's two descriptors. */
    static final String MAILBOX = "USHER_MAILBOX";

    private Boot() {}

    public static void main(String[] words) throws IOException {
        StrayDescriptors.sealAll();
        PassedSockets passed = PassedSockets.of(System.getenv(), Processes.pid());
        List<Descriptor> ends = inherited().orElseGet(() -> Arrays.asList(Mailbox.pair()));
        Mailbox mailbox = new Mailbox(ends.get(0), ends.get(1), complaint -> System.err.println("usher: " + complaint));
        passed.keep(mailbox);
        Processes.becomeSubreaper();
        ends.forEach(end -> Descriptors.setCloseOnExec(end.number(), false));
        List<String> command = new ArrayList<>(List.of(
                SHELL,
                System.getProperty("usher.guard", ""),
                runDirectory(words).toString(),
                System.getProperty("usher.self", "")));
        command.addAll(Arrays.asList(words));
        int failure = Processes.exec(SHELL, command, environment(ends));
        System.err.println("usher: " + SHELL + ": cannot be executed: error " + -failure);
        System.exit(Exit.FAILED);
    }

    /** The mailbox of a launcher whose guard was killed. */
    static Optional<List<Descriptor>> inherited() {
        String numbers = System.getenv().getOrDefault(MAILBOX, "");
        if (numbers.isEmpty()) {
            return Optional.empty();
        }
        List<Descriptor> ends = new ArrayList<>();
        for (String each : numbers.split(" ", -1)) {
            ends.add(Descriptor.adopt(Integer.parseInt(each)));
        }
        return Optional.of(ends);
    }

    private static Path runDirectory(String[] words) {
        Path named = null;
        for (int i = 0; i < words.length; i++) {
            if (words[i].startsWith("--run-dir=")) {
                named = Path.of(words[i].substring("--run-dir=".length()));
            } else if (words[i].equals("--run-dir") && i + 1 < words.length) {
                named = Path.of(words[++i]);
            }
        }
        return Places.runDirectory(Optional.ofNullable(named), System.getenv(), Places.ownUid())
                .path();
    }

    /** This process's own, byte for byte, without what was meant for it alone. */
    private static List<byte[]> environment(List<Descriptor> ends) throws IOException {
        List<byte[]> environment = new ArrayList<>();
        String own = Files.readString(Path.of("/proc/self/environ"), StandardCharsets.ISO_8859_1);
        for (String variable : own.split("\0", -1)) {
            if (!variable.isEmpty() && !variable.startsWith("LISTEN_") && !variable.startsWith(MAILBOX + "=")) {
                environment.add(variable.getBytes(StandardCharsets.ISO_8859_1));
            }
        }
        String numbers = ends.get(0).number() + " " + ends.get(1).number();
        environment.add((MAILBOX + "=" + numbers).getBytes(StandardCharsets.ISO_8859_1));
        return environment;
    }
}

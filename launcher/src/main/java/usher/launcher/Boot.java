package usher.launcher;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import usher.activation.Environment;
import usher.activation.Mailbox;
import usher.activation.PassedSockets;
import usher.activation.Signals;
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

    public static void main(String[] words) {
        StrayDescriptors.sealAll();
        PassedSockets passed = PassedSockets.of(System.getenv(), Processes.pid());
        List<Descriptor> ends = inherited().orElseGet(() -> Arrays.asList(Mailbox.pair()));
        Mailbox mailbox = new Mailbox(ends.get(0), ends.get(1), complaint -> System.err.println("usher: " + complaint));
        passed.keep(mailbox);
        Processes.becomeSubreaper();
        Signals.heed(); // a shell could not trap what it was started to ignore
        List<String> command = new ArrayList<>(List.of(
                SHELL,
                System.getProperty("usher.guard", ""),
                runDirectory(words).toString(),
                System.getProperty("usher.self", "")));
        command.addAll(Arrays.asList(words));
        int failure =
                Processes.exec(SHELL, command, passing(ends, Environment.own().withoutPassedSockets()));
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

    /** For a program that is to find the mailbox, whose ends it inherits: {@code NAME=value} each. */
    static List<byte[]> passing(List<Descriptor> ends, Environment environment) {
        ends.forEach(end -> Descriptors.setCloseOnExec(end.number(), false));
        String numbers = ends.get(0).number() + " " + ends.get(1).number();
        return environment.with(MAILBOX, numbers).strings();
    }
}

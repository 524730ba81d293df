package usher.launcher;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import usher.activation.Environment;
import usher.activation.EventLoop;
import usher.activation.Mailbox;
import usher.activation.OriginalLimits;
import usher.activation.ProcessId;
import usher.activation.posix.Descriptor;
import usher.activation.posix.Descriptors;
import usher.activation.posix.Errno;
import usher.activation.posix.Processes;

/**
 * How a launcher hands over on purpose. To another build it does so by becoming it (execve(2)): the process stays the
 * same, and so do its children. When its guard was killed, it starts another guard, which starts another launcher, and
 * ends. Either way the successor finds what one after a SIGKILL would find.
 */
final class Handing {
    /** RUN-DIR/usher names it, so that the guard starts it from now on. */
    private static final String COMMAND = "usher";

    private final Path runDirectory;
    private final Mailbox mailbox;
    private final OriginalLimits limits;
    private final Diary diary;

    Handing(Path runDirectory, Mailbox mailbox, OriginalLimits limits, Diary diary) {
        this.limits = limits;
        this.runDirectory = runDirectory;
        this.mailbox = mailbox;
        this.diary = diary;
    }

    /** Has the loop watch the guard, whose process is this one's parent; without one, nothing is watched. */
    void watchGuard(EventLoop loop) {
        String guard = System.getenv().getOrDefault("USHER_GUARD", "");
        ProcessId parent = ProcessId.of(Processes.parent());
        if (guard.isEmpty()) {
            return;
        }
        if (!guard.equals(Integer.toString(parent.pid()))) {
            startGuard();
        }
        parent.open().ifPresent(pidfd -> loop.watch(pidfd, EventLoop.READABLE, events -> startGuard()));
    }

    private void startGuard() {
        diary.complain("the guard is gone; another one and another launcher take over");
        List<String> words = new ArrayList<>(ownCommand());
        words.replaceAll(word -> word.equals(Main.class.getName()) ? Boot.class.getName() : word);
        words.replaceAll(word -> word.equals("-Dusher.guarded=true") ? "-Dusher.guarded=false" : word);
        int failure = becomeAnother(
                words.get(0), words, Map.of("USHER_GUARD", Optional.empty(), "USHER_STOPPING", Optional.empty()));
        diary.complain("no guard can be started: " + Errno.name(-failure));
    }

    /** Becomes that build; returns why that failed, if it did. */
    String upgrade(Path usher) {
        if (!Files.isExecutable(usher)) {
            return usher + ": is not executable";
        }
        List<String> own = ownCommand();
        List<String> words = new ArrayList<>(List.of(usher.toString()));
        words.addAll(own.subList(own.indexOf(Main.class.getName()) + 1, own.size()));
        try {
            Path fresh = runDirectory.resolve(COMMAND + ".new");
            Files.writeString(fresh, usher + "\n");
            Files.move(fresh, runDirectory.resolve(COMMAND), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            return runDirectory.resolve(COMMAND) + ": cannot be written: " + RunDirectory.reason(e);
        }
        diary.note("upgrading to " + usher);
        int failure = becomeAnother(usher.toString(), words, Map.of());
        return usher + ": cannot be executed: " + Errno.name(-failure);
    }

    private int becomeAnother(String path, List<String> words, Map<String, Optional<String>> changes) {
        List<Descriptor> ends = mailbox.ends();
        List<byte[]> environment = Boot.passing(ends, Environment.own().with(changes));
        limits.lower();
        int failure = Processes.exec(path, words, environment);
        limits.work();
        ends.forEach(end -> Descriptors.setCloseOnExec(end.number(), true));
        return failure;
    }

    private static List<String> ownCommand() {
        try {
            String all = new String(Files.readAllBytes(Path.of("/proc/self/cmdline")), StandardCharsets.UTF_8);
            return List.of(all.substring(0, Math.max(0, all.length() - 1)).split("\0", -1));
        } catch (IOException noProc) {
            return List.of();
        }
    }
}

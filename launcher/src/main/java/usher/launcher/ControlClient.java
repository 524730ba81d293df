package usher.launcher;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import jnr.unixsocket.Credentials;
import jnr.unixsocket.UnixSocketAddress;
import jnr.unixsocket.UnixSocketChannel;
import jnr.unixsocket.UnixSocketOptions;

/** Puts a request to the launcher that runs, and copies its answer to the standard streams. */
final class ControlClient {
    /** The kernel keeps 108 bytes for a path and its final NUL: {@code unix(7)}. */
    private static final int LONGEST_PATH = 107;

    /** How long nobody may listen where a launcher was before. */
    private static final Duration ALONE = Duration.ofSeconds(10);

    private static final Duration ALONE_WITH_A_JOB = Duration.ofSeconds(30);

    private static final Duration BETWEEN_TRIES = Duration.ofMillis(50);

    private final Places places;
    private final PrintStream out;
    private final PrintStream err;
    private final boolean onTerminal;
    private volatile boolean waiting;

    /** {@code onTerminal}: {@code out} leads to one on which what was written can be erased. */
    ControlClient(Places places, PrintStream out, PrintStream err, boolean onTerminal) {
        this.places = places;
        this.out = out;
        this.err = err;
        this.onTerminal = onTerminal;
    }

    /** The exit status that the launcher gives, or 5 if there is none. */
    int ask(Arguments arguments, Paint paint) {
        List<String> options = new ArrayList<>();
        arguments.flags().stream().sorted().forEach(flag -> options.add("--" + flag));
        options.add("--format=" + (arguments.json() ? "json" : "text"));
        if (paint.inColour()) {
            options.add("--color");
        }
        boolean job = arguments.subcommand().isJob();
        boolean shows = job && onTerminal && !arguments.json();
        if (job) {
            options.add("--token=" + UUID.randomUUID());
        }
        if (shows) {
            options.add("--progress");
        }
        ControlProtocol.Request request =
                new ControlProtocol.Request(arguments.subcommand().toString(), options, operands(arguments));
        if (request.bytes().isEmpty()) {
            err.println("usher: a bundle's name is not empty and has no line's end");
            return Exit.NO_SUCH_BUNDLE;
        }
        Optional<String> doubt = places.runDirectory().doubt(places.uid());
        if (doubt.isPresent()) {
            err.println("usher: " + doubt.get());
            return Exit.FAILED;
        }
        boolean again = arguments.subcommand() != Subcommand.SIGNAL;
        if (!shows) {
            return ask(request, Optional.empty(), job, again);
        }
        try (JobDisplay display = new JobDisplay(out, paint)) {
            return ask(request, Optional.of(display), job, again);
        }
    }

    /** The launcher upgrades to the build that this command is of. */
    private static List<String> operands(Arguments arguments) {
        return arguments.subcommand() == Subcommand.UPGRADE
                ? List.of(System.getProperty("usher.self", "usher"))
                : arguments.operands();
    }

    /** A launcher that is killed while it answers comes back and is asked once more, unless it would do a thing twice. */
    private int ask(ControlProtocol.Request request, Optional<JobDisplay> display, boolean job, boolean again) {
        ControlAnswer answer = new ControlAnswer(out, err, display, job);
        ControlProtocol.Request asked = request;
        Patience patience = new Patience(job ? ALONE_WITH_A_JOB : ALONE, System::nanoTime);
        while (true) {
            OptionalInt status = ask(asked, answer, display, job, patience);
            if (status.isPresent()) {
                return status.getAsInt();
            }
            if (!again || !patience.lasts()) {
                err.println("usher: " + places.control() + ": the launcher ended before its answer did");
                return Exit.FAILED;
            }
            answer.beginAgain();
            asked = request.with("--again").with("--heard=" + answer.lines());
            LockSupport.parkNanos(BETWEEN_TRIES.toNanos());
        }
    }

    /** Empty: the launcher is gone, and perhaps it will be back. */
    private OptionalInt ask(
            ControlProtocol.Request asked,
            ControlAnswer answer,
            Optional<JobDisplay> display,
            boolean job,
            Patience patience) {
        byte[] request = asked.bytes().orElseThrow();
        try (UnixSocketChannel channel = connect()) {
            Credentials peer = channel.getOption(UnixSocketOptions.SO_PEERCRED);
            if (Presence.isOver(places.runDirectory().path(), peer.getPid())) {
                throw new NoLauncherException("it is kept for the next one, and guard and launcher are gone");
            }
            patience.met();
            Optional<String> impostor = impostor(peer);
            if (impostor.isPresent()) {
                err.println("usher: " + places.control() + ": " + impostor.get());
                return OptionalInt.of(Exit.FAILED);
            }
            if (job && !waiting) {
                sayThatTheJobGoesOnIfInterrupted(display);
            }
            send(channel, request);
            OptionalInt status = copy(channel, answer);
            patience.met(); // whoever had taken the request is gone only now
            waiting &= status.isEmpty();
            return status;
        } catch (NoLauncherException e) {
            if (patience.isTried()) {
                // The socket stays open while a killed launcher is replaced: after a shutdown nobody has it any more.
                boolean done = asked.verb().equals(Subcommand.SHUTDOWN.toString());
                return done ? OptionalInt.of(Exit.DONE) : OptionalInt.empty();
            }
            err.println("usher: no launcher is running (" + places.control() + ": " + e.getMessage() + ")");
            return OptionalInt.of(Exit.NO_LAUNCHER);
        } catch (IOException e) {
            if (isGone(e)) {
                patience.met();
                return OptionalInt.empty();
            }
            waiting = false;
            err.println("usher: " + places.control() + ": " + RunDirectory.reason(e));
            return OptionalInt.of(Exit.FAILED);
        }
    }

    /** Who has hung up may have said why. */
    private static void send(UnixSocketChannel channel, byte[] request) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(request);
        try {
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
        } catch (IOException e) {
            if (!isGone(e)) {
                throw e;
            }
        }
    }

    /** Nobody answers at the control socket; the message says why. */
    private static final class NoLauncherException extends IOException {
        private static final long serialVersionUID = 1;

        NoLauncherException(String why) {
            super(why);
        }
    }

    private UnixSocketChannel connect() throws IOException {
        Path path = places.control();
        if (Files.notExists(path)) { // or it may be there, where this user may not look
            throw new NoLauncherException("there is no such socket");
        }
        Path directory = null;
        try {
            if (utf8(path).length > LONGEST_PATH) {
                // A shorter way to the same place.
                directory = Files.createTempDirectory("usher");
                Path link = Files.createSymbolicLink(
                        directory.resolve("r"), places.runDirectory().path());
                path = link.resolve(ControlProtocol.SOCKET);
            }
            return UnixSocketChannel.open(new UnixSocketAddress(padded(path)));
        } catch (IOException e) {
            String message = String.valueOf(e.getMessage());
            if (message.contains("refused")) {
                throw new NoLauncherException("nobody listens on it");
            }
            if (message.contains("No such file")) { // removed just now, by a launcher that has shut down
                throw new NoLauncherException("there is no such socket");
            }
            throw e;
        } finally {
            if (directory != null) {
                Files.deleteIfExists(directory.resolve("r"));
                Files.delete(directory);
            }
        }
    }

    private static byte[] utf8(Path path) {
        return path.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** jnr-unixsocket takes a path's length in characters for its length in bytes, and would cut the difference off. */
    static String padded(Path path) {
        String text = path.toString();
        return text + "\0".repeat(utf8(path).length - text.length());
    }

    /** Why the process at the other end is not to be trusted with requests. */
    private Optional<String> impostor(Credentials peer) throws IOException {
        Object owner = Files.getAttribute(places.runDirectory().path(), "unix:uid");
        boolean trusted = peer.getUid() == 0
                || peer.getUid() == places.uid()
                || owner instanceof Integer uid && uid == peer.getUid();
        return trusted
                ? Optional.empty()
                : Optional.of("process " + peer.getPid() + " of user " + peer.getUid()
                        + " answers, who is neither root nor you nor the owner of "
                        + places.runDirectory().path());
    }

    private void sayThatTheJobGoesOnIfInterrupted(Optional<JobDisplay> display) {
        waiting = true;
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            display.ifPresent(JobDisplay::close);
            if (waiting) {
                err.println("usher: interrupted; the job goes on, and 'usher status' shows it");
                err.flush();
            }
        }));
    }

    /** What the kernel says of a peer that was killed. */
    private static boolean isGone(IOException e) {
        String message = String.valueOf(e.getMessage());
        return message.contains("reset by peer") || message.contains("Broken pipe");
    }

    private static OptionalInt copy(UnixSocketChannel channel, ControlAnswer answer) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
        while (answer.exit().isEmpty()) {
            buffer.clear();
            int read;
            try {
                read = channel.read(buffer);
            } catch (ClosedChannelException e) {
                read = -1;
            }
            if (read < 0) {
                return OptionalInt.empty();
            }
            answer.add(buffer.array(), read);
        }
        return answer.exit();
    }
}

package usher.launcher;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/** The command {@code usher}. */
public final class Main {
    private static final int BUFFER = 1 << 16;

    private Main() {}

    public static void main(String[] words) {
        StandardOutput written = new StandardOutput();
        PrintStream out = stream(written, false);
        PrintStream err = stream(new FileOutputStream(FileDescriptor.err), true);
        boolean guarded = Boolean.getBoolean("usher.guarded");
        Optional<Arguments> plain = guarded ? PlainRun.understand(words) : Optional.empty();
        int status =
                plain.isPresent() ? run(plain.get(), System.getenv(), out, err) : run(words, System.getenv(), out, err);
        out.flush();
        if (!guarded && written.isIncomplete()) {
            err.println("usher: standard output: cannot be written: " + written.why());
            status = status == Exit.DONE ? Exit.FAILED : status;
        }
        err.flush();
        System.exit(guarded ? Exit.GUARDED + status : status);
    }

    /** UTF-8, whatever the locale says. */
    private static PrintStream stream(OutputStream to, boolean autoFlush) {
        return new PrintStream(new BufferedOutputStream(to, BUFFER), autoFlush, StandardCharsets.UTF_8);
    }

    static int run(String[] words, Map<String, String> environment, PrintStream out, PrintStream err) {
        Syntax.Understood understood = Syntax.understand(words);
        if (understood instanceof Syntax.Answer answer) {
            out.print(answer.text());
            return Exit.DONE;
        }
        if (understood instanceof Syntax.Misuse misuse) {
            err.println("usher: " + misuse.message() + " (" + misuse.hint() + ")");
            return Exit.USAGE;
        }
        return run(((Syntax.Call) understood).arguments(), environment, out, err);
    }

    private static int run(Arguments arguments, Map<String, String> environment, PrintStream out, PrintStream err) {
        Places places = Places.of(arguments, environment, Places.ownUid());
        // One that understands more than lines: bin/usher looks at TERM.
        boolean onTerminal = Boolean.getBoolean("usher.terminal");
        Paint paint =
                new Paint(onTerminal && environment.getOrDefault("NO_COLOR", "").isEmpty());
        return switch (arguments.subcommand()) {
            case RUN -> RunCommand.run(arguments, places, paint, out, err);
            case ORDER -> OrderCommand.run(arguments, places, paint, out, err);
            case WHY -> WhyCommand.run(arguments, places, out, err);
            case CHECK -> CheckCommand.run(arguments, places, paint, out, err);
            case ENABLE, DISABLE, IS_ENABLED -> EnableCommand.run(arguments, places, out, err);
            case IMPORT -> ImportCommand.run(arguments, out, err);
            case LOGS -> LogsCommand.run(arguments, places, out, err);
            case STATUS, SOCKETS, START, STOP, RESTART, REPLACE, SIGNAL, REFRESH, UPGRADE, SHUTDOWN ->
                new ControlClient(places, out, err, onTerminal).ask(arguments, paint);
        };
    }
}

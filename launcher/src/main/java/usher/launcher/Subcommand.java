package usher.launcher;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The verbs of the command line. */
enum Subcommand {
    RUN(
            "[BUNDLE...]",
            "Run the launcher in the foreground: open the sockets, start what is eager, in order.",
            "Without names: the bundle 'default', or without that every bundle that has no 'down'."),
    ORDER(
            "[BUNDLE...]",
            "Say what starting (or stopping) these bundles would do, in order.",
            "Needs no launcher. Without names: what 'run' (or 'shutdown') would do."),
    WHY("BUNDLE BUNDLE", "Say every reason for which one of two bundles comes before the other, as chains of links."),
    CHECK(
            "[BUNDLE...]",
            "Say everything that is wrong or doubtful about the tree, or about these bundles.",
            "Exits with 1 if anything is wrong."),
    ENABLE("BUNDLE...", "Make the links that wanted-by/ and required-by/ of these bundles call for."),
    DISABLE("BUNDLE...", "Remove those links."),
    IS_ENABLED("BUNDLE...", "Tell whether those links are there; exits with 3 if they are not."),
    IMPORT(
            "inetd|xinetd FILE...",
            "Make bundles of another system's configuration, in the directory that --into names.",
            "What cannot be translated is reported line by line; exits with 1 then."),
    STATUS(
            "[BUNDLE...]",
            "Tell the states of the bundles.",
            "Exits with 3 if a named bundle is neither up nor listening."),
    SOCKETS("[BUNDLE...]", "Tell every socket: address, bundle, descriptor name, state, counts."),
    START("BUNDLE...", "Start bundles and what they want and require."),
    STOP("BUNDLE...", "Stop bundles and those that require them, and close their sockets."),
    RESTART("BUNDLE...", "Stop and start bundles; their sockets stay open."),
    REPLACE(
            "BUNDLE...",
            "Start a new process of each bundle on the same sockets, and stop the old one when the new one is ready.",
            "The old one stays if the new one fails."),
    SIGNAL("SIGNAL BUNDLE...", "Send a signal, by name or number, to the main process of each bundle."),
    REFRESH(
            "[BUNDLE...]",
            "Apply what has changed in the bundles' files: open added sockets, close removed ones, leave the rest alone.",
            "Without names: of all that the launcher has."),
    LOGS("BUNDLE", "Print the log that the launcher keeps of a bundle's output."),
    UPGRADE(
            "",
            "Replace the running launcher by this build; nothing that runs or listens notices.",
            "If this build does not start, the old one goes on."),
    SHUTDOWN("", "Stop everything in stop order, close the sockets and end the launcher.");

    private final String operands;
    private final String description;

    Subcommand(String operands, String... description) {
        this.operands = operands;
        this.description = String.join("\n", description);
    }

    /** Whether it is one of them, as it is typed. */
    static boolean has(String word) {
        return Arrays.stream(values()).anyMatch(verb -> word.equals(verb.toString()));
    }

    /** As {@code usher help} shows what follows the options. */
    String operands() {
        return operands;
    }

    List<String> description() {
        return description.lines().toList();
    }

    boolean needsOperand() {
        return operands.startsWith("BUNDLE") || this == SIGNAL;
    }

    /** Whether it asks for a job that goes on without its client. */
    boolean isJob() {
        return this == START
                || this == STOP
                || this == RESTART
                || this == REPLACE
                || this == REFRESH
                || this == SHUTDOWN;
    }

    /** As it is typed. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}

package usher.launcher;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** The grammar of the command line, in picocli's terms. Options stand before or after the verb. */
final class Syntax {
    /** What is to be done with a command line. */
    sealed interface Understood {}

    record Call(Arguments arguments) implements Understood {}

    /** Text for standard output. */
    record Answer(String text) implements Understood {}

    /** Bad usage: what is wrong, and how to learn more. */
    record Misuse(String message, String hint) implements Understood {}

    private Syntax() {}

    /** A command line that knows these verbs: picocli needs milliseconds for each. */
    private static CommandLine commandLine(Collection<Subcommand> verbs) {
        CommandSpec spec = CommandSpec.create().name("usher");
        spec.usageMessage()
                .synopsisHeading("")
                .customSynopsis("usher [OPTIONS] VERB [OPTIONS] [BUNDLE...]")
                .optionListHeading("%nOptions, before or after the verb:%n")
                .commandListHeading("%nVerbs:%n")
                .footer("%n'usher VERB --help' tells more about a verb.")
                .sortOptions(false);
        addCommonOptions(spec);
        for (Subcommand verb : verbs) {
            spec.addSubcommand(verb.toString(), of(verb));
        }
        return new CommandLine(spec);
    }

    /** The verbs that occur among these words, wherever; or all of them, to be listed. */
    private static Collection<Subcommand> mentioned(String... words) {
        Collection<Subcommand> verbs = EnumSet.noneOf(Subcommand.class);
        for (Subcommand verb : Subcommand.values()) {
            if (Arrays.asList(words).contains(verb.toString())) {
                verbs.add(verb);
            }
        }
        return verbs.isEmpty() ? EnumSet.allOf(Subcommand.class) : verbs;
    }

    private static CommandLine of(Subcommand verb) {
        CommandSpec spec = CommandSpec.create();
        spec.usageMessage()
                .synopsisHeading("")
                .customSynopsis(("usher " + verb + " [OPTIONS] " + verb.operands()).stripTrailing())
                .description(verb.description().toArray(new String[0]))
                .descriptionHeading("%n")
                .optionListHeading("%n")
                .sortOptions(false);
        switch (verb) {
            case ORDER ->
                spec.addOption(flag("What stopping would do.", "--stop"))
                        .addOption(flag("With the link or reason behind each 'after'.", "--why"))
                        .addOption(text("--save", "FILE", "Record the order in a file, to be kept and reviewed."))
                        .addOption(
                                text("--check", "FILE", "Say what has changed since then; exits with 1 if anything."));
            case START ->
                spec.addOption(flag("Also the daemon of a bundle that would wait for traffic.", "--now"))
                        .addOption(flag("Do not wait for the job's end.", "--no-wait"));
            case STOP, RESTART -> spec.addOption(flag("Do not wait for the job's end.", "--no-wait"));
            case LOGS ->
                spec.addOption(flag("Go on with what is being written.", "-f", "--follow"))
                        .addOption(OptionSpec.builder("-n", "--lines")
                                .paramLabel("N")
                                .type(Integer.class)
                                .description("Only the last N lines.")
                                .build())
                        .addOption(flag("With the stamps as they stand in the file.", "--raw"));
            default -> {}
        }
        addCommonOptions(spec);
        if (!verb.operands().isEmpty()) {
            spec.addPositional(PositionalParamSpec.builder()
                    .paramLabel("BUNDLE")
                    .hidden(true)
                    .arity("0..*")
                    .type(List.class)
                    .auxiliaryTypes(String.class)
                    .build());
        }
        return new CommandLine(spec);
    }

    private static void addCommonOptions(CommandSpec spec) {
        spec.addOption(OptionSpec.builder("--bundles")
                        .paramLabel("DIR")
                        .type(List.class)
                        .auxiliaryTypes(String.class)
                        .description("Where bundles are looked up, first hit wins; repeatable.")
                        .build())
                .addOption(text("--run-dir", "DIR", "Where the running launcher keeps its control socket."))
                .addOption(text("--log-dir", "DIR", "Where the launcher keeps the bundles' logs."))
                .addOption(text("--control-group", "NAME", "With run: members of this group may control it."))
                .addOption(flag("Believe bundles whoever may write to them.", "--insecure-bundles"))
                .addOption(text("--format", "FORMAT", "text or json."))
                .addOption(OptionSpec.builder("-h", "--help")
                        .usageHelp(true)
                        .description("This text.")
                        .build())
                .addOption(OptionSpec.builder("--version")
                        .versionHelp(true)
                        .description("The version.")
                        .build());
    }

    private static OptionSpec text(String name, String label, String description) {
        return OptionSpec.builder(name)
                .paramLabel(label)
                .type(String.class)
                .description(description)
                .build();
    }

    private static OptionSpec flag(String description, String... names) {
        return OptionSpec.builder(names[0], Arrays.copyOfRange(names, 1, names.length))
                .type(boolean.class)
                .arity("0")
                .description(description)
                .build();
    }

    static Understood understand(String... words) {
        ParseResult root;
        try {
            root = commandLine(mentioned(words)).parseArgs(words);
        } catch (CommandLine.ParameterException e) {
            return misuse(e);
        }
        ParseResult sub = root.hasSubcommand() ? root.subcommand() : null;
        if (root.isUsageHelpRequested() || sub != null && sub.isUsageHelpRequested()) {
            CommandLine about = (sub == null ? root : sub).commandSpec().commandLine();
            return new Answer(about.getUsageMessage(CommandLine.Help.Ansi.OFF));
        }
        if (root.isVersionHelpRequested() || sub != null && sub.isVersionHelpRequested()) {
            return new Answer("usher " + version() + "\n");
        }
        if (sub == null) {
            return new Misuse("no verb is given", "usher --help lists them");
        }
        try {
            return arguments(root, sub);
        } catch (InvalidPathException e) {
            return new Misuse(
                    e.getInput() + ": is no path", hint(sub.commandSpec().name()));
        }
    }

    private static Understood arguments(ParseResult root, ParseResult sub) {
        Subcommand verb = Subcommand.valueOf(
                sub.commandSpec().name().toUpperCase(Locale.ROOT).replace('-', '_'));
        String hint = hint(verb.toString());
        List<Path> bundles = new ArrayList<>();
        for (ParseResult result : List.of(root, sub)) {
            List<String> named = result.matchedOptionValue("--bundles", List.of());
            named.forEach(name -> bundles.add(Path.of(name)));
        }
        String format = Optional.ofNullable(text(root, sub, "--format")).orElse("text");
        if (!format.equals("text") && !format.equals("json")) {
            return new Misuse("--format: " + format + " is not one of text and json", hint);
        }
        List<String> operands = verb.operands().isEmpty() ? List.of() : sub.matchedPositionalValue(0, List.of());
        if (verb.needsOperand() && operands.isEmpty()) {
            return new Misuse(verb + ": no bundle is named", hint);
        }
        if (verb == Subcommand.WHY && operands.size() != 2) {
            return new Misuse(verb + ": takes two bundles, not " + operands.size(), hint);
        }
        if (verb == Subcommand.LOGS && operands.size() > 1) {
            return new Misuse(verb + ": takes one bundle, not " + operands.size(), hint);
        }
        Integer lines = verb == Subcommand.LOGS ? sub.matchedOptionValue("--lines", null) : null;
        if (lines != null && lines < 0) {
            return new Misuse("-n: " + lines + " is not a number of lines", hint);
        }
        return new Call(new Arguments(
                verb,
                bundles,
                Optional.ofNullable(text(root, sub, "--run-dir")).map(Path::of),
                Optional.ofNullable(text(root, sub, "--log-dir")).map(Path::of),
                Optional.ofNullable(text(root, sub, "--control-group")),
                root.hasMatchedOption("--insecure-bundles") || sub.hasMatchedOption("--insecure-bundles"),
                format.equals("json") ? Arguments.Format.JSON : Arguments.Format.TEXT,
                flags(sub),
                lines == null ? OptionalInt.empty() : OptionalInt.of(lines),
                path(verb, sub, "--save"),
                path(verb, sub, "--check"),
                operands));
    }

    private static Optional<Path> path(Subcommand verb, ParseResult sub, String option) {
        return verb == Subcommand.ORDER
                ? Optional.ofNullable(sub.<String>matchedOptionValue(option, null))
                        .map(Path::of)
                : Optional.empty();
    }

    private static Set<String> flags(ParseResult sub) {
        Set<String> flags = new HashSet<>();
        for (OptionSpec option : sub.matchedOptions()) {
            if (option.arity().max() == 0) {
                flags.add(option.longestName().substring(2));
            }
        }
        return flags;
    }

    private static @Nullable String text(ParseResult root, ParseResult sub, String option) {
        return sub.matchedOptionValue(option, root.<String>matchedOptionValue(option, null));
    }

    private static String hint(String verb) {
        return "usher " + verb + " --help tells more";
    }

    private static Misuse misuse(CommandLine.ParameterException e) {
        String verb = e.getCommandLine().getCommandName();
        String hint = verb.equals("usher") ? "usher --help tells more" : hint(verb);
        if (e instanceof CommandLine.UnmatchedArgumentException unmatched) {
            String word = unmatched.getUnmatched().get(0);
            String what =
                    word.startsWith("-") ? "no such option" : verb.equals("usher") ? "no such verb" : "one too many";
            return new Misuse(word + ": " + what, hint);
        }
        if (e instanceof CommandLine.OverwrittenOptionException overwritten) {
            return new Misuse(((OptionSpec) overwritten.getOverwritten()).longestName() + ": is given twice", hint);
        }
        if (e instanceof CommandLine.MissingParameterException missing
                && !missing.getMissing().isEmpty()) {
            return new Misuse(((OptionSpec) missing.getMissing().get(0)).longestName() + ": needs a value", hint);
        }
        return new Misuse(String.valueOf(e.getMessage()), hint);
    }

    private static String version() {
        return Optional.ofNullable(Syntax.class.getPackage().getImplementationVersion())
                .orElse("(not packaged)");
    }
}

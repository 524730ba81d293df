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
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;
import usher.bundles.Signals;

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

    static Understood understand(String... words) {
        List<String> asked = new ArrayList<>(Arrays.asList(words));
        int verb = asked.contains("help") ? verb(asked) : -1;
        if (verb >= 0 && asked.remove(verb).equals("help")) {
            int about = verb(asked);
            if (about >= 0 && !Subcommand.has(asked.get(about))) {
                return new Misuse(asked.get(about) + ": no such verb", "usher --help lists them");
            }
            asked.add("--help");
            return understand(asked.toArray(new String[0]));
        }
        ParseResult root;
        try {
            root = Grammar.commandLine(mentioned(words)).parseArgs(words);
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

    /** Where the verb stands: the first word that is no option and no option's value; -1 if there is none. */
    private static int verb(List<String> words) {
        CommandLine.Model.CommandSpec common = Grammar.commandLine(List.of()).getCommandSpec();
        for (int i = 0; i < words.size(); i++) {
            OptionSpec option = common.findOption(words.get(i));
            if (option != null && option.arity().max() > 0) {
                i++;
            } else if (!words.get(i).startsWith("-")) {
                return i;
            }
        }
        return -1;
    }

    private static Understood arguments(ParseResult root, ParseResult sub) {
        Subcommand verb = Subcommand.valueOf(
                sub.commandSpec().name().toUpperCase(Locale.ROOT).replace('-', '_'));
        String hint = hint(verb.toString());
        Optional<String> empty = emptyOption(root).or(() -> emptyOption(sub));
        if (empty.isPresent()) {
            return new Misuse(empty.get() + ": is empty", hint);
        }
        List<Path> bundles = new ArrayList<>();
        for (ParseResult result : List.of(root, sub)) {
            List<String> directories = result.matchedOptionValue("--bundles", List.of());
            directories.forEach(name -> bundles.add(Path.of(name)));
        }
        List<Arguments.Format> formats = formats(verb, sub);
        String named = Optional.ofNullable(text(root, sub, "--format")).orElse("text");
        Optional<Arguments.Format> format =
                formats.stream().filter(known -> known.toString().equals(named)).findFirst();
        if (format.isEmpty()) {
            return new Misuse("--format: " + named + " is not one of " + list(formats), hint);
        }
        List<String> operands = verb.operands().isEmpty() ? List.of() : sub.matchedPositionalValue(0, List.of());
        if (verb.needsOperand() && operands.isEmpty()) {
            return new Misuse(verb + ": no bundle is named", hint);
        }
        if (verb == Subcommand.SIGNAL && Signals.number(operands.get(0)).isEmpty()) {
            return new Misuse(verb + ": " + operands.get(0) + " is no signal; 'kill -l' lists them", hint);
        }
        if (verb == Subcommand.SIGNAL && operands.size() < 2) {
            return new Misuse(verb + ": no bundle is named", hint);
        }
        if (verb == Subcommand.WHY && operands.size() != 2) {
            return new Misuse(verb + ": takes two bundles, not " + operands.size(), hint);
        }
        if (verb == Subcommand.LOGS && operands.size() > 1) {
            return new Misuse(verb + ": takes one bundle, not " + operands.size(), hint);
        }
        if (verb == Subcommand.IMPORT) {
            String wrong = wrongImport(operands, sub);
            if (!wrong.isEmpty()) {
                return new Misuse(verb + ": " + wrong, hint);
            }
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
                format.get(),
                flags(sub),
                lines == null ? OptionalInt.empty() : OptionalInt.of(lines),
                path(verb, Subcommand.ORDER, sub, "--save"),
                path(verb, Subcommand.ORDER, sub, "--check"),
                path(verb, Subcommand.IMPORT, sub, "--into"),
                operands));
    }

    /** A comparison is told in words, or to a program; it is no drawing. */
    private static List<Arguments.Format> formats(Subcommand verb, ParseResult sub) {
        boolean draws = verb == Subcommand.ORDER && !sub.hasMatchedOption("--check") && !sub.hasMatchedOption("--save");
        return draws ? List.of(Arguments.Format.values()) : List.of(Arguments.Format.TEXT, Arguments.Format.JSON);
    }

    /** {@code a, b and c}. */
    private static String list(List<?> values) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < values.size(); i++) {
            out.append(i == 0 ? "" : i == values.size() - 1 ? " and " : ", ").append(values.get(i));
        }
        return out.toString();
    }

    /** What is wrong with what follows {@code import}; empty if nothing is. */
    private static String wrongImport(List<String> operands, ParseResult sub) {
        if (operands.isEmpty() || !List.of("inetd", "xinetd").contains(operands.get(0))) {
            return "what stands first is inetd or xinetd, whose files follow";
        }
        if (operands.size() < 2) {
            return "no file is named";
        }
        return sub.hasMatchedOption("--into") ? "" : "--into must name the directory that the bundles are to stand in";
    }

    /** The path that an option of one verb names. */
    private static Optional<Path> path(Subcommand verb, Subcommand owner, ParseResult sub, String option) {
        return verb == owner
                ? Optional.ofNullable(sub.<String>matchedOptionValue(option, null))
                        .map(Path::of)
                : Optional.empty();
    }

    /** The name of an option without a value that must have one: as a path that would be the current directory. */
    private static Optional<String> emptyOption(ParseResult words) {
        return words.matchedOptions().stream()
                .filter(option -> option.originalStringValues().contains(""))
                .map(OptionSpec::longestName)
                .findFirst();
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

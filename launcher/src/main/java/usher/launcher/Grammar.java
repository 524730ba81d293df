package usher.launcher;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** What the command line may hold, in picocli's terms: the source of the help texts and the manual page too. */
final class Grammar {
    private Grammar() {}

    /** A command line that knows these verbs: picocli needs milliseconds for each. */
    static CommandLine commandLine(Collection<Subcommand> verbs) {
        CommandSpec spec = CommandSpec.create().name("usher");
        spec.usageMessage()
                .synopsisHeading("")
                .customSynopsis("usher [OPTIONS] VERB [OPTIONS] [BUNDLE...]")
                .optionListHeading("%nOptions, before or after the verb:%n")
                .commandListHeading("%nVerbs:%n")
                .footer("%n'usher VERB --help' tells more about a verb.")
                .sortOptions(false);
        addCommonOptions(spec, null);
        for (Subcommand verb : verbs) {
            spec.addSubcommand(verb.toString(), of(verb));
        }
        return new CommandLine(spec);
    }

    /** The part of the command line that belongs to one verb. */
    static CommandLine of(Subcommand verb) {
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
            case STOP, RESTART, REPLACE -> spec.addOption(flag("Do not wait for the job's end.", "--no-wait"));
            case IMPORT ->
                spec.addOption(text("--into", "DIR", "Where to put the bundles; nothing there is replaced."));
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
        addCommonOptions(spec, verb);
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

    private static void addCommonOptions(CommandSpec spec, @Nullable Subcommand verb) {
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
                .addOption(text(
                        "--format",
                        "FORMAT",
                        verb == Subcommand.ORDER ? "text, json, dot or mermaid." : "text or json."))
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
}

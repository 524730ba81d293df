package usher.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Writes the manual pages: usher(1) from the grammar of the command line and the tables of {@code commands.md},
 * usher-bundle(5) from {@code bundle-format.md}. Called when the product is packaged, with the directory of the
 * documentation and the one to write to.
 */
final class Manual {
    private Manual() {}

    public static void main(String[] arguments) throws IOException {
        Path docs = Path.of(arguments[0]);
        Path to = Files.createDirectories(Path.of(arguments[1]));
        Files.writeString(to.resolve("usher.1"), usher(Files.readAllLines(docs.resolve("commands.md"))));
        Files.writeString(to.resolve("usher-bundle.5"), bundle(Files.readAllLines(docs.resolve("bundle-format.md"))));
    }

    /** @param commands the lines of {@code commands.md} */
    static String usher(List<String> commands) {
        CommandLine usher = Grammar.commandLine(EnumSet.allOf(Subcommand.class));
        Roff page = new Roff("USHER", 1)
                .section("NAME")
                .paragraph(
                        "usher - opens the sockets of services and starts the services in order, when somebody knocks")
                .section("SYNOPSIS")
                .paragraph("`usher` [*OPTIONS*] *VERB* [*OPTIONS*] [*BUNDLE*...]")
                .section("DESCRIPTION")
                .paragraph("A service is a directory, a bundle: see usher-bundle(5). The verb `run` is the launcher;"
                        + " `order`, `why`, `check`, `enable`, `disable` and `is-enabled` read bundles and need none;"
                        + " the others talk to the launcher that runs.")
                .section("VERBS");
        for (Subcommand verb : Subcommand.values()) {
            verb(verb, Grammar.of(verb).getCommandSpec(), usher.getCommandSpec(), page);
        }
        page.section("OPTIONS").paragraph("Before or after the verb:");
        options(usher.getCommandSpec(), page);
        for (String heading : List.of("order", "States", "Exit status")) {
            page.markdown(part(commands, "## " + heading));
        }
        return page.section("SEE ALSO").paragraph("usher-bundle(5)").toString();
    }

    private static void verb(Subcommand verb, CommandSpec spec, CommandSpec common, Roff page) {
        page.subsection(("usher " + verb + " " + verb.operands()).strip());
        page.paragraph(String.join(" ", verb.description()));
        for (OptionSpec option : spec.options()) {
            OptionSpec known = common.findOption(option.longestName());
            // What is common to all verbs is told once, unless a verb knows more.
            if (known == null || !List.of(known.description()).equals(List.of(option.description()))) {
                option(option, page);
            }
        }
    }

    private static void options(CommandSpec spec, Roff page) {
        spec.options().forEach(option -> option(option, page));
    }

    private static void option(OptionSpec option, Roff page) {
        List<String> names = new ArrayList<>();
        for (String name : option.names()) {
            names.add("`" + name + "`");
        }
        String value = option.arity().max() == 0 ? "" : " *" + option.paramLabel() + "*";
        page.item(String.join(", ", names) + value, String.join(" ", option.description()));
    }

    /** The lines of a page from a heading to before the next of its kind. */
    private static List<String> part(List<String> page, String heading) {
        int from = page.indexOf(heading);
        if (from < 0) {
            throw new IllegalStateException("commands.md has no heading " + heading);
        }
        int to = from + 1;
        while (to < page.size() && !page.get(to).startsWith("## ")) {
            to++;
        }
        return page.subList(from, to);
    }

    /** @param format the lines of {@code bundle-format.md} */
    static String bundle(List<String> format) {
        Roff page = new Roff("USHER-BUNDLE", 5)
                .section("NAME")
                .paragraph("usher-bundle - a service as a directory")
                .section("DESCRIPTION");
        return page.markdown(format.subList(1, format.size()))
                .section("SEE ALSO")
                .paragraph("usher(1)")
                .toString();
    }
}

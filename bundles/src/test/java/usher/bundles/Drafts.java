package usher.bundles;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.provider.Arguments;

/** What an importer makes of a text, as lines to compare with, and tables of texts and such lines. */
final class Drafts {
    /** A services database of its own, so that no test depends on the machine's. */
    static final Path SERVICES = services();

    private static final Ports PORTS = new Ports(SERVICES);

    private Drafts() {}

    private static Path services() {
        try {
            Path file = Files.createTempFile("services", null);
            file.toFile().deleteOnExit();
            return Files.writeString(file, """
                    ftp      21/tcp
                    telnet   23/tcp
                    tftp     69/udp
                    imap2    143/tcp  imap
                    rsync    873/tcp
                    git      9418/tcp
                    """);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Importer read(Importer.From from, String text) {
        Importer importer = new Importer(PORTS);
        importer.read(from, SourceText.of("conf", text.getBytes(StandardCharsets.UTF_8)));
        return importer;
    }

    /**
     * A line for each file, {@code NAME/PATH: TEXT}, line ends within as {@code |}; then the problems. Left out is what
     * is the same everywhere: that a server stands in the root directory, and where a script is from.
     */
    static String shown(Importer importer) {
        List<String> lines = new ArrayList<>();
        for (DraftedBundle draft : importer.drafts()) {
            draft.files().forEach((path, content) -> {
                String text = content.text().strip();
                if (path.equals("service/run")) {
                    text = text.replaceFirst("\n# From conf:[0-9]+\n", "|");
                }
                if (!path.equals("service/directory")) {
                    lines.add((draft.name() + "/" + path + ": " + text.replace('\n', '|')).strip());
                }
            });
        }
        for (Problem problem : importer.problems()) {
            lines.add(problem.severity() + " " + problem);
        }
        return String.join("\n", lines);
    }

    /** The cases of a table: a text, a line {@code =>}, what is expected, a line {@code ---}, and so on. */
    static List<Arguments> table(String text) {
        List<Arguments> cases = new ArrayList<>();
        for (String one : text.split("\n---\n", -1)) {
            String[] sides = one.split("\n=>\n", -1);
            cases.add(Arguments.of(sides[0], sides[1].strip()));
        }
        return cases;
    }
}

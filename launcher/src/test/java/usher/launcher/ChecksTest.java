package usher.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every finding of {@code check}, by a tree that has it and nothing else: {@code checks.txt} holds, between empty lines,
 * the entries of a tree and what is said of it. Docs list the same findings.
 */
final class ChecksTest {
    private static final Path CASES = Path.of("src/test/resources/checks.txt");
    private static final Path LIST = Path.of("../docs/checks.md");

    @TempDir
    Path directory = Path.of("/");

    /** @param lines what check says, with {@code DIR} for the directory of the bundles */
    private record Case(List<String> entries, List<String> lines) {
        @Override
        public String toString() {
            return String.join(" ", lines);
        }
    }

    static List<Case> cases() throws IOException {
        List<Case> cases = new ArrayList<>();
        for (String paragraph : Files.readString(CASES).split("\n\n+", -1)) {
            List<String> lines =
                    paragraph.lines().filter(line -> !line.startsWith("#")).toList();
            cases.add(new Case(
                    lines.stream()
                            .filter(line -> line.startsWith("  "))
                            .flatMap(line -> Arrays.stream(line.strip().split(" +", -1)))
                            .toList(),
                    lines.stream().filter(line -> !line.startsWith("  ")).toList()));
        }
        cases.removeIf(one -> one.lines.isEmpty());
        return cases;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void says(Case one) throws IOException {
        Path bundles = Files.createDirectory(directory.resolve("bundles"));
        for (String entry : one.entries) {
            make(bundles, entry);
        }
        Check check = check(bundles);
        assertThat(check.out.lines().filter(line -> !line.matches("[0-9]+ bundles?, .*")))
                .as("what check says of %s", one.entries)
                .containsExactlyElementsOf(one.lines);
        boolean wrong = one.lines.stream().anyMatch(line -> line.startsWith("error: "));
        assertThat(check.status).isEqualTo(wrong ? Exit.FAILED : Exit.DONE);
        assertThat(check.err).isEmpty();
    }

    /**
     * {@code a/b=TEXT} is a file, with {@code _} for a space; {@code a/run!} an executable; {@code a/b->../c} a link;
     * {@code a/} a directory; {@code a/b~0666} a mode.
     */
    private static void make(Path bundles, String entry) throws IOException {
        int link = entry.indexOf("->");
        int mode = entry.indexOf('~');
        int text = entry.lastIndexOf('=');
        if (link > 0) {
            Path path = parent(bundles, entry.substring(0, link));
            Files.createSymbolicLink(path, Path.of(entry.substring(link + 2).replace("DIR", bundles.toString())));
        } else if (text > 0) {
            Path path = parent(bundles, entry.substring(0, text));
            String content = entry.substring(text + 1).replace('_', ' ').replace("\\n", "\n");
            Files.write(path, content.getBytes(StandardCharsets.ISO_8859_1));
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-r--r--"));
        } else if (mode > 0) {
            int bits = Integer.parseInt(entry.substring(mode + 1), 8);
            Files.setAttribute(bundles.resolve(entry.substring(0, mode)), "unix:mode", bits);
        } else if (entry.endsWith("!")) {
            Path path = parent(bundles, entry.substring(0, entry.length() - 1));
            Files.writeString(path, "#!/bin/sh\n");
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
        } else {
            parent(bundles, entry + "x");
        }
    }

    private static Path parent(Path bundles, String path) throws IOException {
        Path file = bundles.resolve(path);
        Files.createDirectories(
                file.resolve("..").normalize(),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        return file;
    }

    /** What a tree alone cannot have: another owner, no permission, no directory. */
    private static final List<String> ELSEWHERE = List.of(
            "error: does not exist",
            "warning: is writable for everybody (mode …), who may move bundles",
            "error: is a file, but must be a directory of bundles",
            "error: cannot be listed: permission denied",
            "error: belongs to user …, who is …",
            "error: is writable for group … (mode …)",
            "warning: holds more files than are looked at, which are … of a bundle",
            "error: holds more than 64 KiB, which is too much for a setting");

    private record Check(int status, String out, String err) {}

    private static Check check(Path bundles, String... words) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        List<String> all = new ArrayList<>(List.of("check", "--bundles", bundles.toString()));
        all.addAll(List.of(words));
        int status = Main.run(
                all.toArray(new String[0]),
                Map.of(),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
        return new Check(
                status,
                out.toString(StandardCharsets.UTF_8).replace(bundles.toString(), "DIR"),
                err.toString(StandardCharsets.UTF_8));
    }

    /** The rows of the list, as patterns of {@code severity: message}: three dots stand for anything. */
    private static Map<String, Pattern> rows() throws IOException {
        try (Stream<String> lines = Files.lines(LIST)) {
            return lines.filter(line -> line.matches("\\| (error|warning) \\|.*"))
                    .map(line -> line.split(" \\| ", -1))
                    .collect(Collectors.toMap(cells -> cells[0].substring(2) + ": " + cells[1], cells -> {
                        String words = Arrays.stream(cells[1].split("…", -1))
                                .map(Pattern::quote)
                                .collect(Collectors.joining(".+"));
                        return Pattern.compile(cells[0].substring(2) + ": .+?: " + words + "( \\(.*\\))?");
                    }));
        }
    }

    @Test
    void theListInTheDocsHasEveryFindingAndNoOther() throws IOException {
        Map<String, Pattern> rows = rows();
        List<String> said = cases().stream().flatMap(one -> one.lines.stream()).toList();
        assertThat(said)
                .allSatisfy(line -> assertThat(rows.values())
                        .as("rows of %s for: %s", LIST, line)
                        .anyMatch(row -> row.matcher(line).matches()));
        assertThat(rows.keySet()).containsAll(ELSEWHERE);
        rows.keySet().removeAll(ELSEWHERE);
        rows.forEach((row, pattern) -> assertThat(said)
                .as("cases of %s for the row: %s", CASES, row)
                .anyMatch(line -> pattern.matcher(line).matches()));
    }

    @Test
    void saysWhatIsWrongWithTheSearchPath() throws IOException {
        assertThat(check(directory.resolve("nowhere")).out).startsWith("error: DIR: does not exist (make it, or ");
        Path file = Files.writeString(directory.resolve("file"), "");
        assertThat(check(file).out).startsWith("error: DIR: is a file, but must be a directory of bundles (");
        Path open = Files.createDirectory(directory.resolve("open"));
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
        assertThat(check(open).out)
                .startsWith(
                        "warning: DIR: is writable for everybody (mode 0777), who may move bundles (chmod o-w DIR)");
        assertThat(check(open, "--insecure-bundles").out).startsWith("0 bundles, 0 errors, 0 warnings");
    }

    @Test
    void saysWhatAFileIsTooLargeFor() throws IOException {
        make(directory, "a/service/run!");
        make(directory, "a/service/user=" + "x".repeat(70_000));
        assertThat(check(directory).out)
                .startsWith("error: a/service/user: holds more than 64 KiB, which is too much for a setting\n");
    }

    @Test
    void countsInJson() throws IOException {
        make(directory, "a/service/run!");
        make(directory, "a/service/dwon=");
        make(directory, "a/wants/b->../../b");
        Check check = check(directory, "--format", "json");
        assertThat(check.out)
                .contains(
                        "{\"severity\":\"error\",\"bundle\":\"a\",\"source\":\"a/wants/b\",\"message\":\"names b, and")
                .endsWith(",\n \"bundles\":1,\n \"errors\":1,\n \"warnings\":1}\n");
        assertThat(check.status).isEqualTo(Exit.FAILED);
    }

    @Test
    void namedBundlesAreCheckedAloneButForWhatTheyShareWithOthers() throws IOException {
        for (String entry : ("a/service/run! b/service/run! c/service/run! c/service/dwon= a/after/b->../../b"
                        + " b/after/a->../../a a/wants/b->../../b b/wants/a->../../a")
                .split(" ", -1)) {
            make(directory, entry);
        }
        assertThat(check(directory, "b").out).contains("a cycle of 2").doesNotContain("dwon");
        assertThat(check(directory, "c").out).doesNotContain("cycle").contains("dwon");
        assertThat(check(directory, "c").status).isEqualTo(Exit.DONE);
        assertThat(check(directory, "b").status).isEqualTo(Exit.FAILED);
        assertThat(check(directory, "nosuch").status).isEqualTo(Exit.NO_SUCH_BUNDLE);
    }
}

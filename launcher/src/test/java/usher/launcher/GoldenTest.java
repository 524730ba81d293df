package usher.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What {@code order}, {@code why} and {@code check} say of the examples and of three made-up hosts, byte for byte as it is
 * kept in {@code bundles/golden}. With {@code -Dusher.golden=renew} what they say now is written there instead.
 */
final class GoldenTest {
    private static final Path BUNDLES = Path.of("../bundles");

    @TempDir
    Path directory = Path.of("/");

    @ParameterizedTest
    @CsvSource({
        "examples,      examples, front counter,   web hello",
        "hosts/web,     web,      shop srv-data,   nginx apache",
        "hosts/mail,    mail,     postfix exim,    dovecot-lmtp spool",
        "hosts/desktop, desktop,  gdm udev-settle, network-manager dbus"
    })
    void saysWhatItSaidBefore(String tree, String name, String onePair, String otherPair) throws IOException {
        Map<String, String> said = say(shuffledCopy(BUNDLES.resolve(tree)), onePair, otherPair);
        Path golden = BUNDLES.resolve("golden").resolve(name);
        if (System.getProperty("usher.golden", "").equals("renew")) {
            Files.createDirectories(golden);
            for (Map.Entry<String, String> one : said.entrySet()) {
                Files.writeString(golden.resolve(one.getKey()), one.getValue());
            }
            return;
        }
        for (Map.Entry<String, String> one : said.entrySet()) {
            Path file = golden.resolve(one.getKey());
            assertThat(one.getValue())
                    .as("%s: if the change is meant, run this test with -Dusher.golden=renew and review the diff", file)
                    .isEqualTo(Files.readString(file));
        }
        try (Stream<Path> files = Files.list(golden)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(said.keySet());
        }
        Locale before = Locale.getDefault();
        try {
            // Where the capital of i is no I.
            Locale.setDefault(Locale.forLanguageTag("tr-TR"));
            assertThat(say(shuffledCopy(BUNDLES.resolve(tree)), onePair, otherPair))
                    .as("from another copy, in Turkish")
                    .isEqualTo(said);
        } finally {
            Locale.setDefault(before);
        }
    }

    private Map<String, String> say(Path bundles, String... pairs) throws IOException {
        Map<String, String> said = new LinkedHashMap<>();
        for (String action : List.of("start", "stop")) {
            String stop = action.equals("stop") ? " --stop" : "";
            for (String format : List.of("text", "json", "dot", "mermaid")) {
                String ending = Map.of("text", "txt", "mermaid", "mmd").getOrDefault(format, format);
                said.put(action + "." + ending, usher(bundles, "order --format " + format + stop));
                said.put(action + "-why." + ending, usher(bundles, "order --why --format " + format + stop));
            }
            // Reasons are in JSON whether asked for or not.
            assertThat(said.remove(action + "-why.json")).isEqualTo(said.get(action + ".json"));
        }
        said.put("check.txt", usher(bundles, "check"));
        said.put("check.json", usher(bundles, "check --format json"));
        StringBuilder why = new StringBuilder();
        for (String pair : pairs) {
            why.append("$ usher why ").append(pair).append('\n').append(usher(bundles, "why " + pair));
        }
        said.put("why.txt", why.toString());
        Path record = directory.resolve("record");
        usher(bundles, "order --save " + record);
        assertThat(usher(bundles, "order --check " + record)).isEmpty();
        said.put("recorded.txt", Files.readString(record));
        return said;
    }

    private static String usher(Path bundles, String words) {
        List<String> all = new ArrayList<>(List.of(words.split(" ", -1)));
        all.addAll(List.of("--bundles", bundles.toString()));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
        Main.run(all.toArray(new String[0]), Map.of(), stream, stream);
        return out.toString(StandardCharsets.UTF_8);
    }

    /** With the modes that usher believes, made in another order each time: a file system may list it in that order. */
    private Path shuffledCopy(Path tree) throws IOException {
        Path copy = Files.createTempDirectory(directory, "tree");
        List<Path> paths = new ArrayList<>();
        try (Stream<Path> walk = Files.walk(tree)) {
            walk.forEach(paths::add);
        }
        long seed = System.nanoTime();
        System.out.println("GoldenTest: seed " + seed);
        Collections.shuffle(paths, new Random(seed));
        for (Path path : paths) {
            Path to = copy.resolve(tree.relativize(path));
            Files.createDirectories(
                    to.resolve("..").normalize(),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
            if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
                Files.createDirectories(to);
                Files.setPosixFilePermissions(to, PosixFilePermissions.fromString("rwxr-xr-x"));
            } else {
                Files.copy(path, to, LinkOption.NOFOLLOW_LINKS);
                if (!Files.isSymbolicLink(to)) {
                    String mode = Files.isExecutable(path) ? "rwxr-xr-x" : "rw-r--r--";
                    Files.setPosixFilePermissions(to, PosixFilePermissions.fromString(mode));
                }
            }
        }
        return copy;
    }
}

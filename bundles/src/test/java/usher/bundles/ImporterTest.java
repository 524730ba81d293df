package usher.bundles;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an import does to the file system. */
final class ImporterTest {
    private static final String TWO = """
            2121 stream tcp nowait root /usr/sbin/in.ftpd in.ftpd -l
            6969 dgram udp wait nobody /usr/sbin/in.tftpd in.tftpd
            """;

    @TempDir
    private Path temporary;

    private Path into;

    @BeforeEach
    void chooseADirectory() {
        into = temporary.resolve("etc/bundles");
    }

    private Path file(String name, String text) throws IOException {
        Path file = temporary.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    private Importer.Result inetd(String text) throws IOException {
        return Importer.run(Importer.From.INETD, List.of(file("inetd.conf", text)), into);
    }

    private static List<String> lines(Importer.Result result) {
        List<String> lines = new ArrayList<>();
        result.problems().forEach(problem -> lines.add(problem.severity() + " " + problem));
        return lines;
    }

    @Test
    void writesBundlesThatHaveNoProblems() throws IOException {
        Importer.Result result = inetd(TWO);

        assertThat(result.problems()).isEmpty();
        assertThat(result.made()).containsExactly(into.resolve("in.ftpd-2121"), into.resolve("in.tftpd-6969"));
        BundleSet read = new SearchPath(List.of(into)).read(new SearchPath.Trust(Tree.SELF, false));
        assertThat(read.problems()).isEmpty();
        assertThat(read.bundles())
                .hasSize(2)
                .allSatisfy(bundle -> assertThat(bundle.problems()).isEmpty());
        Bundle ftp = read.find(new BundleName("in.ftpd-2121")).orElseThrow();
        assertThat(ftp.isPerConnection()).isTrue();
        assertThat(ftp.sockets().get(0).address()).hasToString("tcp:0.0.0.0:2121");
    }

    @Test
    void leavesNothingBesideTheBundles() throws IOException {
        inetd(TWO);
        try (Stream<Path> entries = Files.list(into)) {
            assertThat(entries).hasSize(2);
        }
    }

    @Test
    void namesABundleThatIsThereAlreadyAndLeavesItAlone() throws IOException {
        Tree before = new Tree(into).file("in.ftpd-2121/mine", "precious");

        Importer.Result result = inetd(TWO);

        assertThat(result.made()).containsExactly(into.resolve("in.tftpd-6969"));
        assertThat(lines(result))
                .containsExactly("ERROR " + temporary.resolve("inetd.conf") + ":1: is not imported: "
                        + into.resolve("in.ftpd-2121")
                        + " is there already (remove it first, or import into another directory)");
        assertThat(before.path("in.ftpd-2121")).isDirectoryContaining("glob:**/mine");
        assertThat(before.path("in.ftpd-2121/service")).doesNotExist();
    }

    @Test
    void replacesNoLinkEither() throws IOException {
        new Tree(into).link("in.ftpd-2121", "nowhere");
        assertThat(inetd(TWO).made()).containsExactly(into.resolve("in.tftpd-6969"));
    }

    @Test
    void writesFilesThatOthersMayReadAndNotWrite() throws IOException {
        Path bundle = inetd(TWO).made().get(0);
        try (Stream<Path> files = Files.walk(bundle)) {
            assertThat(files).allSatisfy(file -> {
                boolean executable = Files.isDirectory(file) || file.endsWith("run");
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                        .isEqualTo(executable ? "rwxr-xr-x" : "rw-r--r--");
            });
        }
    }

    @Test
    void writesNothingOfABundleThatWouldBeRefused() throws IOException {
        // A variable's value must be UTF-8, and this file is not.
        byte[] latin =
                "service x\n{\nport = 2121\nsocket_type = stream\nwait = no\nuser = root\nserver = /x\nenv = A=\u00e9\n}\n"
                        .getBytes(StandardCharsets.ISO_8859_1);
        Path file = file("xinetd.conf", "");
        Files.write(file, latin);

        Importer.Result result = Importer.run(Importer.From.XINETD, List.of(file), into);

        assertThat(result.made()).isEmpty();
        assertThat(lines(result))
                .containsExactly("ERROR " + file + ":1: is not imported, because the bundle would be refused:"
                        + " x/service/env/A: holds bytes that are not UTF-8");
        assertThat(into).isEmptyDirectory();
    }

    @Test
    void keepsTheBytesOfArguments() throws IOException {
        Path file = file("inetd.conf", "");
        byte[] line = "2121 stream tcp nowait root /x x \u00e9\u00ff\n".getBytes(StandardCharsets.ISO_8859_1);
        Files.write(file, line);

        Path bundle =
                Importer.run(Importer.From.INETD, List.of(file), into).made().get(0);

        byte[] script = Files.readAllBytes(bundle.resolve("service/run"));
        assertThat(new String(script, StandardCharsets.ISO_8859_1)).endsWith("exec /x '\u00e9\u00ff'\n");
    }

    @Test
    void takesADirectoryForTheFilesInIt() throws IOException {
        file("inetd.d/b", "2121 stream tcp nowait root /x b\n");
        file("inetd.d/a", "2122 stream tcp nowait root /x a\n");
        file("inetd.d/a.dpkg-old", "2123 stream tcp nowait root /x old\n");

        Path directory = temporary.resolve("inetd.d");
        Importer.Result result = Importer.run(Importer.From.INETD, List.of(directory), into);

        assertThat(result.made()).containsExactly(into.resolve("a-2122"), into.resolve("b-2121"));
    }

    @Test
    void followsIncludesAndReadsNoFileTwice() throws IOException {
        String entry = "service NAME\n{\nport = PORT\nsocket_type = stream\nwait = no\nuser = root\nserver = /x\n}\n";
        Path main = file(
                "xinetd.conf",
                "include more\nincludedir xinetd.d\n"
                        + entry.replace("NAME", "last").replace("PORT", "2121"));
        file(
                "more",
                "include xinetd.conf\ninclude nowhere\n"
                        + entry.replace("NAME", "first").replace("PORT", "2122"));
        file("xinetd.d/second", entry.replace("NAME", "second").replace("PORT", "2123"));
        file("xinetd.d/second.rpmsave", entry.replace("NAME", "saved"));
        file("xinetd.d/second~", entry.replace("NAME", "copy"));

        Importer.Result result = Importer.run(Importer.From.XINETD, List.of(main), into);

        assertThat(result.made()).containsExactly(into.resolve("first"), into.resolve("second"), into.resolve("last"));
        assertThat(lines(result))
                .containsExactly(
                        "ERROR " + main + ": is included a second time, and read once",
                        "ERROR " + temporary.resolve("more")
                                + ":2: include names \"nowhere\", which is not there to read");
    }

    @Test
    void saysWhichFileCannotBeRead() {
        Path missing = temporary.resolve("missing");
        assertThat(lines(Importer.run(Importer.From.INETD, List.of(missing), into)))
                .containsExactly("ERROR " + missing + ": cannot be read: it leads to nothing");
        assertThat(lines(Importer.run(Importer.From.XINETD, List.of(missing), into)))
                .containsExactly("ERROR " + missing + ": cannot be read: it leads to nothing");
    }

    @Test
    void saysThatItCannotWrite() throws IOException {
        Path file = file("inetd.conf", TWO);
        Path kernels = Path.of("/proc/self/task");
        assertThat(Importer.run(Importer.From.INETD, List.of(file), kernels).problems())
                .hasSize(2)
                .allMatch(problem -> problem.message().contains("cannot be written"));
        assertThat(lines(Importer.run(Importer.From.INETD, List.of(file), file.resolve("below"))))
                .hasSize(1)
                .allMatch(line -> line.startsWith("ERROR " + file.resolve("below") + ": cannot be made"));
    }
}

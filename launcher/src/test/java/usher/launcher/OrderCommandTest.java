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
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The command as a whole, on this tree.
 *
 * <pre>
 * default   wants web
 * web       127.0.0.1:8080, after db, requires db
 * db        a daemon, after log
 * log       a daemon; not asked for by anybody
 * </pre>
 */
final class OrderCommandTest {
    @TempDir
    Path bundles = Path.of("/");

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeEach
    void tree() throws IOException {
        daemon("web");
        daemon("db");
        daemon("log");
        Files.createDirectories(bundles.resolve("default"));
        Files.createDirectory(bundles.resolve("web/sockets"));
        Files.writeString(bundles.resolve("web/sockets/http"), "127.0.0.1:8080\n");
        link("default", "wants", "web");
        link("web", "requires", "db");
        link("web", "after", "db");
        link("db", "after", "log");
    }

    private void daemon(String name) throws IOException {
        Path service = Files.createDirectories(bundles.resolve(name).resolve("service"));
        Path run = Files.writeString(service.resolve("run"), "#!/bin/sh\n");
        Files.setPosixFilePermissions(run, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private void link(String from, String relation, String to) throws IOException {
        Path directory = Files.createDirectories(bundles.resolve(from).resolve(relation));
        Files.createSymbolicLink(directory.resolve(to), Path.of("../..").resolve(to));
    }

    @Test
    void tellsAPersonWhatRunWouldDo() {
        assertThat(order()).isEqualTo(Exit.DONE);
        assertThat(err()).isEmpty();
        assertThat(out()).isEqualTo("""
                WAVE     STEP   BUNDLE   ADDRESS             AFTER
                1     *  open   web      tcp:127.0.0.1:8080
                2     *  start  default                      web

                At the first knock:
                  web  on http  start db, start web

                Start of default: 2 steps for 2 bundles in 2 waves, 1 of them started by traffic; * marks a longest chain
                """);
    }

    @Test
    void leavesAloneWhatIsWrongWithEntriesThatNobodyAskedFor() throws IOException {
        Files.createSymbolicLink(bundles.resolve("broken"), Path.of("nosuch"));

        assertThat(order("web")).isEqualTo(Exit.DONE);
        assertThat(err()).isEmpty();
        assertThat(order()).isEqualTo(Exit.FAILED);
        assertThat(err())
                .isEqualTo(
                        "usher: broken: is a link to nosuch, which is no bundle (remove it, or make a bundle nosuch)\n");
        err.reset();
        assertThat(order("web", "broken")).isEqualTo(Exit.NO_SUCH_BUNDLE);
        assertThat(err()).contains("broken: is a link to nosuch", "broken: no such bundle");
    }

    @Test
    void tellsThePlaceOfEveryLinkOnRequest() {
        assertThat(order("--why", "db", "log")).isEqualTo(Exit.DONE);
        assertThat(out()).isEqualTo("""
                WAVE     STEP   BUNDLE  ADDRESS  BECAUSE
                1     *  start  log
                2     *  start  db               after log (db/after/log)

                Start of db, log: 2 steps for 2 bundles in 2 waves; * marks a longest chain
                """);
    }

    @Test
    void tellsWhatShutdownWouldDo() {
        assertThat(order("--stop")).isEqualTo(Exit.DONE);
        assertThat(out()).isEqualTo("""
                WAVE     STEP   BUNDLE   ADDRESS             AFTER
                1     *  stop   default
                2     *  stop   web                          default
                3     *  stop   db                           web
                4     *  close  web      tcp:127.0.0.1:8080

                Stop of db, default, web: 4 steps for 3 bundles in 4 waves; * marks a longest chain
                """);
    }

    @Test
    void saysTheSameInJson() {
        assertThat(order("--format", "json")).isEqualTo(Exit.DONE);
        assertThat(out()).isEqualTo("""
                {"action":"start",
                 "bundles":["default"],
                 "steps":[{"seq":1,"wave":1,"step":"open","bundle":"web","socket":"http",\
                "address":"tcp:127.0.0.1:8080","after":[]},
                  {"seq":2,"wave":2,"step":"start","bundle":"default",\
                "after":[{"bundle":"web","reason":"target","source":"default/wants/web"}]}],
                 "lazy":[{"bundle":"web","on":["http"],"steps":[\
                {"seq":1,"wave":1,"step":"start","bundle":"db","after":[]},\
                {"seq":2,"wave":2,"step":"start","bundle":"web",\
                "after":[{"bundle":"db","reason":"explicit","source":"web/after/db"}]}]}],
                 "cycles":[],
                 "problems":[],
                 "cannotStart":[]}
                """);
    }

    @Test
    void aCycleIsAFailureThatIsShownInBothForms() throws IOException {
        link("log", "after", "db");
        assertThat(order("db", "log")).isEqualTo(Exit.FAILED);
        assertThat(err()).startsWith("usher: ").contains("db/after/log").contains("log/after/db");
        assertThat(out()).contains("Cannot be started:").contains("nothing to do");

        out.reset();
        err.reset();
        assertThat(order("--format=json", "db", "log")).isEqualTo(Exit.FAILED);
        assertThat(err()).isEmpty();
        assertThat(out()).contains("""
                 "cycles":[[{"from":"db","to":"log","reason":"explicit","source":"log/after/db"},\
                {"from":"log","to":"db","reason":"explicit","source":"db/after/log"}]],
                """.stripTrailing());
    }

    @Test
    void recordsAnOrderAndTellsWhatHasChangedSince() throws IOException {
        String file = bundles.resolve(".order").toString();
        assertThat(order("--save", file)).isEqualTo(Exit.DONE);
        assertThat(order("--check", file)).isEqualTo(Exit.DONE);
        assertThat(out()).isEmpty();

        link("default", "wants", "log");
        assertThat(order("--check", file)).isEqualTo(Exit.FAILED);
        assertThat(out()).contains("log");
    }

    @Test
    void tellsWhatHasChangedInJson() throws IOException {
        String file = bundles.resolve(".order").toString();
        assertThat(order("--save", file, "db")).isEqualTo(Exit.DONE);
        assertThat(order("--check", file, "--format", "json", "db")).isEqualTo(Exit.DONE);
        assertThat(out()).isEqualTo("{\"changed\":false,\n \"differences\":[]}\n");
        out.reset();
        link("db", "wants", "log");
        assertThat(order("--check", file, "--format", "json", "db")).isEqualTo(Exit.FAILED);
        assertThat(out()).isEqualTo("""
                        {"changed":true,
                         "differences":["new: start log, wave 1",
                          "start db moved from wave 1 to wave 2, now after log (db/after/log)"]}
                        """);
    }

    @Test
    void aFileThatIsNoRecordIsNamed() throws IOException {
        Path file = Files.write(bundles.resolve(".record"), new byte[] {(byte) 0xff, 0});
        assertThat(order("--check", file.toString())).isEqualTo(Exit.FAILED);
        assertThat(err())
                .startsWith("usher: " + file + ": is no recorded order")
                .hasLineCount(1);
        assertThat(out()).isEmpty();
    }

    @Test
    void aRecordThatIsNotThereIsNamed() {
        assertThat(order("--check", bundles + "/nowhere")).isEqualTo(Exit.FAILED);
        assertThat(err()).isEqualTo("usher: " + bundles + "/nowhere: no such file or directory\n");
    }

    @Test
    void tellsWhyOneComesBeforeTheOther() {
        assertThat(usher("why", "web", "log")).isEqualTo(Exit.DONE);
        assertThat(out()).startsWith("""
                log before web
                  log before db  (db/after/log)
                  db before web  (web/after/db)
                """);
        out.reset();
        assertThat(usher("why", "--format=json", "db", "log")).isEqualTo(Exit.DONE);
        assertThat(out()).isEqualTo("""
                {"bundles":["db",
                  "log"],
                 "chains":[[{"from":"log","to":"db","reason":"explicit","source":"db/after/log"}]],
                 "stopping":[],
                 "conflict":null,
                 "cut":false}
                """);
    }

    @Test
    void saysSoIfItDoesNotListAllChains() throws IOException {
        for (int i = 0; i < 28; i++) {
            daemon("n" + (100 + i));
            for (int before = i / 4 * 4 - 4; before >= 0 && before < i / 4 * 4; before++) {
                link("n" + (100 + i), "after", "n" + (100 + before));
            }
        }
        assertThat(usher("why", "n100", "n124")).isEqualTo(Exit.DONE);
        assertThat(out())
                .startsWith("n100 before n124\n")
                .endsWith("\nthe search was cut short here: there may be more chains than these 1000\n");
        out.reset();
        assertThat(usher("why", "--format=json", "n100", "n124")).isEqualTo(Exit.DONE);
        assertThat(out()).contains("\"cut\":true");
    }

    @Test
    void tellsWhatHoldsOnlyWhenStoppingOrAtOnce() throws IOException {
        daemon("front");
        link("front", "after", "web");
        link("front", "conflicts", "log");
        assertThat(usher("why", "db", "front")).isEqualTo(Exit.DONE);
        assertThat(out()).isEqualTo("""
                front stops before db, though neither waits for the other to start
                  db before web  (web/after/db)
                  web before front  (front/after/web)
                """);
        out.reset();
        assertThat(usher("why", "log", "front")).isEqualTo(Exit.DONE);
        assertThat(out())
                .endsWith("log and front are never up together: starting one stops the other first"
                        + "  (front/conflicts/log)\n");
    }

    @Test
    void givesTheReasonsOfAFirstKnockToo() {
        assertThat(order("--why")).isEqualTo(Exit.DONE);
        assertThat(out()).contains("""
                At the first knock:
                  web  on http  start db
                                start web  after db (web/after/db)
                """);
    }

    @Test
    void saysSoIfNothingOrdersTwoBundles() throws IOException {
        daemon("lonely");
        assertThat(usher("why", "lonely", "log")).isEqualTo(Exit.FAILED);
        assertThat(out()).isEqualTo("nothing orders lonely and log\n");
    }

    @Test
    void checkTellsErrorsAndDoubts() throws IOException {
        Files.writeString(bundles.resolve("db/service/dwon"), "");
        assertThat(usher("check")).isEqualTo(Exit.DONE);
        assertThat(out()).contains("warning: db/service/dwon: ").contains("4 bundles, 0 errors, ");

        out.reset();
        link("web", "after", "nosuch");
        assertThat(usher("check", "web")).isEqualTo(Exit.FAILED);
        assertThat(out()).contains("error: web/after/nosuch: ").doesNotContain("dwon");

        out.reset();
        assertThat(usher("check", "--format", "json")).isEqualTo(Exit.FAILED);
        assertThat(out()).startsWith("{\"problems\":[{\"severity\":").contains("\"source\":\"web/after/nosuch\"");
    }

    @Test
    void enablesAndDisables() throws IOException {
        link("log", "wanted-by", "default");
        assertThat(usher("is-enabled", "log")).isEqualTo(Exit.NOT_UP);
        assertThat(usher("enable", "log")).isEqualTo(Exit.DONE);
        assertThat(bundles.resolve("default/wants/log")).isSymbolicLink();
        assertThat(usher("is-enabled", "log")).isEqualTo(Exit.DONE);
        assertThat(usher("disable", "log")).isEqualTo(Exit.DONE);
        assertThat(bundles.resolve("default/wants/log")).doesNotExist();
        assertThat(out())
                .isEqualTo("log: disabled\nmade LINK\nlog: enabled\nremoved LINK\n"
                        .replace("LINK", bundles.resolve("default/wants/log").toString()));
    }

    @Test
    void aNameThatIsNoBundlesIsSaidWithWhereItWasLookedFor() {
        assertThat(order("web", "wbe")).isEqualTo(Exit.NO_SUCH_BUNDLE);
        assertThat(out()).isEmpty();
        assertThat(err())
                .startsWith("usher: wbe: ")
                .contains(bundles.toString())
                .hasLineCount(1);
    }

    @Test
    void aDirectoryThatDoesNotExistIsNamed() {
        String nowhere = bundles.resolve("nowhere").toString();
        int status = Main.run(new String[] {"order", "--bundles", nowhere}, Map.of(), stream(out), stream(err));
        assertThat(status).isEqualTo(Exit.FAILED);
        assertThat(err()).startsWith("usher: " + nowhere + ": ").contains("--bundles");
    }

    private int order(String... words) {
        return usher("order", words);
    }

    private int usher(String verb, String... words) {
        List<String> all = new ArrayList<>(List.of(verb, "--bundles", bundles.toString()));
        all.addAll(List.of(words));
        return Main.run(all.toArray(new String[0]), Map.of(), stream(out), stream(err));
    }

    private static PrintStream stream(ByteArrayOutputStream to) {
        return new PrintStream(to, true, StandardCharsets.UTF_8);
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }
}

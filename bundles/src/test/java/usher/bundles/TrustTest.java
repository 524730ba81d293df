package usher.bundles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TrustTest {
    private static final int FILE = 0100644;

    @TempDir
    private Path temporary;

    private Tree tree;

    @BeforeEach
    void makeADirectory() {
        tree = new Tree(temporary.resolve("bundles"));
    }

    /** A rule for user 1000, whose own group is 1000 if the lines say so. */
    private TrustRule rule(String passwd, String group) throws IOException {
        Files.writeString(temporary.resolve("passwd"), passwd);
        Files.writeString(temporary.resolve("group"), group);
        return new TrustRule(new SearchPath.Trust(1000, false), temporary);
    }

    private boolean believes(TrustRule rule, int mode, int uid, int gid) {
        return rule.refuse(new Stat(mode, uid, gid), temporary) == null;
    }

    @Test
    void believesRootAndTheUserAndTheUsersOwnGroup() throws IOException {
        TrustRule rule = rule("root:x:0:0::/:/\nu:x:1000:1000::/:/\nv:x:1001:1001::/:/\n", "u:x:1000:\nw:x:50:u,v\n");
        assertThat(believes(rule, FILE, 0, 0)).isTrue();
        assertThat(believes(rule, FILE, 1000, 1000)).isTrue();
        assertThat(believes(rule, FILE, 1001, 1000)).as("another owner").isFalse();
        assertThat(believes(rule, FILE | 0002, 0, 0))
                .as("writable for everybody")
                .isFalse();
        assertThat(believes(rule, FILE | 0020, 1000, 1000))
                .as("writable for the own group")
                .isTrue();
        assertThat(believes(rule, FILE | 0020, 1000, 0))
                .as("writable for root's group")
                .isTrue();
        assertThat(believes(rule, FILE | 0020, 1000, 50))
                .as("writable for another group")
                .isFalse();
        assertThat(believes(rule, FILE, 1000, 50))
                .as("readable for another group")
                .isTrue();
    }

    @Test
    void doesNotCallAGroupOnesOwnThatOthersShare() throws IOException {
        String passwd = "u:x:1000:100::/:/\nv:x:1001:101::/:/\n";
        assertThat(believes(rule(passwd, "users:x:100:\n"), FILE | 0020, 1000, 100))
                .isTrue();
        assertThat(believes(rule(passwd, "users:x:100:u\n"), FILE | 0020, 1000, 100))
                .isTrue();
        assertThat(believes(rule(passwd, "users:x:100:v\n"), FILE | 0020, 1000, 100))
                .isFalse();
        assertThat(believes(rule("u:x:1000:100::/:/\nv:x:1001:100::/:/\n", ""), FILE | 0020, 1000, 100))
                .isFalse();
    }

    @Test
    void believesEverybodyWhenTold() {
        TrustRule rule = new TrustRule(new SearchPath.Trust(1000, true), temporary);
        assertThat(believes(rule, 0100777, 4711, 4711)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "web",
                "web/service",
                "web/service/run",
                "web/service/helper",
                "web/service/env",
                "web/service/env/A",
                "web/service/user",
                "web/sockets",
                "web/sockets/a",
                "web/sockets/b",
                "web/sockets/b/listen",
                "web/wants",
                "web/connects/x",
                "web/cgroup/pids.max",
                "web/log-size",
            })
    void refusesWhateverIsWritableForEverybody(String path) {
        tree.script("web/service/run").script("web/service/helper").file("web/service/env/A", "x");
        tree.file("web/service/user", "root").file("web/sockets/a", "1").file("web/sockets/b/listen", "2");
        tree.dir("web/wants")
                .file("web/connects/x", "3")
                .file("web/cgroup/pids.max", "9")
                .file("web/log-size", "1M");
        assertThat(tree.read("web").isSound()).isTrue();
        boolean directory = Files.isDirectory(tree.path(path));
        tree.mode(path, directory ? "rwxrwxrwx" : "rwxr-xrw-");
        String mode = directory ? "0777" : "0756";
        assertThat(Tree.problems(tree.read("web")))
                .filteredOn(line -> line.startsWith("ERROR"))
                .containsExactly("ERROR " + path + ": is writable for everybody (mode " + mode + ")");
        BundleSet all = new SearchPath(List.of(tree.root())).read(new SearchPath.Trust(Tree.SELF, true));
        assertThat(all.find(new BundleName("web")).orElseThrow().isSound()).isTrue();
    }

    // web/service/  run  bin/d  bin/.lib/e  data/x  check  conf.d/sub/x
    // web/extra/file
    // dns/  run  root/data  check  log/run  log/conf/x
    private void makeUnreadFiles() {
        tree.script("web/service/run").script("web/service/bin/d").file("web/service/bin/.lib/e", "");
        tree.file("web/service/data/x", "").script("web/service/check").file("web/service/conf.d/sub/x", "");
        tree.file("web/extra/file", "");
        tree.script("dns/run").file("dns/root/data", "").script("dns/check");
        tree.script("dns/log/run").file("dns/log/conf/x", "");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "web/service/bin/d",
                "web/service/bin/.lib",
                "web/service/bin/.lib/e",
                "web/service/data",
                "web/service/data/x",
                "web/service/check",
                "web/service/conf.d/sub",
                "web/service/conf.d/sub/x",
                "web/extra",
                "web/extra/file",
                "dns/root/data",
                "dns/check",
                "dns/log/conf/x",
            })
    void refusesWhatIsWritableForEverybodyWhereOnlyScriptsRead(String path) {
        makeUnreadFiles();
        assertThat(tree.read().bundles()).allMatch(Bundle::isSound);
        tree.mode(path, "rwxrwxrwx");
        String name = path.startsWith("dns/log") ? "dns.log" : path.substring(0, 3);
        assertThat(Tree.problems(tree.read(name)))
                .filteredOn(line -> line.startsWith("ERROR"))
                .containsExactly("ERROR " + path + ": is writable for everybody (mode 0777)");
        BundleSet all = new SearchPath(List.of(tree.root())).read(new SearchPath.Trust(Tree.SELF, true));
        assertThat(all.bundles()).allMatch(Bundle::isSound);
    }

    @Test
    void leavesAloneWhatOthersMayWriteWhereOnlyScriptsRead() throws Exception {
        makeUnreadFiles();
        tree.file("web/service/data/tmp/x", "").link("web/service/data/link", "nowhere");
        Files.setAttribute(tree.path("web/service/data/tmp"), "unix:mode", 01777);
        Process fifo = new ProcessBuilder("mkfifo", "-m", "666", tree.path("web/service/data/fifo") + "").start();
        assertThat(fifo.waitFor()).isZero();
        for (String state : List.of("web/service/supervise/x", "web/service/event/x", "dns/log/main/current")) {
            tree.file(state, "").mode(state, "rwxrwxrwx");
        }
        if (Tree.SELF == 0) {
            Files.setAttribute(tree.path("web/service/data/x"), "unix:uid", 65534);
        }
        assertThat(Tree.problems(tree.read("web"))).noneMatch(line -> line.startsWith("ERROR"));
        assertThat(Tree.problems(tree.read("dns.log"))).isEmpty();
    }

    @Test
    void doesNotLookAtAllFilesOfADatabase() throws IOException {
        tree.script("web/service/run").dir("web/service/data/sub").script("web/service/status");
        for (int i = 0; i < UnreadFiles.MOST; i++) {
            Files.createFile(tree.path("web/service/data/" + i));
        }
        String words = ": holds more files than are looked at, which are 10000 of a bundle";
        assertThat(Tree.problems(tree.read("web"))).containsExactly("WARNING web/service/data" + words);
        tree.mode("web/service/status", "rwxrwxrwx");
        assertThat(tree.read("web").isSound()).isFalse();
    }

    @Test
    void asksForTheOwnerOfWhatALinkLeadsTo() {
        Tree elsewhere = new Tree(temporary.resolve("elsewhere"));
        elsewhere.script("daemon").mode("daemon", "rwxrwxrwx");
        tree.link("web/service/run", elsewhere.path("daemon").toString());
        assertThat(Tree.problems(tree.read("web")))
                .containsExactly("ERROR web/service/run: is writable for everybody (mode 0777)");
    }

    @Test
    void refusesRelationsThatAnybodyMayPutBesideABundle() {
        Tree lib = new Tree(temporary.resolve("lib"));
        lib.script("web/service/run");
        tree.link("web/wants/x", "../../x").mode("web", "rwxrwxrwx");
        Bundle web = Tree.read(List.of(tree, lib)).find(new BundleName("web")).orElseThrow();
        assertThat(Tree.problems(web)).containsExactly("ERROR web: is writable for everybody (mode 0777)");
    }

    @Test
    void refusesFilesOfOtherUsers() throws IOException {
        assumeTrue(Tree.SELF == 0, "only root can give files away");
        tree.script("web/service/run");
        Files.setAttribute(tree.path("web/service/run"), "unix:uid", 65534);
        Problem problem = tree.read("web").problems().get(0);
        assertThat(problem.message()).isEqualTo("belongs to user 65534, who is not root");
        assertThat(problem.remedy()).startsWith("chown 0 " + tree.path("web/service/run") + ", or --insecure-bundles");
        assertThat(tree.read("web").isSound()).isFalse();
    }

    @Test
    void refusesFilesWritableForOtherGroups() throws IOException {
        assumeTrue(Tree.SELF == 0, "only root can give files to any group");
        tree.script("web/service/run");
        Files.setAttribute(tree.path("web/service/run"), "unix:gid", 65534);
        assertThat(tree.read("web").isSound()).isTrue();
        tree.mode("web/service/run", "rwxrwxr-x");
        assertThat(Tree.problems(tree.read("web")))
                .containsExactly("ERROR web/service/run: is writable for group 65534 (mode 0775)");
    }

    /** A link to itself can be read by nobody, root included. */
    @Test
    void reportsWhatCannotBeRead() {
        tree.script("web/service/run").link("web/service/user", "user");
        assertThat(Tree.problems(tree.read("web"))).singleElement().asString().startsWith("ERROR web/service/user: ");
    }

    /** What the permissions of a file keep from others they do not keep from root. */
    @Test
    void reportsWhatPermissionsForbidUnlessToRoot() {
        tree.script("web/service/run").file("web/service/user", "nobody").mode("web/service/user", "-w-------");
        tree.script("db/service/run").mode("db", "-wx------").dir("none").mode("none", "---------");
        boolean root = Tree.SELF == 0;
        try {
            assertThat(Tree.problems(tree.read("web")))
                    .isEqualTo(root ? List.of() : List.of("ERROR web/service/user: cannot be read: Permission denied"));
            assertThat(Tree.problems(tree.read("db")))
                    .isEqualTo(root ? List.of() : List.of("ERROR db: cannot be listed: permission denied"));
            assertThat(tree.read("none").isSound()).isEqualTo(root);
        } finally {
            tree.mode("db", "rwx------").mode("none", "rwx------");
        }
    }
}

package usher.bundles;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SearchPathTest {
    @TempDir
    private Path temporary;

    private Tree etc;
    private Tree lib;

    @BeforeEach
    void makeTwoDirectories() {
        etc = new Tree(temporary.resolve("etc"));
        lib = new Tree(temporary.resolve("lib"));
    }

    private BundleSet read() {
        return Tree.read(List.of(etc, lib));
    }

    private static Bundle find(BundleSet set, String name) {
        return set.find(new BundleName(name)).orElseThrow();
    }

    private static List<String> names(BundleSet set) {
        return set.bundles().stream().map(bundle -> bundle.name().value()).toList();
    }

    @Test
    void listsBundlesInByteOrderAndSkipsHiddenOnes() {
        etc.dir("b").dir("B").dir("a-b").dir("a.b").dir("a").dir(".git").dir("\u00e9t\u00e9");
        assertThat(names(read())).containsExactly("B", "a", "a-b", "a.b", "b", "\u00e9t\u00e9");
        assertThat(read().problems()).isEmpty();
    }

    // etc/web/service/run          first hit
    // lib/web/service/run  env/A   hidden
    @Test
    void takesTheFirstHit() {
        etc.script("web/service/run");
        lib.script("web/service/run").file("web/service/env/A", "x").file("web/sockets/http", "8080\n");
        Bundle web = find(read(), "web");
        assertThat(web.directory()).isEqualTo(etc.path("web"));
        assertThat(web.service().orElseThrow().environment()).isEmpty();
        assertThat(web.sockets()).isEmpty();
    }

    // etc/web/service/run  wants/a        after/x -> ../../b
    // lib/web/service/run  wants/{a,b}    after/x -> ../../c
    @Test
    void mergesRelationDirectoriesOfOneNameAndPrefersTheEarlierOfTwoEntries() {
        etc.script("web/service/run").link("web/wants/a", "../../a").link("web/after/x", "../../b");
        lib.script("web/service/run").link("web/wants/a", "../../a").link("web/wants/b", "../../b");
        lib.link("web/after/x", "../../c").dir("a").dir("b").dir("c");
        assertThat(Tree.links(find(read(), "web")))
                .containsExactly("web/after/x -> b", "web/wants/a -> a", "web/wants/b -> b");
    }

    // etc/web/wants/b      a directory of relations alone
    // lib/web/service/run
    @Test
    void lettingRelationsBesideABundleDoesNotHideIt() {
        etc.link("web/wants/b", "../../b");
        lib.script("web/service/run").link("web/wants/a", "../../a").dir("a").dir("b");
        Bundle web = find(read(), "web");
        assertThat(web.directory()).isEqualTo(lib.path("web"));
        assertThat(web.isTarget()).isFalse();
        assertThat(Tree.links(web)).containsExactly("web/wants/a -> a", "web/wants/b -> b");
    }

    @Test
    void makesATargetOfRelationsAlone() {
        etc.link("default/wants/a", "../../a").dir("a").dir("empty");
        lib.link("default/wants/b", "../../b").dir("b");
        Bundle target = find(read(), "default");
        assertThat(target.isTarget()).isTrue();
        assertThat(target.directory()).isEqualTo(etc.path("default"));
        assertThat(Tree.links(target)).containsExactly("default/wants/a -> a", "default/wants/b -> b");
        assertThat(find(read(), "empty").isTarget()).isTrue();
    }

    @Test
    void understandsLinksByTheLastPartOfTheirTextAlone() {
        etc.dir("db").link("web/after/database", "../../db").link("web/wants/db", "/nowhere/at/all/db/");
        lib.dir("web").link("web/requires/db", "../../db");
        Bundle web = find(read(), "web");
        assertThat(Tree.links(web))
                .containsExactly("web/after/database -> db", "web/requires/db -> db", "web/wants/db -> db");
        assertThat(web.links()).allMatch(link -> link.missing().isEmpty());
    }

    @Test
    void saysWhereALinkToNoBundleLeads() {
        etc.link("web/wants/gone", "../../gone")
                .link("web/wants/x", "/srv/usher/x")
                .dir("other/place");
        etc.link("web/wants/place", "../../other/place");
        Bundle web = find(read(), "web");
        assertThat(web.links())
                .extracting(Link::missing)
                .containsExactly(Optional.of(etc.path("gone")), Optional.empty(), Optional.of(Path.of("/srv/usher/x")));
        assertThat(web.problems()).isEmpty();
    }

    @Test
    void takesOnlyLinksForRelations() {
        etc.file("web/wants/db", "").dir("web/after/db").link("web/requires/db", "..");
        etc.file("web/before", "").dir("db");
        assertThat(Tree.problems(find(read(), "web")))
                .containsExactly(
                        "ERROR web/after/db: is a directory, but must be a symbolic link to a bundle",
                        "ERROR web/before: is a file, but must be a directory",
                        "ERROR web/requires/db: leads to \"..\", whose last part names no bundle",
                        "ERROR web/wants/db: is a file, but must be a symbolic link to a bundle");
        assertThat(find(read(), "web").problems().get(0).remedy())
                .isEqualTo("ln -sfn ../../db " + etc.path("web/after/db"));
    }

    // www -> web    site -> www    slash -> web/    other -> ELSEWHERE/other    dot -> .hidden
    @Test
    void makesAliasesOfLinksToNeighboursAndBundlesOfLinksToElsewhere() {
        Tree elsewhere = new Tree(temporary.resolve("elsewhere"));
        elsewhere.script("other/service/run");
        etc.script("web/service/run")
                .link("www", "web")
                .link("site", "../etc/www/")
                .link("slash", "web/");
        etc.link("other", elsewhere.path("other").toString()).dir(".hidden").link("dot", ".hidden");
        etc.link("default/wants/site", "../../site");
        BundleSet set = read();
        assertThat(set.problems()).isEmpty();
        assertThat(names(set)).containsExactly("default", "dot", "other", "web");
        assertThat(set.aliases())
                .isEqualTo(Map.of(
                        new BundleName("www"),
                        new BundleName("web"),
                        new BundleName("site"),
                        new BundleName("web"),
                        new BundleName("slash"),
                        new BundleName("web")));
        assertThat(find(set, "site")).isSameAs(find(set, "web"));
        assertThat(find(set, "other").directory()).isEqualTo(elsewhere.path("other"));
        assertThat(Tree.links(find(set, "default"))).containsExactly("default/wants/site -> web");
    }

    @Test
    void looksUpWhatAnAliasLeadsToAlongThePath() {
        etc.script("web/service/run");
        lib.dir("web").link("www", "web");
        assertThat(find(read(), "www").directory()).isEqualTo(etc.path("web"));
    }

    @Test
    void prefersTheFirstHitBeItAliasOrBundle() {
        etc.link("mail", "postfix").dir("postfix").script("db/service/run");
        lib.script("mail/service/run").link("db", "postgres").dir("postgres");
        BundleSet set = read();
        assertThat(find(set, "mail").name()).isEqualTo(new BundleName("postfix"));
        assertThat(find(set, "db").directory()).isEqualTo(etc.path("db"));
        assertThat(set.problems()).isEmpty();
    }

    /** As systemd does with alias.wants/. */
    @Test
    void addsRelationsBesideAnAliasToTheBundleThatItLeadsTo() {
        etc.link("mta/wants/foo", "../../foo")
                .link("mta/after/web", "../../web")
                .script("foo/service/run");
        lib.link("mta", "mail").link("mail", "postfix").script("postfix/service/run");
        lib.link("postfix/wants/bar", "../../bar").script("bar/service/run").script("web/service/run");
        Tree last = new Tree(temporary.resolve("last"));
        last.link("mta/before/bar", "../../bar")
                .link("mail/wants/web", "../../web")
                .script("mail/service/run");
        BundleSet set = Tree.read(List.of(etc, lib, last));
        assertThat(set.problems()).isEmpty();
        assertThat(names(set)).containsExactly("bar", "foo", "postfix", "web");
        Bundle postfix = find(set, "mta");
        assertThat(postfix.directory()).isEqualTo(lib.path("postfix"));
        assertThat(Tree.problems(postfix)).isEmpty();
        assertThat(Tree.links(postfix))
                .containsExactly(
                        "mta/after/web -> web",
                        "mta/before/bar -> bar",
                        "mta/wants/foo -> foo",
                        "postfix/wants/bar -> bar");
        assertThat(postfix.links()).extracting(Link::from).containsOnly(postfix.name());
    }

    @Test
    void refusesTheBundleIfAnybodyMayWriteBesideItsAlias() {
        etc.link("mta/wants/foo", "../../foo").script("foo/service/run").mode("mta", "rwxrwxrwx");
        lib.link("mta", "postfix").script("postfix/service/run");
        assertThat(Tree.problems(find(read(), "postfix")))
                .containsExactly("ERROR mta: is writable for everybody (mode 0777)");
        assertThat(find(read(), "postfix").isSound()).isFalse();
    }

    @Test
    void reportsAliasesThatLeadNowhere() {
        etc.link("a", "b")
                .link("b", "a")
                .link("gone", "nosuch")
                .link("far", "/nonexistent/bundle")
                .file("f", "");
        etc.link("g", "f");
        assertThat(Tree.problems(read()))
                .containsExactly(
                        "ERROR a: is a link that leads back to itself",
                        "ERROR b: is a link that leads back to itself",
                        "WARNING " + etc.path("f") + ": is a file, so it is no bundle: a bundle is a directory",
                        "ERROR far: is a link to \"/nonexistent/bundle\", but it leads to nothing",
                        "ERROR g: is a link to f, which is no bundle",
                        "ERROR gone: is a link to nosuch, which is no bundle");
        assertThat(read().bundles()).isEmpty();
    }

    @Test
    void reportsNamesThatAreNone() {
        etc.dir("a:b").dir("c\nd").dir("good");
        assertThat(names(read())).containsExactly("good");
        assertThat(Tree.problems(read())).hasSize(2).allMatch(line -> line.startsWith("WARNING"));
        assertThat(Tree.problems(read()).toString()).contains("c\\nd").contains("a:b");
    }

    @Test
    void reportsDirectoriesThatDoNotExistOnlyIfSomebodyNamedThem() {
        List<Path> absent = List.of(temporary.resolve("nosuch"));
        SearchPath.Trust trust = new SearchPath.Trust(Tree.SELF, false);
        BundleSet named = new SearchPath(absent).read(trust);
        assertThat(Tree.problems(named)).containsExactly("ERROR " + absent.get(0) + ": does not exist");
        assertThat(new SearchPath(absent, false).read(trust).problems()).isEmpty();
    }

    @Test
    void reportsAFileWhereADirectoryOfBundlesShouldBe() {
        etc.file("file", "");
        SearchPath path = new SearchPath(List.of(etc.path("file")), false);
        assertThat(Tree.problems(path.read(new SearchPath.Trust(Tree.SELF, false))))
                .containsExactly("ERROR " + etc.path("file") + ": is a file, but must be a directory of bundles");
    }

    @Test
    void readsATreeAlikeWithOneThreadAndWithSeveral() {
        for (int i = 0; i < 450; i++) {
            etc.dir("b" + i).link("b" + i + "/after/x", "../../b" + i / 2);
        }
        BundleSet set = read();
        assertThat(set.bundles()).hasSize(450);
        for (int i = 0; i < 450; i++) {
            assertThat(Tree.links(find(set, "b" + i))).containsExactly("b" + i + "/after/x -> b" + i / 2);
        }
    }

    @Test
    void takesTheDefaultPathFromTheEnvironment() {
        assertThat(SearchPath.defaults(Map.of("HOME", "/home/u"), true).directories())
                .containsExactly(
                        Path.of("/etc/usher/bundles"),
                        Path.of("/run/usher/bundles"),
                        Path.of("/usr/local/lib/usher/bundles"),
                        Path.of("/usr/lib/usher/bundles"));
        assertThat(SearchPath.defaults(Map.of("HOME", "/home/u"), false).directories())
                .hasSize(5)
                .startsWith(Path.of("/home/u/.config/usher/bundles"));
        Map<String, String> xdg = Map.of("HOME", "/home/u", "XDG_CONFIG_HOME", "/c");
        assertThat(SearchPath.defaults(xdg, false).directories()).startsWith(Path.of("/c/usher/bundles"));
        assertThat(SearchPath.defaults(Map.of(), false).directories()).hasSize(4);
        SearchPath named = SearchPath.defaults(Map.of("USHER_BUNDLES", "/a::/b:/a"), true);
        assertThat(named.directories()).containsExactly(Path.of("/a"), Path.of("/b"));
        assertThat(named.explicit()).isTrue();
    }
}

package usher.bundles;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

// etc/                                  writable
// lib/web/service/run                   the vendor's
// lib/web/wanted-by/default             -> ../../default
// lib/web/required-by/site              -> ../../site
// lib/default/, lib/site/service/run
final class EnablementTest {
    @TempDir
    private Path temporary;

    private Tree etc;
    private Tree lib;

    @BeforeEach
    void makeTwoDirectories() {
        etc = new Tree(temporary.resolve("etc"));
        lib = new Tree(temporary.resolve("lib"));
        lib.script("web/service/run").link("web/wanted-by/default", "../../default");
        lib.link("web/required-by/site", "../../site").dir("default").script("site/service/run");
    }

    private Enablement enablement() {
        return new Enablement(new SearchPath(List.of(etc.root(), lib.root())), read());
    }

    private BundleSet read() {
        return Tree.read(List.of(etc, lib));
    }

    private Bundle bundle(String name) {
        return read().find(new BundleName(name)).orElseThrow();
    }

    @Test
    void makesTheLinksInTheFirstWritableDirectory() throws IOException {
        assertThat(enablement().state(bundle("web"))).isEqualTo(Enablement.State.DISABLED);
        Enablement.Result result = enablement().enable(bundle("web"));
        Path wants = etc.path("default/wants/web");
        Path requires = etc.path("site/requires/web");
        assertThat(result.problems()).isEmpty();
        assertThat(result.changed()).containsExactlyInAnyOrder(wants, requires);
        assertThat(Files.readSymbolicLink(wants)).isEqualTo(Path.of("../../web"));
        assertThat(Files.readSymbolicLink(requires)).isEqualTo(Path.of("../../web"));
        assertThat(etc.path("default/wants").toFile().list()).containsExactly("web");
        assertThat(enablement().state(bundle("web"))).isEqualTo(Enablement.State.ENABLED);
        assertThat(Tree.links(bundle("default"))).containsExactly("default/wants/web -> web");
        assertThat(bundle("site").directory()).as("still the vendor's").isEqualTo(lib.path("site"));
        assertThat(bundle("site").isSound()).isTrue();
    }

    @Test
    void leavesWhatIsThereAlone() {
        enablement().enable(bundle("web"));
        Enablement.Result again = enablement().enable(bundle("web"));
        assertThat(again.changed()).isEmpty();
        assertThat(again.unchanged()).containsExactlyInAnyOrder("default/wants/web", "site/requires/web");
        assertThat(again.problems()).isEmpty();
    }

    @Test
    void knowsWhenOnlySomeOfTheLinksAreThere() {
        lib.link("default/wants/by-hand", "../../web");
        assertThat(enablement().state(bundle("web"))).isEqualTo(Enablement.State.PARTLY);
        assertThat(enablement().enable(bundle("web")).unchanged()).containsExactly("default/wants/web");
        assertThat(enablement().state(bundle("web"))).isEqualTo(Enablement.State.ENABLED);
        assertThat(enablement().state(bundle("site"))).isEqualTo(Enablement.State.NOT_APPLICABLE);
    }

    @Test
    void callsABundleEnabledByTheLinksThatItCallsForOrElseByItsLackOfDown() {
        lib.link("default/wants/by-hand", "../../web").script("off/service/run").file("off/service/down", "");
        assertThat(enablement().isEnabled(bundle("web"))).as("partly").isFalse();
        enablement().enable(bundle("web"));
        assertThat(enablement().isEnabled(bundle("web"))).isTrue();
        lib.file("web/service/down", "");
        assertThat(enablement().isEnabled(bundle("web"))).as("by its links").isTrue();
        assertThat(enablement().isEnabled(bundle("site"))).isTrue();
        assertThat(enablement().isEnabled(bundle("off"))).isFalse();
    }

    @Test
    void removesTheLinksWhereverTheyAre() {
        lib.link("default/wants/web", "../../web").link("default/wants/site", "../../site");
        enablement().enable(bundle("web"));
        Enablement.Result result = enablement().disable(bundle("web"));
        assertThat(result.changed())
                .containsExactlyInAnyOrder(lib.path("default/wants/web"), etc.path("site/requires/web"));
        assertThat(enablement().state(bundle("web"))).isEqualTo(Enablement.State.DISABLED);
        assertThat(Tree.links(bundle("default"))).containsExactly("default/wants/site -> site");
        assertThat(enablement().disable(bundle("web")).unchanged())
                .containsExactlyInAnyOrder("default/wants/web", "site/requires/web");
        assertThat(etc.path("site/requires")).as("a directory of no links").doesNotExist();
        assertThat(lib.path("default/wants")).isDirectory();
        assertThat(bundle("site").directory()).isEqualTo(lib.path("site"));
        assertThat(bundle("site").service()).isPresent();
    }

    @Test
    void followsAliasesToTheTarget() {
        lib.link("web/wanted-by/multi", "../../multi").link("multi", "default");
        enablement().enable(bundle("web"));
        assertThat(etc.path("multi")).doesNotExist();
        assertThat(Files.exists(etc.path("default/wants/web"), LinkOption.NOFOLLOW_LINKS))
                .isTrue();
        assertThat(enablement().state(bundle("web"))).isEqualTo(Enablement.State.ENABLED);
    }

    @Test
    void removesALinkBesideAnAliasOfTheTarget() {
        lib.link("web/wanted-by/multi", "../../multi").link("multi", "default");
        etc.link("multi/wants/web", "../../web").link("site/requires/web", "../../web");
        assertThat(enablement().state(bundle("web"))).isEqualTo(Enablement.State.ENABLED);
        Enablement.Result result = enablement().disable(bundle("web"));
        assertThat(result.problems()).isEmpty();
        assertThat(etc.path("multi")).isEmptyDirectory();
        assertThat(enablement().state(bundle("web"))).isEqualTo(Enablement.State.DISABLED);
    }

    @Test
    void makesATargetThatDoesNotExistYet() {
        lib.link("web/wanted-by/new", "../../new");
        enablement().enable(bundle("web"));
        assertThat(bundle("new").isTarget()).isTrue();
        assertThat(bundle("new").directory()).isEqualTo(etc.path("new"));
    }

    /** Left behind, an empty {@code default} would be all that is started. */
    @Test
    void removesTheTargetThatItMadeWithItsLastLink() {
        lib.link("web/wanted-by/new", "../../new").script("db/service/run");
        lib.link("db/required-by/new", "../../new");
        enablement().enable(bundle("web"));
        enablement().enable(bundle("db"));
        assertThat(Tree.problems(bundle("new"))).isEmpty();
        assertThat(Tree.problems(read())).isEmpty();
        enablement().disable(bundle("web"));
        assertThat(Tree.links(bundle("new"))).containsExactly("new/requires/db -> db");
        enablement().disable(bundle("db"));
        assertThat(etc.path("new")).doesNotExist();
        assertThat(etc.path("site")).as("beside the vendor's").doesNotExist();
    }

    @Test
    void leavesATargetThatSomebodyElseHasMadeOrFilled() {
        lib.link("web/wanted-by/new", "../../new").link("web/wanted-by/own", "../../own");
        etc.dir("own");
        enablement().enable(bundle("web"));
        etc.script("new/service/run");
        enablement().disable(bundle("web"));
        assertThat(etc.path("own")).isEmptyDirectory();
        assertThat(etc.path("new/service/run")).isRegularFile();
        assertThat(Tree.problems(bundle("new"))).isEmpty();
    }

    @Test
    void doesNotReplaceWhatIsNoSuchLink() {
        etc.link("default/wants/web", "../../site");
        Enablement.Result result = enablement().enable(bundle("web"));
        assertThat(result.problems())
                .extracting(Problem::message)
                .containsExactly("is there already, but does not lead to web");
        assertThat(Tree.links(bundle("default"))).containsExactly("default/wants/web -> site");
    }

    @Test
    void reportsAFileInItsWay() {
        etc.file("default", "");
        assertThat(enablement().enable(bundle("web")).problems())
                .extracting(Problem::source)
                .containsExactly("default/wants/web");
    }

    /** The kernel's own file systems take files from nobody, root included. */
    @Test
    void reportsThatNothingCanBeWritten() {
        SearchPath kernels = new SearchPath(List.of(Path.of("/proc/self/task"), Path.of("/proc/self/fdinfo")));
        Enablement.Result result = new Enablement(kernels, read()).enable(bundle("web"));
        assertThat(result.changed()).isEmpty();
        assertThat(result.problems())
                .isNotEmpty()
                .allMatch(problem -> problem.message().startsWith("cannot be made"));
    }
}

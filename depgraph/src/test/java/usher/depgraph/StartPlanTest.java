package usher.depgraph;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import usher.bundles.BundleName;

final class StartPlanTest {
    @Test
    void startsWhatIsWantedAndRequiredTransitively() {
        // default/wants/web  web/requires/db  other
        Relations relations = new Tree()
                .target("default", "wants/web")
                .bundle("web", "requires/db")
                .bundle("db")
                .bundle("other")
                .relations();

        assertThat(Show.start(relations, "default")).containsExactly("1 start db", "2 start web", "3 start default");
    }

    @Test
    void doesNotTakeInWhatItIsOnlyAfter() {
        Relations relations = new Tree().bundle("a", "after/b").bundle("b").relations();

        assertThat(Show.start(relations, "a")).containsExactly("1 start a");
    }

    @Test
    void putsUnrelatedBundlesInOneWaveByName() {
        Relations relations = new Tree()
                .target("t", "wants/b", "wants/B", "wants/a")
                .bundle("a")
                .bundle("b")
                .bundle("B")
                .relations();

        assertThat(Show.start(relations, "t")).containsExactly("1 start B", "1 start a", "1 start b", "2 start t");
    }

    @Test
    void opensTheSocketsOfTheWholeClosureFirst() {
        // default/wants/web  web: lazy, wants/{helper,talker}  helper: without sockets  talker: with
        // default/wants/cron
        Relations relations = new Tree()
                .target("default", "wants/web", "wants/cron")
                .bundle("web", "sockets/http=8080", "wants/helper", "wants/talker")
                .bundle("helper")
                .bundle("talker", "sockets/t=8081")
                .bundle("cron")
                .relations();

        Plan plan = relations.start(Tree.names("default"), false, Set.of());

        assertThat(Show.steps(plan.steps()))
                .containsExactly("1 open talker:t", "1 open web:http", "2 start cron", "3 start default");
        assertThat(plan.lazy()).hasSize(2);
        assertThat(plan.lazy().get(1).on()).containsExactly("http");
        assertThat(Show.steps(plan.lazy().get(1).steps())).containsExactly("1 start helper", "1 start web");
    }

    @Test
    void startsWhatIsFlaggedEagerWithTheJobAlthoughOnlyALazyBundleWantsIt() {
        // web: lazy, wants/helper  helper: eager, with a socket, wants/cache  cache: without sockets
        Relations relations = new Tree()
                .bundle("web", "sockets/http=8080", "wants/helper")
                .bundle("helper", "sockets/h=8081", "eager", "wants/cache")
                .bundle("cache")
                .relations();

        assertThat(Show.start(relations, "web"))
                .containsExactly("1 open helper:h", "1 open web:http", "2 start cache", "2 start helper");
    }

    @Test
    void startsTheProcessesOfANamedLazyBundleOnlyWithNow() {
        Relations relations = new Tree()
                .bundle("web", "sockets/http=8080", "requires/db")
                .bundle("db")
                .relations();

        assertThat(Show.steps(
                        relations.start(Tree.names("web"), false, Set.of()).steps()))
                .containsExactly("1 open web:http");
        assertThat(Show.steps(relations.start(Tree.names("web"), true, Set.of()).steps()))
                .containsExactly("1 open web:http", "2 start db", "3 start web");
    }

    @Test
    void takesALazyBundleForUpOnceItsSocketsAreOpen() {
        Relations relations = new Tree()
                .bundle("client", "requires/db")
                .bundle("db", "sockets/s=/run/db", "requires/disk")
                .bundle("disk")
                .relations();

        Plan plan = relations.start(Tree.names("client"), false, Set.of());

        assertThat(Show.steps(plan.steps())).containsExactly("1 open db:s", "2 start client");
        assertThat(Show.edges(plan.steps().get(1).after()))
                .containsExactly("db < client (requires client/requires/db)");
        assertThat(Show.steps(plan.lazy().get(0).steps())).containsExactly("1 start disk", "2 start db");
    }

    @Test
    void ordersTwoLazyBundlesAfterEachOtherWithoutACycle() {
        Relations relations = new Tree()
                .bundle("a", "sockets/s=1", "after/b", "requires/b")
                .bundle("b", "sockets/s=2", "after/a", "requires/a")
                .relations();

        Plan plan = relations.start(Tree.names("a"), false, Set.of());

        assertThat(plan.cycles()).isEmpty();
        assertThat(Show.steps(plan.steps())).containsExactly("1 open a:s", "1 open b:s");
        assertThat(Show.stop(relations, Tree.names("a", "b"), "a"))
                .containsExactly("1 stop a", "1 stop b", "2 close a:s", "2 close b:s");
    }

    @Test
    void neverRefusesWhatIsAlreadyBeingStarted() {
        // a/after/b  b/after/a, b in flight
        Relations relations =
                new Tree().bundle("a", "after/b").bundle("b", "after/a").relations();

        Plan alone = relations.start(Tree.names("a"), false, Set.of());
        Plan beside = relations.start(Tree.names("a"), false, Tree.names("b"));

        assertThat(Show.steps(alone.steps())).containsExactly("1 start a");
        assertThat(beside.steps()).isEmpty();
        assertThat(beside.refused()).containsOnlyKeys(new BundleName("a"));
        assertThat(relations.start(Tree.names("a", "b"), false, Tree.names("b")).refused())
                .containsOnlyKeys(new BundleName("a"));
    }

    @Test
    void waitsForABundleInFlight() {
        Relations relations = new Tree().bundle("a", "after/b").bundle("b").relations();

        Plan plan = relations.start(Tree.names("a"), false, Tree.names("b"));

        assertThat(Show.edges(plan.steps().get(0).after())).containsExactly("b < a (a/after/b)");
        assertThat(plan.steps().get(0).wave()).isEqualTo(1);
    }

    @Test
    void leavesOutWhatIsBrokenAndWhoRequiresIt() {
        // a/requires/b  b/requires/broken  c/wants/broken  d/requires/nosuch
        Relations relations = new Tree()
                .target("t", "wants/a", "wants/c", "wants/d")
                .bundle("a", "requires/b")
                .bundle("b", "requires/bad")
                .bundle("bad", "broken")
                .bundle("c", "wants/bad")
                .bundle("d", "requires/nosuch")
                .relations();

        Plan plan = relations.start(Tree.names("t"), false, Set.of());

        assertThat(Show.steps(plan.steps())).containsExactly("1 start c", "2 start t");
        assertThat(plan.failed()).containsOnlyKeys(new BundleName("bad"));
        assertThat(plan.skipped().keySet()).isEqualTo(Tree.names("a", "b", "d"));
        assertThat(Show.problems(plan.problems()))
                .contains("ERROR d/requires/nosuch: names nosuch, and there is no such bundle");
    }

    @Test
    void reportsAnUnknownNameAmongThoseAskedFor() {
        Plan plan = new Tree().bundle("a").relations().start(Tree.names("nosuch", "a"), false, Set.of());

        assertThat(Show.steps(plan.steps())).containsExactly("1 start a");
        assertThat(Show.problems(plan.problems())).isEqualTo("ERROR nosuch: there is no such bundle");
        assertThat(plan.requested()).isEqualTo(List.of(new BundleName("a")));
    }
}

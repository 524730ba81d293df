package usher.depgraph;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

final class DerivedOrderTest {
    @Test
    void putsATargetAfterWhatItWants() {
        Relations relations = new Tree().target("t", "wants/a").bundle("a").relations();

        assertThat(Show.edges(relations, "t", "a")).containsExactly("a < t (target t/wants/a)");
    }

    @Test
    void doesNotPutAServiceAfterWhatItWants() {
        Relations relations = new Tree().bundle("s", "wants/a").bundle("a").relations();

        assertThat(Show.edges(relations, "s", "a")).isEmpty();
    }

    @Test
    void yieldsToAnExplicitLinkFromEitherSide() {
        Relations before =
                new Tree().bundle("a", "requires/b", "before/b").bundle("b").relations();
        Relations after =
                new Tree().bundle("a", "requires/b").bundle("b", "after/a").relations();

        assertThat(Show.edges(before, "a", "b")).containsExactly("a < b (a/before/b)");
        assertThat(Show.edges(after, "a", "b")).containsExactly("a < b (b/after/a)");
    }

    @Test
    void takesInAndFollowsTheBundleItConnectsTo() {
        Relations relations = new Tree()
                .bundle("web", "connects/db=127.0.0.1:5432", "connects/cache=/run/cache")
                .bundle("db", "sockets/s=5432", "eager")
                .bundle("cache", "sockets/s=/run/cache")
                .relations();

        assertThat(Show.edges(relations, "web", "db", "cache"))
                .containsExactly("cache < web (connects web/connects/cache)", "db < web (connects web/connects/db)");
        assertThat(Show.start(relations, "web"))
                .containsExactly("1 open cache:s", "1 open db:s", "2 start db", "3 start web");
    }

    @Test
    void prefersTheExactListenerToOneOnAllInterfaces() {
        Relations relations = new Tree()
                .bundle("web", "connects/db=127.0.0.1:5432")
                .bundle("any", "sockets/s=5432")
                .bundle("exact", "sockets/s=127.0.0.1:5432")
                .relations();

        assertThat(Show.edges(relations, "web", "any", "exact"))
                .containsExactly("exact < web (connects web/connects/db)");
    }

    @Test
    void stopsTheLoggerAfterItsProducer() {
        Relations relations =
                new Tree().bundle("web", "log -> web-log").bundle("web-log").relations();

        assertThat(Show.start(relations, "web")).containsExactly("1 start web-log", "2 start web");
        assertThat(Show.stop(relations, Tree.names("web", "web-log"), "web", "web-log"))
                .containsExactly("1 stop web", "2 stop web-log");
    }

    @Test
    void followsTheLowestMountAboveWhatItNeeds() {
        // srv mounts /srv, data mounts /srv/data (so it needs srv); web works in /srv/data/www
        Relations relations = new Tree()
                .bundle("srv", "service/mount=/srv")
                .bundle("data", "service/mount=/srv/data")
                .bundle("web", "service/directory=/srv/data/www")
                .relations();

        assertThat(relations.requires(new usher.bundles.BundleName("web"))).isEqualTo(Tree.names("data"));
        assertThat(Show.start(relations, "web")).containsExactly("1 start srv", "2 start data", "3 start web");
    }

    @Test
    void isAfterTheMountThatItsRootLiesBelow() {
        Relations relations = new Tree()
                .bundle("vol", "service/mount=/srv")
                .bundle("jail", "service/root=/srv/jail")
                .relations();

        assertThat(relations.requires(new usher.bundles.BundleName("jail"))).isEqualTo(Tree.names("vol"));
        assertThat(Show.start(relations, "jail")).containsExactly("1 start vol", "2 start jail");
    }

    @Test
    void opensASocketBelowAMountOnceThatIsUp() {
        Relations relations = new Tree()
                .bundle("run", "service/mount=/m")
                .bundle("web", "sockets/a=8080", "sockets/b=/m/web")
                .relations();

        Plan plan = relations.start(Tree.names("web"), false, Set.of());

        assertThat(Show.steps(plan.steps())).containsExactly("1 open web:a", "2 start run", "3 open web:b");
        assertThat(Show.edges(plan.steps().get(2).after())).containsExactly("run < web (path web/sockets/b)");
        assertThat(Show.stop(relations, Tree.names("run", "web"), "run"))
                .containsExactly("1 stop web", "2 close web:a", "2 close web:b", "3 stop run");
    }

    @Test
    void resolvesAliases() {
        Relations relations = new Tree()
                .bundle("web", "after/database")
                .bundle("db")
                .alias("database", "db")
                .relations();

        assertThat(Show.edges(relations, "web", "db")).containsExactly("db < web (web/after/database)");
    }
}

package usher.bundles;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Service directories as daemontools, s6 and runit have them are bundles as they stand. */
final class PlainDirectoryTest {
    @TempDir
    private Path temporary;

    private Tree tree;

    @BeforeEach
    void makeADirectory() {
        tree = new Tree(temporary.resolve("service"));
    }

    // dns/
    //   run  finish  down  env/IP  root/data  supervise/
    //   log/run  log/main/  log/supervise/
    @Test
    void readsTinydnsWithItsLogger() {
        tree.script("dns/run").script("dns/finish").file("dns/down", "anything").file("dns/env/IP", "127.0.0.1\n");
        tree.file("dns/root/data", "=x").dir("dns/supervise").dir("dns/event").script("dns/log/run");
        tree.dir("dns/log/main").dir("dns/log/supervise").file("dns/timeout-kill", "5000");
        BundleSet set = tree.read();
        assertThat(set.bundles())
                .extracting(Bundle::name)
                .extracting(BundleName::value)
                .containsExactly("dns", "dns.log");
        Bundle dns = tree.read("dns");
        Service service = dns.service().orElseThrow();
        assertThat(dns.problems()).isEmpty();
        assertThat(service.directory()).isEqualTo(tree.path("dns"));
        assertThat(service.scripts()).containsExactly(Service.Script.RUN, Service.Script.FINISH);
        assertThat(service.down()).isTrue();
        assertThat(service.place().root()).isEmpty();
        assertThat(service.timeouts().kill()).isEqualTo(Duration.ofSeconds(5));
        assertThat(service.environment()).containsEntry("IP", Optional.of("127.0.0.1"));
        assertThat(Tree.links(dns)).containsExactly("dns/log -> dns.log");
        Bundle logger = tree.read("dns.log");
        assertThat(logger.directory()).isEqualTo(tree.path("dns/log"));
        assertThat(logger.problems()).isEmpty();
        assertThat(logger.links()).isEmpty();
    }

    @Test
    void readsTheLoggersProblemsWithItsPath() {
        tree.script("dns/run").file("dns/log/run", "").file("dns/log/user", "a b");
        assertThat(tree.read("dns").problems()).isEmpty();
        assertThat(Tree.problems(tree.read("dns.log")))
                .containsExactly(
                        "ERROR dns/log/run: is not executable (mode 0644)",
                        "ERROR dns/log/user: holds \"a b\": one name or one number is wanted, such as nobody or"
                                + " 65534");
    }

    @Test
    void mayHaveRelationsAndSocketsAllTheSame() {
        tree.script("web/run")
                .file("web/sockets/http", "8080")
                .link("web/after/db", "../../db")
                .script("db/run");
        assertThat(tree.read("web").problems()).isEmpty();
        assertThat(tree.read("web").sockets()).hasSize(1);
        assertThat(Tree.links(tree.read("web"))).containsExactly("web/after/db -> db");
    }

    @Test
    void mayLogToABundleThroughALink() {
        tree.script("web/run").script("web-log/run").link("web/log", "../web-log");
        assertThat(Tree.links(tree.read("web"))).containsExactly("web/log -> web-log");
        assertThat(tree.read().bundles()).hasSize(2);
    }

    @Test
    void linksFromAnywhereReachTheLogger() {
        tree.script("dns/run")
                .script("dns/log/run")
                .link("web/after/dns.log", "../../dns.log")
                .link("d.log", "dns.log");
        assertThat(tree.read("web").links()).allMatch(link -> link.missing().isEmpty());
        assertThat(tree.read("d.log").name()).isEqualTo(new BundleName("dns.log"));
    }

    @Test
    void prefersABundleOfTheLoggersName() {
        tree.script("dns/run").script("dns/log/run").script("dns.log/service/run");
        assertThat(tree.read("dns.log").directory()).isEqualTo(tree.path("dns.log"));
        assertThat(Tree.problems(tree.read())).hasSize(1).allMatch(line -> line.startsWith("WARNING dns.log: "));
    }

    @Test
    void wantsALogThatIsALinkOrHasARun() {
        tree.script("dns/run").dir("dns/log");
        assertThat(Tree.problems(tree.read("dns")))
                .containsExactly("ERROR dns/log: must be a symbolic link to the bundle that takes the output, or a"
                        + " directory with an executable run");
    }

    @Test
    void followsALinkIntoTheServiceDirectory() {
        Tree elsewhere = new Tree(temporary.resolve("etc"));
        elsewhere.script("dns/run").script("dns/log/run");
        tree.link("dns", elsewhere.path("dns").toString());
        assertThat(tree.read("dns").directory()).isEqualTo(elsewhere.path("dns"));
        assertThat(tree.read("dns.log").directory()).isEqualTo(elsewhere.path("dns/log"));
    }
}

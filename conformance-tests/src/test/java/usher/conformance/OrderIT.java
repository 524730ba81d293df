package usher.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * What {@code order} prints, which scripts read.
 *
 * <pre>
 * app/      requires/db, after/db, wants/web
 * db/       before nothing, runs eagerly
 * web/      socket http, lazy
 * default/  wants/app
 * other/    wanted by nobody
 * </pre>
 */
final class OrderIT {
    @RegisterExtension
    final Launcher launcher = new Launcher();

    @BeforeEach
    void draw() {
        launcher.bundle("app")
                .runsIdle()
                .link("requires", "db")
                .link("after", "db")
                .link("wants", "web");
        launcher.bundle("db").runsIdle();
        launcher.bundle("web").runsIdle().socket("http", "127.0.0.1:" + launcher.freePort());
        launcher.bundle("default").link("wants", "app");
        launcher.bundle("other").runsIdle();
    }

    private Map<?, ?> order(String... names) {
        List<String> arguments = new ArrayList<>(List.of("order", "--format", "json"));
        arguments.addAll(List.of(names));
        Result order = launcher.usher(arguments.toArray(String[]::new));
        assertThat(order.exit()).as("%s", order).isZero();
        return Json.object(order.out());
    }

    private static List<Map<?, ?>> steps(Map<?, ?> order) {
        List<?> steps = Json.as(List.class, order.get("steps"));
        return steps.stream().<Map<?, ?>>map(step -> Json.as(Map.class, step)).toList();
    }

    private static Map<?, ?> step(Map<?, ?> order, String kind, String bundle) {
        return steps(order).stream()
                .filter(step -> kind.equals(step.get("step")) && bundle.equals(step.get("bundle")))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no step " + kind + " " + bundle + " in " + order));
    }

    private static double number(@Nullable Object value) {
        return Json.as(Double.class, value);
    }

    @Test
    void startsWhatTheDefaultWantsAndNothingElse() {
        Map<?, ?> order = order();

        assertThat(order.get("action")).isEqualTo("start");
        assertThat(order.get("bundles")).isEqualTo(List.of("default"));
        assertThat(order.get("cycles")).isEqualTo(List.of());
        assertThat(steps(order))
                .extracting(step -> String.valueOf(step.get("bundle")))
                .contains("app", "db", "web", "default")
                .doesNotContain("other");
        assertThat(steps(order))
                .as("numbered from 1")
                .extracting(step -> step.get("seq"))
                .first()
                .isEqualTo(1.0);
        assertThat(step(order, "open", "web").get("socket")).isEqualTo("http");
        assertThat(step(order, "open", "web").get("address")).asString().startsWith("tcp:127.0.0.1:");
    }

    @Test
    void saysWhatEachStepWaitsForAndWhy() {
        Map<?, ?> order = order("app");

        Map<?, ?> app = step(order, "start", "app");
        assertThat(app.get("after")).asString().contains("{bundle=db, reason=explicit, source=app/after/db}");
        assertThat(number(app.get("wave")))
                .isGreaterThan(number(step(order, "start", "db").get("wave")));
        assertThat(number(app.get("seq")))
                .isGreaterThan(number(step(order, "start", "db").get("seq")));
    }

    @Test
    void leavesTheLazyDaemonToItsFirstPeer() {
        Map<?, ?> order = order("web");

        assertThat(steps(order))
                .extracting(step -> String.valueOf(step.get("step")))
                .containsExactly("open");
        assertThat(order.get("lazy")).asString().contains("bundle=web").contains("on=[http]");
    }

    @Test
    void printsTheSameBytesEveryTimeAndNamesEveryBundleInText() {
        Result first = launcher.usher("order");
        Result second = launcher.usher("order");

        assertThat(second.out()).isEqualTo(first.out()).contains("app", "db", "web");
        assertThat(first.out().indexOf("db")).isLessThan(first.out().indexOf("app"));
    }

    @Test
    void startsWhatIsEagerAsRunDoesAlthoughOnlyALazyBundleRequiresIt() {
        launcher.bundle("web").link("requires", "ready");
        launcher.bundle("ready").runsIdle().flag("service/eager").socket("tcp", "127.0.0.1:" + launcher.freePort());

        Map<?, ?> order = order("web");
        launcher.run("web");

        assertThat(launcher.awaitState("ready", "up").starts()).isOne();
        assertThat(launcher.status("web").starts()).isZero();
        assertThat(step(order, "start", "ready")).isNotEmpty();
    }
}

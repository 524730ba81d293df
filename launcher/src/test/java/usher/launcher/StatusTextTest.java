package usher.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import usher.activation.ExitStatus;
import usher.bundles.BundleName;

final class StatusTextTest {
    private static final Instant NOW = Instant.parse("2026-03-04T05:06:07.008900Z");

    private static final BundleStatus WEB =
            bundle("web", State.UP, 5).withPid(4242, 7).of();
    private static final BundleStatus GREETER =
            bundle("größer", State.UP, 3600).withInstances(3, 90).of();
    private static final BundleStatus DB = bundle("db", State.BACKOFF, 1)
            .withStarts(12)
            .withLastExit(ExitStatus.signal(9))
            .withNextTry(30, "ended at once")
            .of();
    private static final BundleStatus IDLE = bundle("idle", State.LISTENING, 90_000)
            .withLastExit(ExitStatus.exit(0))
            .of();

    @Test
    void alignsWhatItSaysOfBundles() {
        assertThat(StatusText.bundles(List.of(DB, GREETER, IDLE, WEB), NOW, Paint.NONE))
                .isEqualTo("""
                BUNDLE  STATE      SINCE  PID        STARTS  LAST EXIT
                db      backoff    1s     -          12      signal KILL    ended at once; next try in 30s
                größer  up         1h 0m  3 running  90      -
                idle    listening  1d 1h  -          0       exit status 0
                web     up         5s     4242       7       -
                """);
    }

    @Test
    void coloursStatesOnATerminalWithoutMovingColumns() {
        String coloured = StatusText.bundles(List.of(DB, WEB), NOW, new Paint(true));
        assertThat(coloured).contains("\033[33mbackoff\033[0m").contains("\033[32mup\033[0m");
        assertThat(coloured.replaceAll("\033\\[[0-9]*m", ""))
                .isEqualTo(StatusText.bundles(List.of(DB, WEB), NOW, Paint.NONE));
    }

    @Test
    void saysTheSameInJson() {
        assertThat(StatusJson.bundles(List.of(DB, IDLE, WEB))).isEqualTo("""
                {"bundles":[{"name":"db","state":"backoff","pid":null,"instances":0,"since":"2026-03-04T05:06:06.008Z",\
                "starts":12,"lastExit":{"signal":"KILL"},"nextTry":"2026-03-04T05:06:37.008Z","enabled":true,\
                "detail":"ended at once","containment":"session"},
                  {"name":"idle","state":"listening","pid":null,"instances":0,"since":"2026-03-03T04:06:07.008Z",\
                "starts":0,"lastExit":{"exit":0},"nextTry":null,"enabled":true,"detail":"","containment":"session"},
                  {"name":"web","state":"up","pid":4242,"instances":1,"since":"2026-03-04T05:06:02.008Z",\
                "starts":7,"lastExit":null,"nextTry":null,"enabled":true,"detail":"","containment":"session"}]}
                """);
    }

    @Test
    void saysWhenTheKernelNoLongerKnewHowItEnded() {
        BundleStatus lost =
                bundle("lost", State.DOWN, 0).withLastExit(ExitStatus.unknown()).of();
        assertThat(StatusJson.bundles(List.of(lost))).contains("\"lastExit\":{\"unknown\":true}");
    }

    @Test
    void listeningCountsAsUpAndBackOffDoesNot() {
        assertThat(BundleStatus.exitStatus(List.of(WEB, IDLE))).isEqualTo(Exit.DONE);
        assertThat(BundleStatus.exitStatus(List.of(WEB, DB))).isEqualTo(Exit.NOT_UP);
    }

    @Test
    void alignsWhatItSaysOfSockets() {
        List<SocketStatus> sockets = List.of(
                new SocketStatus("tcp:8080", new BundleName("web"), "http", "www", "listening", 12, 3, ""),
                new SocketStatus(
                        "unix:/run/x.sock", new BundleName("x"), "x", "x", "waiting", 0, 0, "no such interface"));
        assertThat(StatusText.sockets(sockets, Paint.NONE)).isEqualTo("""
                ADDRESS           BUNDLE  SOCKET  DESCRIPTOR  STATE      TAKEN  REFUSED
                tcp:8080          web     http    www         listening  12     3
                unix:/run/x.sock  x       x       x           waiting    0      0        no such interface
                """);
        assertThat(StatusJson.sockets(sockets)).isEqualTo("""
                {"sockets":[{"address":"tcp:8080","bundle":"web","socket":"http","fdName":"www","state":"listening",\
                "taken":12,"refused":3,"detail":""},
                  {"address":"unix:/run/x.sock","bundle":"x","socket":"x","fdName":"x","state":"waiting",\
                "taken":0,"refused":0,"detail":"no such interface"}]}
                """);
    }

    @Test
    void tellsSpansInTheirTwoLargestUnits() {
        assertThat(List.of(-5, 0, 59, 60, 3599, 3600, 86_399, 86_400, 900_000))
                .extracting(seconds -> StatusText.span(Duration.ofSeconds(seconds)))
                .containsExactly("0s", "0s", "59s", "1m 0s", "59m 59s", "1h 0m", "23h 59m", "1d 0h", "10d 10h");
    }

    @Test
    void theBannerSaysWhatToTry() {
        List<SocketStatus> sockets = List.of(
                new SocketStatus("tcp:127.0.0.1:8080", new BundleName("web"), "http", "http", "listening", 0, 0, ""));
        BundleStatus failed = bundle("db", State.FAILED, 0)
                .withDetail("run: permission denied")
                .of();
        List<String> options = List.of("--run-dir", "/tmp/my run");

        assertThat(Banner.text(List.of(failed, WEB), sockets, options, Paint.NONE))
                .isEqualTo("""
                usher is up and listens on

                  tcp:127.0.0.1:8080  web (http)

                not up:

                  db  failed: run: permission denied

                To try, in another terminal:

                  usher --run-dir '/tmp/my run' status       what is up, what waits for traffic
                  usher --run-dir '/tmp/my run' sockets      every socket, and who has it
                  usher --run-dir '/tmp/my run' logs -f web  what web prints
                  usher --run-dir '/tmp/my run' shutdown     stop everything, close the sockets

                Control-C here does the same as shutdown.
                """);
    }

    private static Draft bundle(String name, State state, long seconds) {
        BundleName bundle = new BundleName(name);
        Instant since = NOW.minusSeconds(seconds);
        return new Draft(new BundleStatus(
                bundle,
                state,
                OptionalLong.empty(),
                0,
                since,
                0,
                Optional.empty(),
                Optional.empty(),
                true,
                "",
                "session"));
    }

    private record Draft(BundleStatus of) {
        Draft with(OptionalLong pid, int instances, int starts, String detail) {
            return new Draft(new BundleStatus(
                    of.name(),
                    of.state(),
                    pid,
                    instances,
                    of.since(),
                    starts,
                    of.lastExit(),
                    of.nextTry(),
                    true,
                    detail,
                    of.containment()));
        }

        Draft withPid(long pid, int starts) {
            return with(OptionalLong.of(pid), 1, starts, of.detail());
        }

        Draft withInstances(int instances, int starts) {
            return with(OptionalLong.empty(), instances, starts, of.detail());
        }

        Draft withStarts(int starts) {
            return with(of.pid(), of.instances(), starts, of.detail());
        }

        Draft withDetail(String detail) {
            return with(of.pid(), of.instances(), of.starts(), detail);
        }

        Draft withLastExit(ExitStatus exit) {
            return new Draft(new BundleStatus(
                    of.name(),
                    of.state(),
                    of.pid(),
                    of.instances(),
                    of.since(),
                    of.starts(),
                    Optional.of(exit),
                    of.nextTry(),
                    true,
                    of.detail(),
                    of.containment()));
        }

        Draft withNextTry(long seconds, String detail) {
            return new Draft(new BundleStatus(
                    of.name(),
                    of.state(),
                    of.pid(),
                    of.instances(),
                    of.since(),
                    of.starts(),
                    of.lastExit(),
                    Optional.of(NOW.plusSeconds(seconds)),
                    true,
                    detail,
                    of.containment()));
        }
    }
}

package usher.bundles;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SocketsTest {
    @TempDir
    private Path temporary;

    private Tree tree;

    @BeforeEach
    void makeADaemon() {
        tree = new Tree(temporary.resolve("bundles"));
        tree.script("web/service/run");
    }

    private List<ListeningSocket> sockets() {
        return tree.read("web").sockets();
    }

    private List<String> problems() {
        return Tree.problems(tree.read("web"));
    }

    @Test
    void readsTheShortForm() {
        tree.file("web/sockets/http", "127.0.0.1:8080\n");
        assertThat(problems()).isEmpty();
        assertThat(sockets())
                .containsExactly(new ListeningSocket(
                        "http",
                        "web/sockets/http",
                        Address.parse("127.0.0.1:8080").orElseThrow(),
                        false,
                        ListeningSocket.Handover.LISTEN_FDS,
                        "http",
                        false,
                        ListeningSocket.Connections.DEFAULT,
                        SocketOptions.NONE,
                        ListeningSocket.Node.DEFAULT));
        assertThat(tree.read("web").isLazy()).isTrue();
    }

    @Test
    void ordersSocketsByTheBytesOfTheirNames() {
        tree.file("web/sockets/b", "2").file("web/sockets/B", "1").file("web/sockets/a-1", "3");
        tree.file("web/sockets/.skipped", "4").file("web/sockets/old~", "5");
        assertThat(sockets()).extracting(ListeningSocket::name).containsExactly("B", "a-1", "b");
    }

    @Test
    void readsEveryAttributeOfTheLongForm() {
        String at = "web/sockets/x/";
        tree.file(at + "listen", "tcp:8080\n").file(at + "accept", "").file(at + "handover", "listen-fds\n");
        tree.file(at + "fd-name", "main").file(at + "optional", "yes").file(at + "max-connections", "10");
        tree.file(at + "max-connections-per-source", "2")
                .file(at + "allow", "10.0.0.0/8\n")
                .file(at + "deny", "::/0");
        tree.file(at + "rate-limit", "20/1s").file(at + "log-connections", "").file(at + "backlog", "5");
        tree.file(at + "bind-ipv6-only", "ipv6-only")
                .file(at + "bind-to-device", "lo")
                .file(at + "free-bind", "");
        tree.file(at + "transparent", "on").file(at + "reuse-port", "1").file(at + "no-delay", "true");
        tree.file(at + "keep-alive", "").file(at + "keep-alive-time", "60s").file(at + "keep-alive-interval", "2m");
        tree.file(at + "keep-alive-probes", "3").file(at + "defer-accept", "5s").file(at + "priority", "6");
        tree.file(at + "mark", "0xffffffff").file(at + "ip-tos", "low-delay").file(at + "ip-ttl", "64");
        tree.file(at + "receive-buffer", "64K").file(at + "send-buffer", "1M").file(at + "pass-credentials", "no");
        tree.file(at + "pass-packet-info", "off").file(at + "broadcast", "0").file(at + "tcp-congestion", "cubic");
        assertThat(problems()).isEmpty();
        ListeningSocket socket = sockets().get(0);
        assertThat(socket.source()).isEqualTo("web/sockets/x/listen");
        assertThat(socket.handover()).isEqualTo(ListeningSocket.Handover.LISTEN_FDS);
        assertThat(socket.fdName()).isEqualTo("main");
        assertThat(socket.optional()).isTrue();
        assertThat(socket.connections().toString())
                .isEqualTo("Connections[max=10, maxPerSource=OptionalInt[2], allow=[10.0.0.0/8], deny=[::/0],"
                        + " rateLimit=Optional[Rate[connections=20, per=PT1S]], log=true]");
        assertThat(socket.options())
                .isEqualTo(new SocketOptions(
                        OptionalInt.of(5),
                        SocketOptions.BindIpv6Only.IPV6_ONLY,
                        Optional.of("lo"),
                        true,
                        true,
                        true,
                        true,
                        true,
                        Optional.of(Duration.ofSeconds(60)),
                        Optional.of(Duration.ofMinutes(2)),
                        OptionalInt.of(3),
                        Optional.of(Duration.ofSeconds(5)),
                        OptionalInt.of(6),
                        OptionalInt.of(-1),
                        OptionalInt.of(16),
                        OptionalInt.of(64),
                        OptionalInt.of(65536),
                        OptionalInt.of(1 << 20),
                        OptionalInt.empty(),
                        false,
                        false,
                        false,
                        Optional.of("cubic")));
    }

    @Test
    void readsHowANodeIsMade() {
        String at = "web/sockets/x/";
        tree.file(at + "listen", "/run/web.sock").file(at + "user", "www").file(at + "group", "33");
        tree.file(at + "mode", "0660").file(at + "directory-mode", "700").file(at + "remove-on-stop", "");
        tree.file(at + "symlinks/old", "/run/old.sock\n");
        assertThat(problems()).isEmpty();
        assertThat(sockets().get(0).node())
                .isEqualTo(new ListeningSocket.Node(
                        Optional.of("www"), Optional.of("33"), 0660, 0700, true, List.of("/run/old.sock")));
    }

    @Test
    void handsOverOnStdinWithAccept() {
        tree.file("web/sockets/x/listen", "8080").file("web/sockets/x/accept", "");
        assertThat(sockets().get(0).handover()).isEqualTo(ListeningSocket.Handover.STDIN);
        assertThat(tree.read("web").isPerConnection()).isTrue();
    }

    @Test
    void reportsWhatIsWrongWithASocket() {
        tree.file("web/sockets/bad", "80x80\n").file("web/sockets/none/accept", "");
        tree.file("web/sockets/empty", "").file("web/sockets/two", "80\n81\n");
        tree.file("web/sockets/a:b", "80").file("web/sockets/ok/listen", "81").file("web/sockets/ok/acept", "");
        tree.file("web/sockets/ok/keep-alive-time", "60").file("web/sockets/ok/mode", "rw");
        assertThat(problems())
                .containsExactly(
                        "ERROR web/sockets/a:b: holds \"80\": a descriptor's name is 1 to 255 ASCII characters without"
                                + " a colon",
                        "ERROR web/sockets/bad: holds \"80x80\": /etc/services knows no tcp port named 80x80",
                        "ERROR web/sockets/empty: holds nothing: " + Addresses.EXAMPLES,
                        "ERROR web/sockets/none: holds no file listen, so has no address",
                        "WARNING web/sockets/ok/acept: is not read: there is no setting of this name",
                        "ERROR web/sockets/ok/keep-alive-time: holds \"60\": the kernel counts this in whole seconds,"
                                + " so at least 1s is wanted, such as 90s (a bare number is milliseconds)",
                        "ERROR web/sockets/ok/mode: holds \"rw\": permissions are octal digits from 0 to 0777, such as"
                                + " 0660",
                        "WARNING web/sockets/ok/mode: has no effect on tcp:81: it is for Unix sockets with a path and"
                                + " for FIFOs",
                        "ERROR web/sockets/two: holds \"80\\n81\": one line is wanted");
    }

    @Test
    void wantsConnectionsForAccept() {
        tree.file("web/sockets/d/listen", "udp:53").file("web/sockets/d/accept", "");
        tree.file("web/sockets/f/listen", "fifo:/run/f").file("web/sockets/f/accept", "");
        assertThat(problems())
                .contains(
                        "ERROR web/sockets/d/accept: a process per connection needs connections, and udp:53 has none",
                        "ERROR web/sockets/f/accept: a process per connection needs connections, and fifo:/run/f has"
                                + " none");
    }

    @Test
    void doesNotMixAcceptWithOtherSockets() {
        tree.file("web/sockets/a/listen", "1").file("web/sockets/a/accept", "").file("web/sockets/b", "2");
        assertThat(problems())
                .containsExactly("ERROR web/sockets: mixes sockets with accept (a) and without it (b), and one run"
                        + " cannot serve both");
    }

    @Test
    void hasRoomForOneSocketOnStdin() {
        tree.file("web/sockets/a/listen", "1").file("web/sockets/a/handover", "stdin");
        assertThat(problems()).isEmpty();
        tree.file("web/sockets/b", "2");
        assertThat(problems())
                .containsExactly("ERROR web/sockets/a/handover: hands a over on descriptor 0, where there is room for"
                        + " one socket, but the bundle has 2");
    }

    @Test
    void holdsDaemonsThatAcceptThemselvesToNoLimits() {
        tree.file("web/sockets/a/listen", "1")
                .file("web/sockets/a/allow", "::1")
                .file("web/sockets/a/deny", "::/0");
        tree.file("web/sockets/a/rate-limit", "1/1s").file("web/sockets/a/max-connections", "5");
        tree.file("web/sockets/a/max-connections-per-source", "5");
        assertThat(tree.read("web").problems())
                .hasSize(5)
                .allMatch(Problem::isError)
                .extracting(Problem::source)
                .allMatch(source -> source.startsWith("web/sockets/a/"));
    }

    @Test
    void keepsTheNotificationDescriptorApartFromThoseThatArePassed() {
        tree.file("web/sockets/a", "1").file("web/sockets/b", "2");
        for (int fd = 0; fd < 5; fd++) {
            tree.file("web/service/notification-fd", Integer.toString(fd));
            assertThat(problems())
                    .as("descriptor " + fd)
                    .hasSize(1)
                    .allMatch(line -> line.startsWith("ERROR web/service/notification-fd: holds \""));
        }
        tree.file("web/service/notification-fd", "5");
        assertThat(problems()).isEmpty();
    }

    @Test
    void wantsARunForItsSockets() {
        tree.file("lonely/sockets/a", "1").script("once/service/start").file("once/sockets/a", "2");
        for (String name : List.of("lonely", "once")) {
            assertThat(Tree.problems(tree.read(name)))
                    .containsExactly("ERROR " + name + "/sockets: listens, but there is no run that could serve those"
                            + " who connect");
        }
    }

    @Test
    void listensOnAnAddressOnce() {
        tree.file("web/sockets/a", "127.0.0.1:80").file("web/sockets/b", "tcp:127.0.0.1:http");
        assertThat(problems())
                .containsExactly("ERROR web/sockets/b: holds tcp:127.0.0.1:80, where web/sockets/a listens already");
        tree.file("web/sockets/c", "udp:127.0.0.1:80");
        assertThat(problems()).hasSize(1);
    }

    /** As the kernel has it: all who share a port must be willing to. */
    @Test
    void sharesAnAddressOnlyIfAllWantTo() {
        tree.file("web/sockets/a", "127.0.0.1:80");
        tree.file("web/sockets/b/listen", "127.0.0.1:80").file("web/sockets/b/reuse-port", "");
        assertThat(problems())
                .containsExactly(
                        "ERROR web/sockets/b/listen: holds tcp:127.0.0.1:80, where web/sockets/a listens already");
    }

    @Test
    void allowsNobodyWhereNobodyIsNamed() {
        tree.file("web/sockets/a/listen", "127.0.0.1:80").file("web/sockets/a/accept", "");
        tree.file("web/sockets/a/allow", "# nobody yet");
        assertThat(problems()).containsExactly("WARNING web/sockets/a/allow: names nobody, so nobody may connect");

        assertThat(tree.read("web").sockets().get(0).connections().deny())
                .extracting(Prefix::toString)
                .containsExactly("0.0.0.0/0", "::/0");
    }

    @Test
    void warnsOfALinkLocalAddressWithoutInterface() {
        tree.file("web/sockets/a", "[fe80::1]:80").file("web/sockets/b", "[fe80::1]:81" + '%' + "lo");
        assertThat(problems())
                .containsExactly("WARNING web/sockets/a: holds tcp:[fe80::1]:80: a link-local address means nothing"
                        + " without an interface");
    }

    /** A bundle may be called service, and a plain directory has its settings at its top. */
    @Test
    void namesTheFileThatIsWrongWhereverTheSettingsLie() {
        for (String name : List.of("service", "other")) {
            tree.script(name + "/service/run");
            tree.file(name + "/sockets/s", "127.0.0.1:1").file(name + "/service/notification-fd", "3");
            assertThat(Tree.problems(tree.read(name)))
                    .hasSize(1)
                    .allMatch(line -> line.startsWith("ERROR " + name + "/service/notification-fd: holds"));
        }
        tree.script("plain/run");
        tree.file("plain/sockets/s", "127.0.0.1:1").file("plain/notification-fd", "3");
        assertThat(Tree.problems(tree.read("plain")))
                .hasSize(1)
                .allMatch(line -> line.startsWith("ERROR plain/notification-fd: holds"));
    }

    @Test
    void aPathIsListenedOnOnceInWhateverWay() {
        tree.file("web/sockets/a", "/run/x").file("web/sockets/b", "unix-dgram:/run/x");
        tree.file("web/sockets/c", "fifo:/run/x").file("web/sockets/d", "@x").file("web/sockets/e", "unix-dgram:@x");
        assertThat(problems()).hasSize(2).allMatch(line -> line.endsWith("where web/sockets/a listens already"));
    }
}

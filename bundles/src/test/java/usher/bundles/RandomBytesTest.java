package usher.bundles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * No bytes whatever make a reader throw anything, take for ever, or pass over in silence what it does not understand.
 *
 * <p>{@code -Dusher.seed=N} repeats a run, {@code -Dusher.inputs=N} has N inputs of each kind instead of the default.
 */
@Timeout(value = 3, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class RandomBytesTest {
    private static final long SEED = Long.getLong("usher.seed", 20261122L);

    private static final String[] ADDRESS_PIECES = {
        "tcp:",
        "udp:",
        "unix:",
        "unix-dgram:",
        "unix-seqpacket:",
        "fifo:",
        "netlink:",
        "vsock:",
        "[",
        "]",
        "]:",
        "::",
        ":",
        "1.2.3.4",
        "127.0.0.1",
        "ffff",
        "fe80",
        "::ffff:",
        "eth0",
        "route",
        "kobject-uevent 1",
        "8080",
        "http",
        "1"
    };

    private static final String[] ADDRESSES = {
        "8080",
        "127.0.0.1:8080",
        "[::1]:8080",
        "udp:53",
        "tcp:[fe80::1]:80" + '%' + "eth0",
        "/run/x.sock",
        "@name",
        "unix-dgram:/run/x",
        "unix-seqpacket:@x",
        "fifo:/run/x",
        "netlink:kobject-uevent 1",
        "vsock:3:22",
        "vsock::22",
        "[2001:db8:0:0:1::192.0.2.1]:http"
    };

    private static final String[] ATTRIBUTE_PIECES = {
        "yes",
        "off",
        "K",
        "G",
        "ms",
        "s",
        "h",
        "20",
        "/",
        "1s",
        "unlimited",
        "infinity",
        "SIG",
        "TERM",
        "RTMIN+",
        "RTMAX-",
        "0x",
        "ffff",
        "10.0.0.0/8",
        "::/0",
        "\n",
        "low-delay",
        "root",
        "0660",
        "-"
    };

    private static final String[] ATTRIBUTES = {
        "yes",
        "500ms",
        "90s",
        "65535",
        "0xffffffff",
        "64K",
        "0660",
        "www-data",
        "1024:4096",
        "unlimited",
        "20/1s",
        "low-delay",
        "SIGTERM",
        "RTMIN+3",
        "10.0.0.0/8\n2001:db8::/32 # two\n",
        "/run/./x//y",
        "max-conections"
    };

    private static final String[] INETD_PIECES = {
        "ftp",
        "echo",
        "time",
        "stream",
        "dgram",
        "raw",
        "tcp",
        "udp6",
        "tcp46",
        "unix",
        "rpc/udp",
        "wait",
        "nowait",
        ".60",
        "/40/20/5",
        "root",
        ".nogroup",
        "/sbin/x",
        "internal",
        " ",
        "\t",
        "\n",
        "\n ",
        "#",
        "#<off># ",
        "#@ in",
        "127.0.0.1:",
        "*:",
        "/run/x.sock",
        "tcpmux/+",
        ",sndbuf=16k",
        "2121"
    };

    private static final String[] INETD = {
        "ftp stream tcp nowait root /usr/sbin/in.ftpd in.ftpd -l -a\n",
        "tftp\tdgram\tudp\twait\tnobody.nogroup\t/usr/sbin/tcpd\tin.tftpd --secure \"/srv/t ftp\"\n",
        "echo stream tcp nowait root internal\ntime dgram udp wait root internal\n",
        "127.0.0.1,[::1]:2121 stream tcp nowait/40/20/5 www:www/daemon /x 'y z'\n  -more\n\t-args\n",
        "#<off># telnet stream tcp nowait telnetd /usr/sbin/tcpd in.telnetd\n#@ in ipsec\n#@\n",
        "localhost:\n21 stream tcp6 nowait.60 root /x x\n:www:www:660:/run/x.sock stream unix wait root /x x\n",
    };

    private static final String[] XINETD_PIECES = {
        "service ",
        "defaults",
        "\n{\n",
        "\n}\n",
        " = ",
        " += ",
        " -= ",
        "=",
        "\n",
        " ",
        "wait",
        "no",
        "yes",
        "user",
        "server",
        "only_from",
        "no_access",
        "cps",
        "flags",
        "env",
        "passenv",
        "type",
        "INTERNAL",
        "UNLISTED",
        "port",
        "instances",
        "UNLIMITED",
        "bind",
        "rlimit_as",
        "nice",
        "umask",
        "log_on_success",
        "disable",
        "redirect",
        "include /x",
        "IPv6"
    };

    private static final String[] XINETD = {
        "defaults\n{\n instances = 60\n cps = 25 30\n only_from = 127.0.0.1 10.{1,2} .example.org\n disabled = x\n}\n",
        "service ftp\n{\n socket_type = stream\n wait = no\n user = root\n server = /usr/sbin/in.ftpd\n server_args = -l"
                + "\n}\n",
        "service time\n{\n type = INTERNAL\n id = t-d\n socket_type = dgram\n protocol = udp\n wait = yes\n}\n",
        "service x\n{\n type = UNLISTED\n port = 2121\n socket_type = stream\n wait = no\n server = /x\n flags = IPv6"
                + " NAMEINARGS NODELAY\n server_args = a b\n env = A=b C=\n passenv = PATH\n nice = -5\n umask = 027\n}\n",
        "service y\n{\n port = 1\n socket_type=stream\n wait=no\n server=/y\n bind = ::1\n no_access = 192.0.2.0/24"
                + " 1.2.3.4/255.255.0.0\n only_from += 2001:db8::/32\n rlimit_as = 8M\n log_on_success = HOST\n}\n"
    };

    private final Random random = new Random(SEED);

    /** One input, and whether it meant anything. */
    private interface Reader {
        boolean read(byte[] input) throws IOException;
    }

    /** Says in the test's output how many inputs there were of a kind, and how many of them meant something. */
    private static void all(String kind, int count, RandomInputs inputs, Reader reader) {
        int number = Integer.getInteger("usher.inputs", count);
        int understood = 0;
        for (int i = 0; i < number; i++) {
            byte[] input = inputs.next();
            try {
                understood += reader.read(input) ? 1 : 0;
            } catch (IOException | RuntimeException | AssertionError e) {
                String text = new String(input, StandardCharsets.ISO_8859_1);
                fail(
                        kind + ", seed " + SEED + ", input " + i + ": " + Shown.quoted(text) + ", all of it: "
                                + Shown.name(text),
                        e);
            }
        }
        System.out.println(
                "random bytes, seed " + SEED + ": " + number + " " + kind + ", " + understood + " understood");
        assertThat(understood)
                .as("inputs that meant something, seed %d", SEED)
                .isBetween(number / 1000 + 1, number - 1);
    }

    private static String text(byte[] input) {
        return new String(input, StandardCharsets.UTF_8);
    }

    @Test
    void addressesAreReadOrRefused() {
        all("addresses", 350_000, new RandomInputs(random, ADDRESS_PIECES, ADDRESSES), input -> {
            try {
                String form = Addresses.parse(text(input)).toString();
                if (!Addresses.parse(form).toString().equals(form)) {
                    fail("its form is " + form);
                }
                return true;
            } catch (BadValue e) {
                return refused(e);
            }
        });
    }

    @Test
    void attributesAreReadOrRefused() {
        all("attributes", 350_000, new RandomInputs(random, ATTRIBUTE_PIECES, ATTRIBUTES), input -> {
            try {
                attribute(random.nextInt(15), text(input));
                return true;
            } catch (BadValue e) {
                return refused(e);
            }
        });
    }

    private static boolean refused(BadValue value) {
        if (value.isReported()) {
            fail("no reason is given");
        }
        return false;
    }

    private static Object attribute(int kind, String text) throws BadValue {
        return switch (kind) {
            case 0 -> Values.flag(text);
            case 1 -> Values.duration(text);
            case 2 -> Values.number(text, 0, Integer.MAX_VALUE);
            case 3 -> Values.word(text);
            case 4 -> Values.size(text, 1, Integer.MAX_VALUE);
            case 5 -> Values.mode(text);
            case 6 -> Values.account(text);
            case 7 -> Values.limit(text);
            case 8 -> Values.rate(text);
            case 9 -> Values.typeOfService(text);
            case 10 -> Values.signal(text);
            case 11 -> Values.descriptorName(text);
            case 12 -> Prefix.parseLines(text);
            case 13 -> Paths.absolute(text);
            default -> Shown.quoted(text) + Shown.name(text) + Spelling.nearest(text, ServiceReader.SETTINGS);
        };
    }

    /** The files of a bundle, read as {@code usher check} reads them: 16 of them random. */
    @Test
    void filesOfABundleAreReadOrReported(@TempDir Path directory) {
        RandomInputs inputs = new RandomInputs(random, ATTRIBUTE_PIECES, ATTRIBUTES);
        List<String> service = ServiceReader.SETTINGS.stream()
                .filter(name -> !List.of("env", "finish", "limits", "run", "start", "stop")
                        .contains(name))
                .toList();
        List<String> socket = SocketReader.ATTRIBUTES.stream()
                .filter(name -> !List.of("listen", "symlinks").contains(name))
                .toList();
        int[] number = {0};
        all("bundles of 16 random files", 1_000, inputs, input -> {
            Tree tree = new Tree(directory.resolve(Integer.toString(number[0]++)));
            tree.script("x/service/run").file("x/sockets/s/listen", ADDRESSES[random.nextInt(ADDRESSES.length)]);
            String first = socket.get(random.nextInt(socket.size()));
            for (int i = 0; i < 7; i++) {
                tree.file("x/service/" + service.get(random.nextInt(service.size())), inputs.next());
                tree.file("x/sockets/s/" + socket.get(random.nextInt(socket.size())), inputs.next());
            }
            tree.file("x/sockets/s/" + first, input);
            tree.file("x/service/env/E", inputs.next()).file("x/service/limits/nofile", inputs.next());
            return tree.read("x").problems().stream()
                    .noneMatch(problem -> problem.source().endsWith("/" + first));
        });
    }

    @Test
    void inetdFilesAreTranslatedOrReported() {
        all("inetd files", 200_000, new RandomInputs(random, INETD_PIECES, INETD), input -> {
            SourceText source = SourceText.of("fuzz", input);
            Set<String> answered = new HashSet<>();
            int drafts = check(Importer.From.INETD, source, answered);
            for (InetdLines.Entry entry : InetdLines.of(source, new Remarks())) {
                boolean setsHosts =
                        entry.words().size() == 1 && entry.words().get(0).endsWith(":");
                boolean endsPolicy = entry.policy() && entry.words().get(0).isEmpty();
                if (!setsHosts
                        && !endsPolicy
                        && !answered.contains(entry.origin().toString())) {
                    fail("line " + entry.origin() + " is dropped in silence");
                }
            }
            return drafts > 0;
        });
    }

    @Test
    void xinetdFilesAreTranslatedOrReported() {
        all("xinetd files", 200_000, new RandomInputs(random, XINETD_PIECES, XINETD), input -> {
            SourceText source = SourceText.of("fuzz", input);
            Set<String> answered = new HashSet<>();
            int drafts = check(Importer.From.XINETD, source, answered);
            for (XinetdBlocks.Block block : XinetdBlocks.of(source, new Remarks())) {
                if (!block.name().isEmpty() && !answered.contains(block.origin().toString())) {
                    fail("service " + block.origin() + " is dropped in silence");
                }
            }
            return drafts > 0;
        });
    }

    /** How many bundles there are; what lines they and the problems come from is added to a set. */
    private static int check(Importer.From from, SourceText source, Set<String> answered) {
        Importer importer = new Importer(Ports.system());
        importer.read(from, source);
        Set<String> names = new HashSet<>();
        for (DraftedBundle draft : importer.drafts()) {
            answered.add(draft.origin().toString());
            boolean good = BundleName.isValid(draft.name()) && names.add(draft.name());
            for (String path : draft.files().keySet()) {
                good &= !path.startsWith("/") && !("/" + path + "/").contains("/../") && path.indexOf('\0') < 0;
            }
            if (!good) {
                fail("bundle " + draft.name() + " of " + draft.files().keySet());
            }
        }
        for (Problem problem : importer.problems()) {
            answered.add(problem.source());
        }
        return importer.drafts().size();
    }

    /** What is drafted is fit to be written, or refused with a reason; nothing is left over. */
    @ParameterizedTest
    @EnumSource(Importer.From.class)
    void filesAreWrittenWholeOrReported(Importer.From from, @TempDir Path directory) {
        boolean inetd = from == Importer.From.INETD;
        RandomInputs inputs = new RandomInputs(random, inetd ? INETD_PIECES : XINETD_PIECES, inetd ? INETD : XINETD);
        Path file = directory.resolve("conf");
        int[] number = {0};
        all(from + " files on disk", 400, inputs, input -> {
            Path into = directory.resolve("into-" + number[0]++);
            // An include of random text might lead anywhere on this machine.
            String safe = new String(input, StandardCharsets.ISO_8859_1).replace("include", "exclude");
            Files.write(file, safe.getBytes(StandardCharsets.ISO_8859_1));
            Importer.Result result = Importer.run(from, List.of(file), into);
            BundleSet read = new SearchPath(List.of(into)).read(new SearchPath.Trust(Tree.SELF, false));
            assertThat(into.toFile().list()).hasSize(result.made().size());
            assertThat(read.bundles()).hasSize(result.made().size());
            assertThat(read.bundles())
                    .allSatisfy(bundle -> assertThat(bundle.problems()).noneMatch(Problem::isError));
            return !result.made().isEmpty();
        });
    }

    /** As large as a file may be, and made to hurt whoever goes over it again and again. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "#",
                " ",
                "'",
                "\n ",
                "x ",
                ",",
                "#<off>",
                "env += A=b\n",
                "env -= A=b\n",
                "only_from += 1.{2,3}\n",
                "}\n",
                "service a\n{\n}\n",
                "service a\n{\nport=1\nwait=no\nsocket_type=stream\nserver=/x\n}\n",
                "a stream tcp nowait root /x\n",
                "21 stream tcp nowait root /x\n",
                "/a stream unix nowait root /x\n"
            })
    void largeFilesTakeLittleTime(String piece) {
        byte[] text = ("service a\n{\n".repeat(piece.contains("+=") || piece.contains("-=") ? 1 : 0)
                        + piece.repeat((1 << 20) / piece.length()))
                .getBytes(StandardCharsets.UTF_8);
        for (Importer.From from : Importer.From.values()) {
            long start = System.nanoTime();
            check(from, SourceText.of("large", text), new HashSet<>());
            assertThat(System.nanoTime() - start)
                    .as("nanoseconds for a megabyte of %s", Shown.quoted(piece))
                    .isLessThan(TimeUnit.SECONDS.toNanos(20));
        }
    }
}

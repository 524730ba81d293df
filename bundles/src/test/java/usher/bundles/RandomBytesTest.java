package usher.bundles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** No bytes whatever make a parser throw anything but the complaint it is to throw. */
final class RandomBytesTest {
    private static final long SEED = Long.getLong("usher.seed", 20261122L);
    private static final int INPUTS = Integer.getInteger("usher.inputs", 500_000);

    /** Pieces that get past the first checks, so that the later ones are reached. */
    private static final String[] PIECES = {
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
        "%",
        "@",
        "/",
        ".",
        "..",
        "0",
        "1",
        "255",
        "256",
        "65535",
        "65536",
        "4294967295",
        "4294967296",
        "ffff",
        "fe80",
        "::ffff:",
        "1.2.3.4",
        "127.0.0.1",
        "eth0",
        "route",
        " ",
        "\n",
        "\0",
        "-",
        "K",
        "ms",
        "s",
        "h",
        "99999",
        "9223372036854775807",
        "unlimited",
        "0x",
        "SIG",
        "TERM",
        "RTMIN+",
        "RTMAX-",
        "yes",
        "#",
        "\uFFFD",
        "\uD800"
    };

    private final Random random = new Random(SEED);

    private String input() {
        if (random.nextInt(4) == 0) {
            byte[] bytes = new byte[random.nextInt(40)];
            random.nextBytes(bytes);
            return new String(bytes, random.nextBoolean() ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1);
        }
        StringBuilder text = new StringBuilder();
        for (int pieces = random.nextInt(8); pieces >= 0; pieces--) {
            text.append(PIECES[random.nextInt(PIECES.length)]);
        }
        return text.toString();
    }

    @Test
    void addressesAreReadOrRefused() {
        int read = 0;
        for (int i = 0; i < INPUTS; i++) {
            String text = input();
            try {
                String form = Addresses.parse(text).toString();
                if (!Addresses.parse(form).toString().equals(form)) {
                    fail("seed " + SEED + ", input " + i + ": the form of " + Shown.quoted(text) + " is " + form);
                }
                read++;
            } catch (BadValue e) {
                refused(e, i, text);
            } catch (RuntimeException e) {
                fail("seed " + SEED + ", input " + i + ": " + Shown.quoted(text), e);
            }
        }
        assertThat(read).as("inputs that were addresses, seed " + SEED).isGreaterThan(INPUTS / 1000);
    }

    @Test
    void attributesAreReadOrRefused() {
        for (int i = 0; i < INPUTS; i++) {
            String text = input();
            try {
                attribute(random.nextInt(15), text);
            } catch (BadValue e) {
                refused(e, i, text);
            } catch (RuntimeException e) {
                fail("seed " + SEED + ", input " + i + ": " + Shown.quoted(text), e);
            }
        }
    }

    // Not by AssertJ, which would take more time than all the parsing.
    private static void refused(BadValue value, int input, String text) {
        if (value.isReported()) {
            fail("seed " + SEED + ", input " + input + ": no reason given for " + Shown.quoted(text));
        }
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
}

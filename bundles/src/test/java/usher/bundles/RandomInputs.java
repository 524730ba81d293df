package usher.bundles;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Bytes as nobody sane would write them: random ones, pieces that get past the first checks strung together, and valid
 * texts with a few things done to them. The same seed gives the same inputs.
 */
final class RandomInputs {
    private static final String[] NASTY = {
        "",
        " ",
        "\t",
        "\n",
        "\r\n",
        "\0",
        "\u001b[2J",
        "\uFFFD",
        "\u202e",
        "\ud83d\ude00",
        "'",
        "\"",
        "\\",
        "`",
        "$(id)",
        "#",
        "..",
        "/",
        "//",
        "/../",
        "%",
        "@",
        ":",
        "::",
        ",",
        ".",
        "-",
        "+",
        "=",
        "{",
        "}",
        "{1,2}",
        "~",
        "*",
        "0",
        "-1",
        "255",
        "256",
        "65536",
        "4294967296",
        "9223372036854775808",
        "99999999999999999999",
        "1e9",
        "0x",
        "\u0661",
        "null"
    };

    private final Random random;
    private final String[] pieces;
    private final List<byte[]> valid = new ArrayList<>();

    /**
     * Inputs in the manner of these.
     *
     * @param pieces words of the grammar
     * @param valid texts that mean something
     */
    RandomInputs(Random random, String[] pieces, String... valid) {
        this.random = random;
        this.pieces = pieces;
        for (String text : valid) {
            this.valid.add(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    byte[] next() {
        return switch (random.nextInt(8)) {
            case 0 -> bytes(random.nextInt(60));
            case 1, 2, 3 -> strung();
            default -> mutated();
        };
    }

    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private byte[] strung() {
        StringBuilder text = new StringBuilder();
        for (int count = random.nextInt(12); count >= 0; count--) {
            text.append(piece());
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private String piece() {
        String[] from = random.nextInt(3) == 0 ? NASTY : pieces;
        return from[random.nextInt(from.length)];
    }

    private byte[] pickValid() {
        return valid.get(random.nextInt(valid.size()));
    }

    /** A valid text, cut, spliced with another, overwritten and stuffed in some places; or as it is. */
    private byte[] mutated() {
        byte[] text = pickValid();
        for (int times = random.nextInt(5); times > 0; times--) {
            int from = random.nextInt(text.length + 1);
            int to = Math.min(text.length, from + random.nextInt(random.nextBoolean() ? 4 : 40));
            byte[] middle = switch (random.nextInt(5)) {
                case 0 -> new byte[0];
                case 1 -> bytes(to - from);
                case 2 -> piece().getBytes(StandardCharsets.UTF_8);
                case 3 -> slice(pickValid());
                default -> joined(piece().getBytes(StandardCharsets.UTF_8), slice(text));
            };
            byte[] head = Arrays.copyOfRange(text, 0, from);
            byte[] tail = Arrays.copyOfRange(text, random.nextBoolean() ? from : to, text.length);
            text = joined(joined(head, middle), tail);
        }
        return text;
    }

    private byte[] slice(byte[] text) {
        int from = random.nextInt(text.length + 1);
        return Arrays.copyOfRange(text, from, Math.min(text.length, from + random.nextInt(30)));
    }

    private static byte[] joined(byte[] one, byte[] other) {
        byte[] all = Arrays.copyOf(one, one.length + other.length);
        System.arraycopy(other, 0, all, one.length, other.length);
        return all;
    }
}

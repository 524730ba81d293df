package usher.activation;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import usher.bundles.BundleName;

/**
 * What control groups are called: {@code usher-RUN-DIR} for a launcher, with {@code launcher} for itself below it and
 * {@code bundle.NAME/N} for the process N of a bundle. Never a name of the kernel's own files, which begin with that of
 * a controller; always the same for the same.
 */
final class GroupNames {
    static final String LAUNCHER = "launcher";
    static final String CONNECTIONS = "connections";

    private static final String BUNDLE = "bundle.";
    /** Of 255 that a file name may have. */
    private static final int LONGEST = 200;

    private GroupNames() {}

    /** {@code /run/usher} becomes {@code usher-run-usher}; what is no letter, digit, dot or underscore is escaped. */
    static String ofLauncher(Path runDirectory) {
        StringBuilder name = new StringBuilder("usher");
        for (Path component : runDirectory) {
            name.append('-');
            for (byte b : component.toString().getBytes(StandardCharsets.UTF_8)) {
                boolean plain = Character.isLetterOrDigit(b & 0x7f) && b > 0 || b == '.' || b == '_';
                name.append(plain ? String.valueOf((char) b) : String.format("%%%02x", b));
            }
        }
        return shortened(name.toString());
    }

    /** A name holds nothing that a line of {@code /proc/PID/cgroup} could not, so it stays as it is. */
    static String ofBundle(BundleName bundle) {
        return shortened(BUNDLE + bundle.value());
    }

    /** Names that are too long for something before them end in what tells them from others that begin alike. */
    private static String shortened(String name) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        if (bytes.length <= LONGEST) {
            return name;
        }
        int end = name.offsetByCodePoints(0, Math.min(name.codePointCount(0, name.length()), LONGEST / 4 - 10));
        return name.substring(0, end) + "~" + HexFormat.of().formatHex(SessionsOnly.hash(name), 0, 16);
    }
}

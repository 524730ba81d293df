package usher.bundles;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether a file may be believed: what anybody could have written might run with the launcher's rights. A file is
 * believed unless it is writable for everybody, or belongs to somebody else than root and the launcher's user, or is
 * writable for a group that is neither root's nor that user's own.
 *
 * <p>A user's own group is the primary group, provided that nobody else is in it: with {@code users} shared by all,
 * group-writable would be as good as writable for everybody.
 */
final class TrustRule {
    private static final int UNKNOWN = -2;
    private static final int NONE = -1;

    private final SearchPath.Trust trust;
    private final Path etc;
    private int ownGroup = UNKNOWN;

    TrustRule(SearchPath.Trust trust) {
        this(trust, Path.of("/etc"));
    }

    TrustRule(SearchPath.Trust trust, Path etc) {
        this.trust = trust;
        this.etc = etc;
    }

    /** Why the file is not to be believed, and what would mend it; null if it is believed. */
    @Nullable
    Refusal refuse(Stat stat, Path path) {
        if (trust.anybody()) {
            return null;
        }
        if ((stat.mode() & 0002) != 0) {
            return everybody(stat, path);
        }
        if (stat.uid() != 0 && stat.uid() != trust.uid()) {
            String believed = trust.uid() == 0 ? "who is not root" : "who is neither root nor user " + trust.uid();
            return new Refusal("belongs to user " + stat.uid() + ", " + believed, remedy("chown " + trust.uid(), path));
        }
        if ((stat.mode() & 0020) != 0 && stat.gid() != 0 && stat.gid() != ownGroup()) {
            return new Refusal(
                    "is writable for group " + stat.gid() + " (mode " + stat.permissions() + ")",
                    remedy("chmod g-w", path));
        }
        return null;
    }

    /** The same of a file that scripts may read, but nobody here, and of a directory: only whether everybody may write. */
    @Nullable
    Refusal refuseUnread(Stat stat, Path path) {
        boolean writable = stat.isDirectory() ? stat.isWritableForAll() : stat.isRegular() && (stat.mode() & 0002) != 0;
        return writable && !trust.anybody() ? everybody(stat, path) : null;
    }

    boolean believesEverybody() {
        return trust.anybody();
    }

    private static Refusal everybody(Stat stat, Path path) {
        return new Refusal("is writable for everybody (mode " + stat.permissions() + ")", remedy("chmod o-w", path));
    }

    private static String remedy(String command, Path path) {
        return command + " " + Shown.name(path.toString()) + ", or --insecure-bundles to believe it all the same";
    }

    record Refusal(String why, String remedy) {}

    private synchronized int ownGroup() {
        if (ownGroup == UNKNOWN) {
            ownGroup = findOwnGroup();
        }
        return ownGroup;
    }

    private int findOwnGroup() {
        String user = Integer.toString(trust.uid());
        String name = "";
        String group = "";
        List<String> passwd = lines("passwd");
        for (String line : passwd) {
            String[] fields = line.split(":", -1);
            if (fields.length > 3 && fields[2].equals(user)) {
                name = fields[0];
                group = fields[3];
                break;
            }
        }
        if (group.isEmpty()) {
            // Known to the kernel only, as in many containers: the group this process runs with, if it is that user.
            try {
                Stat self = Stat.of(Path.of("/proc/self"));
                return self.uid() == trust.uid() ? self.gid() : NONE;
            } catch (IOException e) {
                return NONE;
            }
        }
        return isShared(group, name, passwd) ? NONE : (int) Digits.parse(group, Integer.MAX_VALUE);
    }

    private boolean isShared(String group, String owner, List<String> passwd) {
        for (String line : passwd) {
            String[] fields = line.split(":", -1);
            if (fields.length > 3 && fields[3].equals(group) && !fields[0].equals(owner)) {
                return true;
            }
        }
        for (String line : lines("group")) {
            String[] fields = line.split(":", -1);
            boolean others = fields.length > 3 && !fields[3].isEmpty() && !fields[3].equals(owner);
            if (others && fields[2].equals(group)) {
                return true;
            }
        }
        return false;
    }

    private List<String> lines(String file) {
        try {
            return Files.readAllLines(etc.resolve(file), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return List.of();
        }
    }
}

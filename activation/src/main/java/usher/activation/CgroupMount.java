package usher.activation;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import usher.activation.posix.Nodes;

/**
 * Where this process's own version-2 control group is to be found in the file system: {@code /proc/self/cgroup} names it
 * as seen from the root of the hierarchy, {@code /proc/self/mountinfo} says which part of the hierarchy is mounted where
 * ({@code cgroups(7)}, {@code proc(5)}).
 */
final class CgroupMount {
    private static final int ROOT = 3;
    private static final int MOUNT_POINT = 4;

    private CgroupMount() {}

    /** Bytes as Latin-1 characters would be changed by the way back, so the texts are UTF-8. */
    static Optional<String> ownGroup() {
        return read("/proc/self/mountinfo")
                .flatMap(mounts -> read("/proc/self/cgroup").flatMap(groups -> ownGroup(mounts, groups)));
    }

    private static Optional<String> read(String file) {
        try {
            return Optional.of(new String(Files.readAllBytes(Path.of(file)), StandardCharsets.UTF_8));
        } catch (IOException noProc) {
            return Optional.empty();
        }
    }

    private static Optional<String> ownGroup(String mountinfo, String cgroup) {
        return candidates(mountinfo, cgroup).stream()
                .filter(directory -> Nodes.stat(directory + "/cgroup.procs").isPresent())
                .findFirst();
    }

    /** The directories that should be the own group, those of later mounts first, since they may cover earlier ones. */
    static List<String> candidates(String mountinfo, String cgroup) {
        List<String> directories = new ArrayList<>();
        Optional<String> own = cgroup.lines()
                .filter(line -> line.startsWith("0::/"))
                .map(line -> line.substring(3))
                .findFirst();
        if (own.isEmpty()) {
            return directories;
        }
        mountinfo.lines().forEach(line -> {
            int separator = line.indexOf(" - ");
            String[] fields = line.split(" ", -1);
            if (separator > 0 && fields.length > MOUNT_POINT && line.startsWith("cgroup2 ", separator + 3)) {
                below(unescaped(fields[ROOT]), own.get())
                        .ifPresent(rest -> directories.add(0, unescaped(fields[MOUNT_POINT]) + rest));
            }
        });
        return directories;
    }

    /** The path as seen from that root: empty text for the root itself. */
    private static Optional<String> below(String root, String path) {
        String prefix = root.equals("/") ? "" : root;
        String rest = path.equals("/") ? "" : path;
        if (!rest.startsWith(prefix) || rest.contains("/..")) {
            return Optional.empty();
        }
        String left = rest.substring(prefix.length());
        return left.isEmpty() || left.startsWith("/") ? Optional.of(left) : Optional.empty();
    }

    /** The kernel writes blanks, tabs, line ends and backslashes as a backslash and three octal digits. */
    private static String unescaped(String field) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < field.length(); i++) {
            boolean escape = field.charAt(i) == '\\' && field.substring(i).matches("(?s)\\\\[0-7]{3}.*");
            text.append(escape ? (char) Integer.parseInt(field.substring(i + 1, i + 4), 8) : field.charAt(i));
            i += escape ? 3 : 0;
        }
        return text.toString();
    }
}

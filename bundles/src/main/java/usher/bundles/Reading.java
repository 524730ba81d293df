package usher.bundles;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One bundle being read: every access to its files goes through here, is checked against the rule of whose files are
 * believed, and leaves a {@link Problem} when it fails. A source is a path relative to the bundle directory.
 */
final class Reading {
    private static final int LARGEST_SETTING = 64 * 1024;

    private final BundleName bundle;
    private final TrustRule trust;
    private final Lookout lookout;
    private final List<Problem> problems = new ArrayList<>(0);
    private final UnreadFiles unread;

    Reading(BundleName bundle, TrustRule trust, Lookout lookout) {
        this.bundle = bundle;
        this.trust = trust;
        this.lookout = lookout;
        unread = new UnreadFiles(this, trust);
    }

    BundleName bundle() {
        return bundle;
    }

    /** The same rule for another bundle. */
    Reading of(BundleName other) {
        return new Reading(other, trust, lookout);
    }

    List<Problem> problems() {
        return problems;
    }

    void error(String source, String message, String remedy) {
        problems.add(Problem.error(bundle, Shown.name(source), message, remedy));
    }

    void warn(String source, String message, String remedy) {
        problems.add(Problem.warning(bundle, Shown.name(source), message, remedy));
    }

    /** Type and owner of what is there; null, and a problem, if nothing is. */
    @Nullable
    Stat stat(Path path, String source) {
        try {
            Stat seen = lookout.file(path);
            Stat stat = seen == null ? Stat.of(path) : seen;
            believe(stat, path, source);
            return stat;
        } catch (IOException e) {
            error(source, "cannot be read: " + reason(e), "");
            return null;
        }
    }

    /** Checks whose file it is; what is looked at twice is refused once. */
    void believe(Stat stat, Path path, String source) {
        TrustRule.Refusal refusal = trust.refuse(stat, path);
        if (refusal != null) {
            refuse(source, refusal);
        }
    }

    void refuse(String source, TrustRule.Refusal refusal) {
        Problem problem = Problem.error(bundle, Shown.name(source), refusal.why(), refusal.remedy());
        if (!problems.contains(problem)) {
            problems.add(problem);
        }
    }

    /** Checks whose file it is if there is one; that there is none is no problem. */
    void believeIfThere(Path path, String source) {
        try {
            believe(Stat.of(path), path, source);
        } catch (IOException e) {
            // It leads to nothing, so nobody will read it.
        }
    }

    /** The same of one that only scripts may read; of a directory also what is in it. */
    void believeUnread(Path path, String source) {
        try {
            Stat stat = Stat.of(path);
            believe(stat, path, source);
            if (stat.isDirectory()) {
                believeData(path, source);
            }
        } catch (IOException e) {
            // As above.
        }
    }

    /** Checks of a file, and of all in a directory, that not everybody may write to it; whose it is does not count. */
    void believeData(Path path, String source) {
        if (!trust.believesEverybody()) {
            unread.check(path, source);
        }
    }

    /** The names in a directory in byte order, hidden ones left out; null, and a problem, if it cannot be listed. */
    String @Nullable [] list(Path path, String source) {
        Lookout.Sight sight = look(path, source, false);
        return sight == null ? null : sight.names();
    }

    /** The same, and perhaps where the links lead. */
    Lookout.@Nullable Sight look(Path path, String source, boolean links) {
        Lookout.Sight sight = lookout.directory(path, true, links);
        if (sight != null) {
            believe(sight.stat(), path, source);
            return sight;
        }
        Stat stat = stat(path, source);
        if (stat == null) {
            return null;
        }
        String[] names = list(path, source, stat);
        return names == null ? null : new Lookout.Sight(stat, names, new String[names.length]);
    }

    /** The same for a path whose type and owner are known, and believed. */
    String @Nullable [] list(Path path, String source, Stat stat) {
        if (!stat.isDirectory()) {
            error(source, "is " + stat.kind() + ", but must be a directory", "");
            return null;
        }
        String[] names = names(path);
        if (names == null) {
            error(source, "cannot be listed: permission denied", "chmod u+rx " + path);
        }
        return names;
    }

    /** The names in a directory in byte order, hidden ones left out; null if it cannot be listed. */
    static String @Nullable [] names(Path path) {
        // Not a DirectoryStream: this makes one string a name, and nothing else.
        String[] names = path.toFile().list();
        if (names == null) {
            return null;
        }
        int kept = 0;
        for (String name : names) {
            if (name.charAt(0) != '.') {
                names[kept++] = name;
            }
        }
        String[] visible = kept == names.length ? names : Arrays.copyOf(names, kept);
        ByteOrder.sort(visible);
        return visible;
    }

    /** The whole text of a file; null, and a problem, if there is none to be had. */
    @Nullable
    String read(Path path, String source) {
        Stat stat = stat(path, source);
        if (stat == null) {
            return null;
        }
        // Opening a FIFO would wait for a writer.
        if (!stat.isRegular()) {
            error(source, "is " + stat.kind() + ", but must be a file", "");
            return null;
        }
        String text;
        try {
            text = contents(path.toFile());
        } catch (IOException e) {
            error(source, "cannot be read: " + reason(e), "");
            return null;
        }
        if (text.length() > LARGEST_SETTING) {
            error(source, "holds more than 64 KiB, which is too much for a setting", "");
            return null;
        }
        if (text.indexOf('\uFFFD') >= 0) {
            error(source, "holds bytes that are not UTF-8", "");
            return null;
        }
        return text;
    }

    private static String contents(File file) throws IOException {
        try (FileInputStream in = new FileInputStream(file)) {
            return new String(in.readNBytes(LARGEST_SETTING + 1), StandardCharsets.UTF_8);
        }
    }

    static String reason(IOException e) {
        if (e instanceof NoSuchFileException) {
            return "it leads to nothing";
        }
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (e instanceof FileSystemException failure && failure.getReason() != null) {
            return Shown.name(failure.getReason());
        }
        // FileInputStream says "PATH (reason)".
        String message = e.getMessage() == null ? "" : e.getMessage();
        int open = message.lastIndexOf('(');
        return open < 0 ? "an error of the file system" : Shown.name(message.substring(open + 1, message.length() - 1));
    }
}

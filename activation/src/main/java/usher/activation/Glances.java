package usher.activation;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import usher.activation.posix.Descriptors;
import usher.activation.posix.DirectoryCalls;
import usher.bundles.Lookout;
import usher.bundles.Stat;

/**
 * Looks into directories with calls relative to the open directory above, where names are ASCII and the file system
 * tells what is a link; leaves all else to the JDK.
 *
 * <p>For a directory these are openat, statx, getdents64 until there are no more, a readlinkat for each link, and close.
 */
public final class Glances implements Lookout {
    /** With so many entries they save more time than it takes to load what they are made of. */
    private static final int WORTHWHILE = 1000;

    private final String[] roots;
    private final int[] descriptors;
    private final DirectoryCalls calls = new DirectoryCalls();
    private final List<String> names = new ArrayList<>();
    private final List<@Nullable String> leads = new ArrayList<>();
    private boolean complete;
    private boolean namesakes;

    private Glances(List<Path> directories) {
        roots = new String[directories.size()];
        descriptors = new int[roots.length];
        for (int i = 0; i < roots.length; i++) {
            String root = directories.get(i).toString();
            roots[i] = root.endsWith("/") ? root : root + "/";
            descriptors[i] = DirectoryCalls.open(directories.get(i));
        }
    }

    /** Glances where so many entries are worth it, else what the JDK has. */
    public static Lookout over(List<Path> directories, int entries) {
        return entries < WORTHWHILE ? Lookout.JDK : over(directories);
    }

    /** Looks into what lies in these directories; where the C library cannot be called, the JDK does. */
    static Lookout over(List<Path> directories) {
        try {
            return new Glances(directories);
        } catch (LinkageError e) {
            return Lookout.JDK;
        }
    }

    @Override
    public @Nullable Sight directory(Path path, boolean through, boolean links) {
        String text = path.toString();
        int root = root(text);
        int fd = root < 0 ? -1 : calls.open(descriptors[root], text, roots[root].length(), through);
        if (fd < 0) {
            return null;
        }
        try {
            return calls.stat(fd) < 0 || !list(fd, links)
                    ? null
                    : sight(new Stat(calls.mode(), calls.uid(), calls.gid()), links);
        } finally {
            Descriptors.close(fd);
        }
    }

    @Override
    public @Nullable Stat file(Path path) {
        String text = path.toString();
        int root = root(text);
        return root < 0 || calls.stat(descriptors[root], text, roots[root].length()) < 0
                ? null
                : new Stat(calls.mode(), calls.uid(), calls.gid());
    }

    /** Which root the path lies in; -1 for none that could be opened, or if its bytes depend on a locale. */
    private int root(String path) {
        for (int i = 0; i < roots.length; i++) {
            if (descriptors[i] >= 0 && path.length() > roots[i].length() && path.startsWith(roots[i])) {
                return isAscii(path, roots[i].length()) ? i : -1;
            }
        }
        return -1;
    }

    private static boolean isAscii(String text, int from) {
        for (int i = from; i < text.length(); i++) {
            if (text.charAt(i) >= 0x80) {
                return false;
            }
        }
        return true;
    }

    /** Takes down all that is in the directory; false if that cannot be told from here. */
    private boolean list(int fd, boolean links) {
        names.clear();
        leads.clear();
        complete = true;
        namesakes = true;
        int length = calls.read(fd);
        while (length > 0 && complete) {
            byte[] entries = calls.entries();
            for (int at = 0;
                    at < length && complete;
                    at += (entries[at + 16] & 0xff) | (entries[at + 17] & 0xff) << 8) {
                if (entries[at + 19] != '.') {
                    add(fd, at, entries, links);
                }
            }
            length = complete ? calls.read(fd) : 0;
        }
        return complete && length == 0;
    }

    private void add(int fd, int at, byte[] entries, boolean links) {
        int begin = at + 19;
        int end = begin;
        while (entries[end] > 0) {
            end++;
        }
        int type = entries[at + 18];
        complete = entries[end] == 0 && type != DirectoryCalls.DT_UNKNOWN;
        if (!complete) {
            return;
        }
        String name = new String(entries, begin, end - begin, StandardCharsets.ISO_8859_1);
        names.add(name);
        if (links) {
            String lead = type == DirectoryCalls.DT_LNK ? lead(fd, begin, end, name) : null;
            namesakes &= name.equals(lead);
            leads.add(lead);
        }
    }

    /** The last component of the link's text: {@code name} itself if that is what it says. */
    private @Nullable String lead(int fd, int begin, int end, String name) {
        int length = calls.readLink(fd, begin);
        byte[] text = calls.text();
        int from = Math.max(length, 0);
        while (from > 0 && text[from - 1] != '/') {
            if (text[from - 1] <= 0) {
                return null;
            }
            from--;
        }
        if (from >= length) {
            return null;
        }
        return Arrays.equals(text, from, length, calls.entries(), begin, end)
                ? name
                : new String(text, from, length - from, StandardCharsets.ISO_8859_1);
    }

    /** ASCII is in byte order when it is in the order of strings. */
    private Sight sight(Stat stat, boolean links) {
        String[] sorted = names.toArray(new String[0]);
        if (!links) {
            Arrays.sort(sorted);
            return new Sight(stat, sorted, new String[0]);
        }
        if (namesakes) {
            Arrays.sort(sorted);
            return new Sight(stat, sorted, sorted);
        }
        Integer[] order = new Integer[sorted.length];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, Comparator.comparing(names::get));
        @Nullable String[] leading = new String[sorted.length];
        for (int i = 0; i < order.length; i++) {
            sorted[i] = names.get(order[i]);
            leading[i] = leads.get(order[i]);
        }
        return new Sight(stat, sorted, leading);
    }

    @Override
    public void close() {
        for (int descriptor : descriptors) {
            if (descriptor >= 0) {
                Descriptors.close(descriptor);
            }
        }
        calls.close();
    }
}

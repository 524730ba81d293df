package usher.bundles;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Reads all bundles along a search path. First the names are listed, so that links can be understood by name alone;
 * then the entries are read, many of them by several threads, each entry by one.
 */
final class TreeReader {
    /** So many entries are worth a thread; so many are taken by a thread at a time. */
    private static final int WORTH_A_THREAD = 200;

    private static final int CHUNK = 32;
    private static final int MOST_THREADS = 4;

    private final SearchPath path;
    private final SearchPath.Trust trust;
    private final Lookout.Source lookouts;
    private final Map<String, Entry> entries = new HashMap<>();
    private final List<Problem> problems = new ArrayList<>();

    TreeReader(SearchPath path, SearchPath.Trust trust, Lookout.Source lookouts) {
        this.path = path;
        this.trust = trust;
        this.lookouts = lookouts;
    }

    BundleSet read() {
        for (int place = 0; place < path.directories().size(); place++) {
            list(path.directories().get(place), place);
        }
        Entry[] sorted = sorted();
        Map<String, BundleName> names = new HashMap<>(sorted.length * 2);
        for (Entry entry : sorted) {
            names.put(entry.name.value(), entry.name);
        }
        RelationReader relations = new RelationReader(names);
        readAll(sorted, new EntryReader(path.directories(), new TrustRule(trust), relations), lookouts);
        return new Assembly(sorted, problems).bundles();
    }

    private void list(Path directory, int place) {
        String[] names = Reading.names(directory);
        if (names == null) {
            reportUnlisted(directory);
            return;
        }
        reportWritable(directory);
        for (String name : names) {
            if (!BundleName.isValid(name)) {
                String source = Shown.name(directory + "/" + name);
                String message = "is not read, because a bundle's name is UTF-8 without colons and control characters";
                problems.add(Problem.ofPath(
                        Problem.Severity.WARNING,
                        source,
                        message,
                        "rename it, or, if it is UTF-8, set LC_ALL=C.UTF-8"));
                continue;
            }
            Entry known = entries.get(name);
            if (known == null) {
                entries.put(name, new Entry(new BundleName(name), place));
            } else {
                known.addPlace(place);
            }
        }
    }

    /** Whoever may write there can take bundles away and put back older or other ones of the same owner. */
    private void reportWritable(Path directory) {
        try {
            Stat stat = Stat.of(directory);
            if (!trust.anybody() && stat.isWritableForAll()) {
                String source = Shown.name(directory.toString());
                String message = "is writable for everybody (mode " + stat.permissions() + "), who may move bundles";
                problems.add(Problem.ofPath(Problem.Severity.WARNING, source, message, "chmod o-w " + source));
            }
        } catch (IOException e) {
            // It was there a moment ago; what is gone now will be missed elsewhere.
        }
    }

    private void reportUnlisted(Path directory) {
        String source = Shown.name(directory.toString());
        try {
            Stat stat = Stat.of(directory);
            String message = stat.isDirectory()
                    ? "cannot be listed: permission denied"
                    : "is " + stat.kind() + ", but must be a directory of bundles";
            String remedy = stat.isDirectory() ? "chmod u+rx " + source : "name a directory with --bundles";
            problems.add(Problem.ofPath(Problem.Severity.ERROR, source, message, remedy));
        } catch (IOException e) {
            if (path.explicit() || !Files.notExists(directory)) {
                boolean absent = Files.notExists(directory);
                String message = absent ? "does not exist" : "cannot be read: " + Reading.reason(e);
                String remedy = absent ? "make it, or name another directory with --bundles" : "";
                problems.add(Problem.ofPath(Problem.Severity.ERROR, source, message, remedy));
            }
        }
    }

    private Entry[] sorted() {
        String[] names = entries.keySet().toArray(new String[0]);
        ByteOrder.sort(names);
        Entry[] sorted = new Entry[names.length];
        for (int i = 0; i < names.length; i++) {
            Entry entry = entries.get(names[i]);
            if (entry != null) {
                sorted[i] = entry;
            }
        }
        return sorted;
    }

    private static void readAll(Entry[] all, EntryReader reader, Lookout.Source lookouts) {
        int useful = Math.min(MOST_THREADS, 1 + all.length / WORTH_A_THREAD);
        int threads = Math.min(useful, Runtime.getRuntime().availableProcessors());
        Worker worker = new Worker(all, reader, lookouts);
        List<Thread> helpers = new ArrayList<>();
        for (int i = 1; i < threads; i++) {
            Thread helper = new Thread(worker, "usher-reader");
            helper.setDaemon(true);
            helper.start();
            helpers.add(helper);
        }
        worker.run();
        for (Thread helper : helpers) {
            join(helper);
        }
        worker.rethrow();
    }

    private static void join(Thread helper) {
        boolean interrupted = false;
        while (helper.isAlive()) {
            try {
                helper.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Reads chunks of entries until none is left; several threads may run it at once. */
    private static final class Worker implements Runnable {
        private final Entry[] all;
        private final EntryReader reader;
        private final Lookout.Source lookouts;
        private final AtomicInteger next = new AtomicInteger();
        private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

        Worker(Entry[] all, EntryReader reader, Lookout.Source lookouts) {
            this.all = all;
            this.reader = reader;
            this.lookouts = lookouts;
        }

        @Override
        public void run() {
            try (Lookout lookout = lookouts.over(reader.directories(), all.length)) {
                for (int from = next.getAndAdd(CHUNK); from < all.length; from = next.getAndAdd(CHUNK)) {
                    for (int i = from; i < Math.min(all.length, from + CHUNK); i++) {
                        reader.read(all[i], lookout);
                    }
                }
            } catch (RuntimeException | Error e) {
                failure.set(e);
            }
        }

        void rethrow() {
            Throwable thrown = failure.get();
            if (thrown != null) {
                throw new IllegalStateException("reading bundles failed", thrown);
            }
        }
    }
}

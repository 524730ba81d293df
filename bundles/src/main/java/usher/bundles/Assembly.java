package usher.bundles;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Makes the set of bundles out of the entries that were read one by one: aliases, loggers, and links to both. */
final class Assembly {
    private final Entry[] entries;
    private final List<Problem> problems;
    private final Map<BundleName, Entry> byName = new HashMap<>();
    private final Map<BundleName, BundleName> aliases = new HashMap<>();
    private final Map<BundleName, Bundle> loggers = new HashMap<>();
    /** By the bundle that it is added to. */
    private final Map<BundleName, List<Bundle>> additions = new HashMap<>();

    /** @param problems those found so far; more are added */
    Assembly(Entry[] entries, List<Problem> problems) {
        this.entries = entries;
        this.problems = problems;
    }

    BundleSet bundles() {
        for (Entry entry : entries) {
            if (entry.alias != null || entry.logger != null) {
                findSpecial();
                break;
            }
        }
        for (Entry entry : entries) {
            problems.addAll(entry.problems);
        }
        List<Bundle> bundles = new ArrayList<>(entries.length);
        for (Entry entry : entries) {
            if (entry.bundle != null) {
                bundles.add(entry.bundle);
            }
        }
        bundles.addAll(loggers.values());
        if (!aliases.isEmpty() || !loggers.isEmpty()) {
            for (int i = 0; i < bundles.size(); i++) {
                bundles.set(i, relinked(bundles.get(i)));
            }
        }
        return new BundleSet(bundles, aliases, problems);
    }

    private void findSpecial() {
        for (Entry entry : entries) {
            byName.put(entry.name, entry);
        }
        for (Entry entry : entries) {
            Bundle logger = entry.logger;
            if (logger != null) {
                Entry named = byName.get(logger.name());
                if (named == null || (named.bundle == null && named.alias == null)) {
                    loggers.put(logger.name(), logger);
                } else {
                    named.problems.add(Problem.warning(
                            named.name,
                            named.name.value(),
                            "has the name of the logger that " + entry.name + "/log is, which is not read",
                            "rename one of the two"));
                }
            }
        }
        for (Entry entry : entries) {
            if (entry.alias != null) {
                resolve(entry, entry.alias);
            }
        }
    }

    private void resolve(Entry entry, BundleName first) {
        BundleName name = first;
        Set<BundleName> seen = new HashSet<>();
        seen.add(entry.name);
        while (seen.add(name)) {
            Entry next = byName.get(name);
            if (loggers.containsKey(name) || (next != null && next.bundle != null)) {
                aliases.put(entry.name, name);
                if (entry.additions != null) {
                    additions.computeIfAbsent(name, to -> new ArrayList<>(1)).add(entry.additions);
                }
                return;
            }
            if (next == null || next.alias == null) {
                report(entry, "is a link to " + name + ", which is no bundle", "remove it, or make a bundle " + name);
                return;
            }
            name = next.alias;
        }
        report(entry, "is a link that leads back to itself", "remove it");
    }

    private static void report(Entry entry, String message, String remedy) {
        Optional<BundleName> bundle = Optional.of(entry.name);
        entry.problems.add(new Problem(Problem.Severity.ERROR, bundle, entry.name.value(), message, remedy));
    }

    /** The bundle with its links leading to bundles where they lead to aliases, and to loggers that are known now. */
    private Bundle relinked(Bundle bundle) {
        List<Link> links = new ArrayList<>(bundle.links());
        List<Problem> found = new ArrayList<>(bundle.problems());
        boolean changed = false;
        for (Bundle more : additions.getOrDefault(bundle.name(), List.of())) {
            links.addAll(more.links());
            more.problems().forEach(problem -> found.add(of(bundle.name(), problem)));
            changed = true;
        }
        for (int i = 0; i < links.size(); i++) {
            Link link = links.get(i);
            BundleName to = aliases.getOrDefault(link.to(), link.to());
            boolean isLogger = link.missing().isPresent() && loggers.containsKey(to);
            if (isLogger || !to.equals(link.to()) || !link.from().equals(bundle.name())) {
                Optional<Path> missing = isLogger ? Optional.empty() : link.missing();
                links.set(i, new Link(bundle.name(), link.relation(), to, link.path(), missing));
                changed = true;
            }
        }
        return changed
                ? new Bundle(
                        bundle.name(),
                        bundle.directory(),
                        bundle.service(),
                        bundle.sockets(),
                        BundleReader.inOrder(links),
                        bundle.connects(),
                        bundle.cgroup(),
                        found)
                : bundle;
    }

    private static Problem of(BundleName bundle, Problem problem) {
        return new Problem(
                problem.severity(), Optional.of(bundle), problem.source(), problem.message(), problem.remedy());
    }
}

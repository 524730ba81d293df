package usher.bundles;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads one bundle's directory, and, of a plain service directory, the bundle that its {@code log/} is. */
final class BundleReader {
    private static final List<String> TOP = List.of(
            "after",
            "before",
            "cgroup",
            "conflicts",
            "connects",
            "log",
            "log-count",
            "log-format",
            "log-size",
            "required-by",
            "requires",
            "service",
            "sockets",
            "wanted-by",
            "wants");

    private static final List<String> PLAIN = plain();

    /** What daemontools, s6, s6-rc, runit, tinydns and their loggers keep in a service directory. */
    private static final List<String> OTHERS = List.of(
            "Makefile",
            "README",
            "check",
            "conf",
            "config",
            "consumer-for",
            "control",
            "current",
            "data",
            "dependencies",
            "dependencies.d",
            "event",
            "instance",
            "instances",
            "lock",
            "lock-fd",
            "main",
            "max-death-tally",
            "nosetsid",
            "notification-fd",
            "pipeline-name",
            "producer-for",
            "root",
            "status",
            "supervise",
            "template",
            "type");

    private final Reading reading;
    private final RelationReader relations;
    private final List<Link> links = new ArrayList<>(0);
    private final ServiceDraft.LogDraft log = new ServiceDraft.LogDraft();
    private List<ListeningSocket> sockets = List.of();
    private Map<String, Address> connects = Map.of();
    private Map<String, String> cgroup = Map.of();
    private @Nullable Service service;
    private @Nullable Settings serviceFiles;
    private @Nullable Bundle logger;

    BundleReader(Reading reading, RelationReader relations) {
        this.reading = reading;
        this.relations = relations;
    }

    Reading reading() {
        return reading;
    }

    /** Adds the relation directories in another directory of this bundle's name. */
    void readRelations(Path directory, String[] names) {
        for (String name : names) {
            Relation relation = relation(name);
            if (relation != null) {
                relations.read(relation, directory, reading, links);
            }
        }
    }

    /** Reads everything in the directory that is this bundle. */
    void read(Path directory, String[] names) {
        read(new Settings(reading, directory, reading.bundle().value(), names), true);
    }

    private void read(Settings top, boolean mayHaveLogger) {
        boolean plain = !top.has("service") && top.has("run");
        ServiceReader inTop = plain ? new ServiceReader(top, log, true) : null;
        for (String name : top.names()) {
            if (name.equals("service")) {
                service = service(top);
            } else if (name.equals("log")) {
                readLog(top, plain, mayHaveLogger);
            } else if (!readTop(name, top) && (inTop == null || isOthers(name, top) || !inTop.read(name))) {
                reportRest(name, top, plain, !mayHaveLogger);
            }
        }
        if (inTop != null) {
            service = inTop.service();
            serviceFiles = top;
        }
        SocketRules.check(sockets, service, top, serviceFiles, reading);
        ServiceRules.check(top, serviceFiles, service, sockets, links);
    }

    private @Nullable Service service(Settings top) {
        Settings settings = top.inner("service");
        if (settings == null) {
            return null;
        }
        serviceFiles = settings;
        ServiceReader reader = new ServiceReader(settings, log, false);
        for (String name : settings.names()) {
            if (!reader.read(name)) {
                if (OTHERS.contains(name)) {
                    settings.believeData(name);
                } else {
                    settings.reportUnknown(name, ServiceReader.SETTINGS);
                }
            }
        }
        return reader.service();
    }

    private boolean readTop(String name, Settings top) {
        Relation relation = relation(name);
        if (relation != null) {
            relations.read(relation, top.directory(), reading, links);
            return true;
        }
        switch (name) {
            case "sockets" -> {
                Settings inside = top.inner(name);
                sockets = inside == null ? List.of() : SocketReader.read(inside);
            }
            case "connects" -> {
                Settings inside = top.inner(name);
                connects = inside == null ? Map.of() : connects(inside);
            }
            case "cgroup" -> {
                Settings inside = top.inner(name);
                cgroup = inside == null ? Map.of() : ControlGroupReader.read(inside);
            }
            default -> {
                try {
                    return ServiceReader.log(name, top, log);
                } catch (BadValue e) {
                    top.reject(name, e);
                }
            }
        }
        return true;
    }

    /** Whether a plain directory's entry is another program's: tinydns has its data in a directory {@code root}. */
    private static boolean isOthers(String name, Settings top) {
        return name.equals("root") && Files.isDirectory(top.path(name));
    }

    private void reportRest(String name, Settings top, boolean plain, boolean isLogger) {
        if (plain && OTHERS.contains(name)) {
            // multilog(8) keeps the log there.
            if (!isLogger || !name.equals("main")) {
                top.believeData(name);
            }
        } else if (!plain && ServiceReader.SETTINGS.contains(name)) {
            reading.warn(top.source(name), "is not read here", "move it into " + top.source("service"));
            top.believeUnread(name);
        } else {
            top.reportUnknown(name, plain ? PLAIN : TOP);
        }
    }

    private static Map<String, Address> connects(Settings files) {
        Map<String, Address> addresses = new HashMap<>();
        for (String name : files.entries()) {
            try {
                addresses.put(files.source(name), Addresses.parse(files.line(name)));
            } catch (BadValue e) {
                files.reject(name, e);
            }
        }
        return addresses;
    }

    /** The link {@code log}, or the directory that is the logger of a plain service directory. */
    private void readLog(Settings top, boolean plain, boolean mayHaveLogger) {
        Path path = top.path("log");
        boolean link = Files.isSymbolicLink(path);
        boolean service = plain && Files.isRegularFile(path.resolve("run"));
        if (link && !(service && !relations.isKnown(last(path)))) {
            relations.read(Relation.LOG, top.directory(), "log", top.source("log"), reading, links);
            return;
        }
        if (!service || !mayHaveLogger) {
            String name = reading.bundle() + "-log";
            reading.error(
                    top.source("log"),
                    "must be a symbolic link to the bundle that takes the output"
                            + (plain ? ", or a directory with an executable run" : ""),
                    "make a bundle of it, and ln -sfn ../" + name + " " + path);
            return;
        }
        BundleName name = new BundleName(reading.bundle() + ".log");
        links.add(new Link(reading.bundle(), Relation.LOG, name, SourcePath.of(top.source("log")), Optional.empty()));
        Reading of = reading.of(name);
        String[] names = of.list(path, top.source("log"));
        BundleReader reader = new BundleReader(of, relations);
        if (names != null) {
            reader.read(new Settings(of, path, top.source("log"), names), false);
        }
        logger = reader.bundle(path);
    }

    private static String last(Path link) {
        try {
            Path name = Files.readSymbolicLink(link).getFileName();
            return name == null ? "" : name.toString();
        } catch (IOException e) {
            return "";
        }
    }

    /** The bundle that the directory's {@code log/} is, if it is one. */
    @Nullable
    Bundle logger() {
        return logger;
    }

    /** What has been read so far, as a bundle. */
    Bundle bundle(Path directory) {
        return new Bundle(
                reading.bundle(),
                directory,
                Optional.ofNullable(service),
                sockets,
                inOrder(links),
                connects,
                cgroup,
                reading.problems());
    }

    /** In byte order of their paths, of equal ones the first: that from the earliest directory on the path. */
    static List<Link> inOrder(List<Link> links) {
        boolean ordered = true;
        for (int i = 1; i < links.size() && ordered; i++) {
            ordered = links.get(i - 1).path().compareTo(links.get(i).path()) < 0;
        }
        if (ordered) {
            return links;
        }
        TreeMap<SourcePath, Link> byPath = new TreeMap<>();
        for (Link link : links) {
            byPath.putIfAbsent(link.path(), link);
        }
        return new ArrayList<>(byPath.values());
    }

    static @Nullable Relation relation(String name) {
        return switch (name) {
            case "after" -> Relation.AFTER;
            case "before" -> Relation.BEFORE;
            case "conflicts" -> Relation.CONFLICTS;
            case "required-by" -> Relation.REQUIRED_BY;
            case "requires" -> Relation.REQUIRES;
            case "wanted-by" -> Relation.WANTED_BY;
            case "wants" -> Relation.WANTS;
            default -> null;
        };
    }

    private static List<String> plain() {
        List<String> names = new ArrayList<>(TOP);
        names.addAll(ServiceReader.SETTINGS);
        return names;
    }
}

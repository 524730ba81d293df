package usher.depgraph;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import usher.bundles.Address;
import usher.bundles.Bundle;
import usher.bundles.BundleName;
import usher.bundles.BundleSet;
import usher.bundles.Link;
import usher.bundles.ListeningSocket;
import usher.bundles.Problem;
import usher.bundles.Relation;
import usher.bundles.Service;
import usher.bundles.SocketOptions;
import usher.bundles.SourcePath;

/**
 * A bundle directory in memory. Entries are written as in a shell: {@code "after/db"} is a link, {@code "log -> web-log"}
 * the logger, {@code "sockets/http=8080"} a socket, {@code "connects/db=127.0.0.1:5432"} a client's address,
 * {@code "service/mount=/srv"} and {@code "service/directory=/srv/www"} and {@code "service/root=/srv"} paths, {@code "eager"}, {@code "service/down"} and {@code "broken"} (an
 * error in its own files) flags.
 */
final class Tree {
    private final Map<String, List<String>> entries = new LinkedHashMap<>();
    private final Map<String, Path> directories = new TreeMap<>();
    private final List<String> targets = new ArrayList<>();
    private final Map<BundleName, BundleName> aliases = new TreeMap<>();

    /** A bundle with a service. */
    Tree bundle(String name, String... what) {
        entries.computeIfAbsent(name, n -> new ArrayList<>()).addAll(List.of(what));
        return this;
    }

    /** A bundle without a service. */
    Tree target(String name, String... what) {
        targets.add(name);
        return bundle(name, what);
    }

    Tree alias(String name, String bundle) {
        aliases.put(new BundleName(name), new BundleName(bundle));
        return this;
    }

    /** Says that the bundle's directory is elsewhere. */
    Tree at(String directory, String name, String... what) {
        directories.put(name, Path.of(directory));
        return bundle(name, what);
    }

    Relations relations() {
        return Relations.of(new BundleSet(bundles(null), aliases, List.of()));
    }

    /** The same, with everything that is a list in another order. */
    Relations shuffled(Random random) {
        return Relations.of(new BundleSet(bundles(random), aliases, List.of()));
    }

    Set<BundleName> names() {
        return names(entries.keySet());
    }

    static Set<BundleName> names(Collection<String> names) {
        Set<BundleName> all = new java.util.TreeSet<>();
        names.forEach(name -> all.add(new BundleName(name)));
        return all;
    }

    static Set<BundleName> names(String... names) {
        return names(List.of(names));
    }

    private List<Bundle> bundles(@Nullable Random random) {
        List<Bundle> bundles = new ArrayList<>();
        entries.forEach((name, what) -> bundles.add(bundle(name, what, random)));
        shuffle(bundles, random);
        return bundles;
    }

    private static void shuffle(List<?> list, @Nullable Random random) {
        if (random != null) {
            java.util.Collections.shuffle(list, random);
        }
    }

    private Bundle bundle(String name, List<String> what, @Nullable Random random) {
        Path directory = directories.getOrDefault(name, Path.of("/etc/usher/bundles/" + name));
        List<Link> links = new ArrayList<>();
        List<ListeningSocket> sockets = new ArrayList<>();
        List<Problem> problems = new ArrayList<>();
        Map<String, Address> connects = new TreeMap<>();
        Optional<Path> mount = Optional.empty();
        Path work = directory.resolve("service");
        Optional<Path> root = Optional.empty();
        boolean eager = false;
        boolean down = false;
        for (String entry : what) {
            String value = entry.substring(entry.indexOf('=') + 1);
            String file = entry.contains("=") ? entry.substring(0, entry.indexOf('=')) : entry;
            String source = name + "/" + file;
            if (entry.startsWith("log -> ")) {
                links.add(link(name, Relation.LOG, entry.substring(7), name + "/log"));
            } else if (file.startsWith("sockets/")) {
                sockets.add(socket(file.substring(8), source, address(value)));
            } else if (file.startsWith("connects/")) {
                connects.put(source, address(value));
            } else if (file.equals("service/mount")) {
                mount = Optional.of(Path.of(value));
            } else if (file.equals("service/directory")) {
                work = Path.of(value);
            } else if (file.equals("service/root")) {
                root = Optional.of(Path.of(value));
            } else if (file.equals("eager")) {
                eager = true;
            } else if (file.equals("service/down")) {
                down = true;
            } else if (file.equals("broken")) {
                problems.add(Problem.error(new BundleName(name), name + "/service/user", "holds nothing", ""));
            } else {
                String relation = file.substring(0, file.indexOf('/'));
                links.add(link(name, relation(relation), file.substring(file.indexOf('/') + 1), source));
            }
        }
        sockets.sort(java.util.Comparator.comparing(ListeningSocket::name));
        shuffle(links, random);
        Optional<Service> service = targets.contains(name)
                ? Optional.empty()
                : Optional.of(service(directory.resolve("service"), down, eager, work, root, mount));
        return new Bundle(new BundleName(name), directory, service, sockets, links, connects, Map.of(), problems);
    }

    private static Relation relation(String directory) {
        for (Relation relation : Relation.values()) {
            if (relation.fileName().equals(directory)) {
                return relation;
            }
        }
        throw new AssertionError("no relation " + directory);
    }

    private static Link link(String from, Relation relation, String to, String source) {
        return new Link(new BundleName(from), relation, new BundleName(to), SourcePath.of(source), Optional.empty());
    }

    private static Service service(
            Path directory, boolean down, boolean eager, Path work, Optional<Path> root, Optional<Path> mount) {
        return new Service(
                directory,
                Set.of(Service.Script.RUN),
                down,
                eager,
                Optional.empty(),
                Map.of(),
                new Service.Place(Optional.empty(), Optional.empty(), 022, work, root, false, Map.of()),
                OptionalInt.empty(),
                false,
                15,
                Service.Timeouts.DEFAULT,
                mount,
                Service.Log.DEFAULT);
    }

    private static ListeningSocket socket(String name, String source, Address address) {
        return new ListeningSocket(
                name,
                source,
                address,
                false,
                ListeningSocket.Handover.LISTEN_FDS,
                name,
                false,
                ListeningSocket.Connections.DEFAULT,
                SocketOptions.NONE,
                ListeningSocket.Node.DEFAULT);
    }

    static Address address(String text) {
        return Address.parse(text).orElseThrow();
    }
}

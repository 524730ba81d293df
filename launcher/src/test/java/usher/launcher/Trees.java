package usher.launcher;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import usher.bundles.Address;
import usher.bundles.Bundle;
import usher.bundles.BundleName;
import usher.bundles.BundleSet;
import usher.bundles.Link;
import usher.bundles.ListeningSocket;
import usher.bundles.Relation;
import usher.bundles.Service;
import usher.bundles.Service.Script;
import usher.bundles.SocketOptions;
import usher.bundles.SourcePath;
import usher.depgraph.Relations;

/** Builds trees of bundles in memory: {@code new Trees().daemon("db").lazy("web").link("web", REQUIRES, "db")}. */
final class Trees {
    private final Map<String, Kind> kinds = new TreeMap<>();
    private final List<Link> links = new ArrayList<>();
    private final Map<String, String> mounters = new TreeMap<>();

    /** What one bundle is made of; scripts empty: a target. Each of the sockets is {@code turned} addresses further on than its name. */
    record Kind(
            Set<Script> scripts,
            int sockets,
            int turned,
            boolean accept,
            int room,
            boolean eager,
            boolean notifies,
            Service.Timeouts timeouts,
            Optional<Duration> idle) {}

    static final int MOST_SOCKETS = 3;

    static final Service.Timeouts TIMEOUTS = new Service.Timeouts(
            Duration.ofSeconds(20), Duration.ofSeconds(15), Duration.ofSeconds(10), Duration.ofSeconds(5));

    Trees target(String name) {
        return add(name, new Kind(Set.of(), 0, 0, false, 0, false, false, TIMEOUTS, Optional.empty()));
    }

    Trees daemon(String name) {
        return scripts(name, EnumSet.of(Script.RUN));
    }

    Trees oneShot(String name) {
        return scripts(name, EnumSet.of(Script.START, Script.STOP));
    }

    Trees scripts(String name, Set<Script> scripts) {
        return add(name, new Kind(scripts, 0, 0, false, 0, false, false, TIMEOUTS, Optional.empty()));
    }

    Trees lazy(String name) {
        return listening(name, 1);
    }

    Trees listening(String name, int sockets) {
        return add(
                name, new Kind(EnumSet.of(Script.RUN), sockets, 0, false, 0, false, false, TIMEOUTS, Optional.empty()));
    }

    Trees eager(String name, int sockets) {
        return add(
                name, new Kind(EnumSet.of(Script.RUN), sockets, 0, false, 0, true, false, TIMEOUTS, Optional.empty()));
    }

    Trees perConnection(String name, int room) {
        return add(name, new Kind(EnumSet.of(Script.RUN), 1, 0, true, room, false, false, TIMEOUTS, Optional.empty()));
    }

    Trees add(String name, Kind kind) {
        kinds.put(name, kind);
        return this;
    }

    Trees link(String from, Relation relation, String to) {
        links.add(new Link(
                new BundleName(from),
                relation,
                new BundleName(to),
                SourcePath.of(from + "/" + relation.fileName() + "/" + to),
                Optional.empty()));
        return this;
    }

    boolean isOnVolume(String name) {
        return mounters.containsKey(name);
    }

    boolean isOneShot(String name) {
        Set<Script> scripts = Objects.requireNonNull(kinds.get(name)).scripts();
        return scripts.contains(Script.START) && !scripts.contains(Script.RUN);
    }

    /** One of the bundle's sockets, the first if there are no others, lies below what {@code mounter} mounts. */
    Trees listensBelow(String bundle, String mounter) {
        mounters.put(bundle, mounter);
        return this;
    }

    int size() {
        return kinds.size();
    }

    void edit(String name, UnaryOperator<Kind> change) {
        kinds.computeIfPresent(name, (bundle, kind) -> change.apply(kind));
    }

    Relations relations() {
        List<Bundle> bundles = new ArrayList<>();
        kinds.forEach((name, kind) -> bundles.add(bundle(new BundleName(name), kind)));
        return Relations.of(new BundleSet(bundles, Map.of(), List.of()));
    }

    private static Path volume(String mounter) {
        return Path.of("/volume", mounter);
    }

    private Bundle bundle(BundleName name, Kind kind) {
        List<Link> own = links.stream().filter(link -> link.from().equals(name)).toList();
        List<ListeningSocket> sockets = new ArrayList<>();
        for (int i = 0; i < kind.sockets; i++) {
            sockets.add(socket(name, i, kind));
        }
        Optional<Service> service = kind.scripts.isEmpty() ? Optional.empty() : Optional.of(service(name, kind));
        return new Bundle(name, Path.of("/b", name.value()), service, sockets, own, Map.of(), Map.of(), List.of());
    }

    private Service service(BundleName name, Kind kind) {
        Path directory = Path.of("/b", name.value(), "service");
        boolean mounts = mounters.containsValue(name.value());
        return new Service(
                directory,
                kind.scripts,
                false,
                kind.eager,
                kind.idle,
                Map.of(),
                new Service.Place(
                        Optional.empty(), Optional.empty(), 022, directory, Optional.empty(), false, Map.of()),
                kind.notifies ? OptionalInt.of(3) : OptionalInt.empty(),
                false,
                15,
                kind.timeouts,
                mounts ? Optional.of(volume(name.value())) : Optional.empty(),
                Service.Log.DEFAULT);
    }

    private ListeningSocket socket(BundleName bundle, int number, Kind kind) {
        String name = "s" + number;
        int place = (number + kind.turned) % MOST_SOCKETS;
        String mounter = place == 0 ? mounters.get(bundle.value()) : null;
        String path = mounter == null ? bundle + "." + place : volume(mounter) + "/" + bundle;
        return new ListeningSocket(
                name,
                bundle + "/sockets/" + name,
                new Address.Unix(Address.UnixType.STREAM, path, mounter == null),
                kind.accept,
                kind.accept ? ListeningSocket.Handover.STDIN : ListeningSocket.Handover.LISTEN_FDS,
                name,
                false,
                new ListeningSocket.Connections(
                        kind.accept ? kind.room : 64,
                        OptionalInt.empty(),
                        List.of(),
                        List.of(),
                        Optional.empty(),
                        false),
                SocketOptions.NONE,
                ListeningSocket.Node.DEFAULT);
    }
}

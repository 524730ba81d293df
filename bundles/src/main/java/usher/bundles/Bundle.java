package usher.bundles;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A bundle as read from its directory.
 *
 * @param directory absolute, the first hit along the search path; if that is a link to elsewhere, what it leads to
 * @param service what it runs; absent: the bundle is a target
 * @param sockets in byte order of their names
 * @param links in byte order of relation and name, merged along the search path
 * @param connects addresses it is a client of, by the file that holds them ({@code web/connects/db}), in byte order
 * @param cgroup values by knob ({@code memory.max}), in byte order
 * @param problems what is wrong or doubtful about its own files; with an error among them it cannot be started
 */
public record Bundle(
        BundleName name,
        Path directory,
        Optional<Service> service,
        List<ListeningSocket> sockets,
        List<Link> links,
        Map<String, Address> connects,
        Map<String, String> cgroup,
        List<Problem> problems) {

    public Bundle {
        sockets = List.copyOf(sockets);
        links = List.copyOf(links);
        connects = ByteOrder.copyOf(connects);
        cgroup = ByteOrder.copyOf(cgroup);
        problems = List.copyOf(problems);
    }

    /** Whether its own files are free of errors. */
    public boolean isSound() {
        for (Problem problem : problems) {
            if (problem.isError()) {
                return false;
            }
        }
        return true;
    }

    /** The same bundle with these sockets instead of its own; itself if they are its own. */
    public Bundle withSockets(List<ListeningSocket> others) {
        return sockets.equals(others)
                ? this
                : new Bundle(name, directory, service, others, links, connects, cgroup, problems);
    }

    public boolean isTarget() {
        return service.isEmpty() && sockets.isEmpty();
    }

    /** Whether it runs {@code start} only: up once that has exited 0. */
    public boolean isOneShot() {
        return has(Service.Script.START) && !has(Service.Script.RUN);
    }

    /** Whether it has that script; a target has none. */
    public boolean has(Service.Script script) {
        return service.isPresent() && service.get().has(script);
    }

    /** Whether it has a socket of this name and address. */
    public boolean declares(ListeningSocket socket) {
        return sockets.stream()
                .anyMatch(
                        own -> own.name().equals(socket.name()) && own.address().equals(socket.address()));
    }

    /** Whether its processes wait for traffic: it has sockets and is not {@code eager}. */
    public boolean isLazy() {
        return !sockets.isEmpty() && !(service.isPresent() && service.get().eager());
    }

    /** Whether to listen is all it does until somebody knocks: it is lazy, and no {@code start} is to be run first. */
    public boolean listensWithoutProcess() {
        return isLazy() && !(isPerConnection() && has(Service.Script.START));
    }

    /** Whether it runs one process per connection. */
    public boolean isPerConnection() {
        for (ListeningSocket socket : sockets) {
            if (socket.accept()) {
                return true;
            }
        }
        return false;
    }

    /** The link to the bundle that reads its output; without one the launcher keeps its log. */
    public Optional<Link> logLink() {
        for (Link link : links) {
            if (link.relation() == Relation.LOG) {
                return Optional.of(link);
            }
        }
        return Optional.empty();
    }

    /** Where it mounts a volume, without {@code .} and {@code ..}. */
    public Optional<Path> mount() {
        return service.flatMap(Service::mount).map(Path::normalize);
    }

    /** Whether it is left out of {@code run} without names. */
    public boolean isDown() {
        return service.isPresent() && service.get().down();
    }
}

package usher.depgraph;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import usher.bundles.Address;
import usher.bundles.Bundle;
import usher.bundles.Link;
import usher.bundles.ListeningSocket;
import usher.bundles.Service;
import usher.bundles.SourcePath;

/**
 * Which bundles mount a directory, and who lives on, works in or listens below it. Of several mounts above a path the
 * lowest counts: the others are above its own directory, so that the rest of the chain follows. Of several bundles that
 * mount one directory the first in byte order counts.
 */
final class Mounts {
    private final Bundle[] bundles;
    private final Map<Path, Integer> mounters;

    /** One path of a bundle that lies below what {@code mounter} mounts; {@code listens}: the path is a socket's. */
    record Below(int mounter, SourcePath source, boolean listens) {}

    private Mounts(Bundle[] bundles, Map<Path, Integer> mounters) {
        this.bundles = bundles;
        this.mounters = mounters;
    }

    static Mounts of(Bundle[] bundles) {
        Map<Path, Integer> mounters = new HashMap<>();
        for (int i = 0; i < bundles.length; i++) {
            Optional<Path> mount = bundles[i].mount();
            if (mount.isPresent()) {
                mounters.putIfAbsent(mount.get(), i);
            }
        }
        return new Mounts(bundles, mounters);
    }

    boolean isEmpty() {
        return mounters.isEmpty();
    }

    /** What of bundle {@code i} lies below a mount of another's. */
    List<Below> of(int i) {
        Bundle bundle = bundles[i];
        String name = bundle.name().value();
        List<Below> found = new ArrayList<>();
        add(found, i, bundle.directory(), name, false);
        if (bundle.service().isPresent()) {
            Service service = bundle.service().get();
            String files = service.directory().equals(bundle.directory()) ? name : name + "/service";
            if (!service.place().directory().equals(service.directory())) {
                add(found, i, service.place().directory(), files + "/directory", false);
            }
            if (service.place().root().isPresent()) {
                add(found, i, service.place().root().get(), files + "/root", false);
            }
            Optional<Path> mount = bundle.mount();
            if (mount.isPresent()) {
                add(found, i, mount.get().getParent(), files + "/mount", false);
            }
        }
        for (ListeningSocket socket : bundle.sockets()) {
            add(found, i, path(socket.address()), socket.source(), true);
        }
        return found;
    }

    /** The bundle that mounts the directory below which the link dangles, so that it is pending; -1: it is not. */
    int above(Link link) {
        return isEmpty() || link.missing().isEmpty()
                ? -1
                : mounter(-1, link.missing().get());
    }

    private void add(List<Below> found, int i, @Nullable Path path, String source, boolean listens) {
        int mounter = path == null ? -1 : mounter(i, path);
        if (mounter >= 0) {
            found.add(new Below(mounter, SourcePath.of(source), listens));
        }
    }

    private int mounter(int self, Path path) {
        for (Path above = path.normalize(); above != null; above = above.getParent()) {
            Integer mounter = mounters.get(above);
            if (mounter != null && mounter != self) {
                return mounter;
            }
        }
        return -1;
    }

    private static @Nullable Path path(Address address) {
        if (address instanceof Address.Unix unix && !unix.isAbstract()) {
            return Path.of(unix.name());
        }
        return address instanceof Address.Fifo fifo ? fifo.path() : null;
    }
}

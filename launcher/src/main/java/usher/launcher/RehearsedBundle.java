package usher.launcher;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import usher.activation.posix.Processes;
import usher.bundles.Address;
import usher.bundles.Bundle;
import usher.bundles.BundleName;
import usher.bundles.BundleSet;
import usher.bundles.ListeningSocket;
import usher.bundles.ListeningSocket.Handover;
import usher.bundles.Service;
import usher.bundles.Service.Script;
import usher.bundles.SocketOptions;
import usher.depgraph.Relations;

/** The bundle that a {@link Rehearsal} plays, which no directory declares: a lazy daemon with one socket. */
final class RehearsedBundle {
    private static final String SOCKET = "knocks";

    private RehearsedBundle() {}

    static Bundle of(BundleName name, Address address, Handover handover) {
        Path nowhere = Path.of("/");
        Service service = new Service(
                nowhere,
                Set.of(Script.RUN),
                false,
                false,
                Optional.empty(),
                Map.of(),
                new Service.Place(Optional.empty(), Optional.empty(), 022, nowhere, Optional.empty(), false, Map.of()),
                OptionalInt.empty(),
                false,
                Processes.SIGTERM,
                Service.Timeouts.DEFAULT,
                Optional.empty(),
                Service.Log.DEFAULT);
        ListeningSocket socket = new ListeningSocket(
                SOCKET,
                SOCKET,
                address,
                false,
                handover,
                SOCKET,
                false,
                ListeningSocket.Connections.DEFAULT,
                SocketOptions.NONE,
                ListeningSocket.Node.DEFAULT);
        return new Bundle(
                name, nowhere, Optional.of(service), List.of(socket), List.of(), Map.of(), Map.of(), List.of());
    }

    /** Of a tree in which there is nothing else. */
    static Relations relationsOf(Bundle bundle) {
        return Relations.of(new BundleSet(List.of(bundle), Map.of(), List.of()));
    }

    /** Equal, and nowhere the same object: the first comparison of those takes milliseconds. */
    static Bundle readAnew(Bundle bundle) {
        List<Class<?>> types = new ArrayList<>();
        RecordWriter writer = new RecordWriter(type -> {
            types.add(type);
            return types.size() - 1;
        });
        byte[] written = writer.writeWhole(bundle);
        return new RecordReader(number -> RecordWriter.describe(types.get(number)), number -> bundle)
                .read(written, Bundle.class);
    }
}

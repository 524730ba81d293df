package usher.launcher;

import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import usher.activation.Acceptance;
import usher.activation.EventLoop;
import usher.activation.Keeper;
import usher.activation.Listener;
import usher.activation.Opening;
import usher.activation.OriginalLimits;
import usher.activation.Timer;
import usher.activation.posix.Descriptor;
import usher.activation.posix.Descriptors;
import usher.activation.posix.PeerCredentials;
import usher.activation.posix.Users;
import usher.bundles.Address;
import usher.bundles.ListeningSocket;
import usher.bundles.SocketOptions;
import usher.launcher.ControlProtocol.Request;

/**
 * The control socket, RUN-DIR/control: root and the launcher's own user may do all, and so may the members of the
 * control group. The kernel says who a client is ({@code SO_PEERCRED}, {@code SO_PEERGROUPS}), not the client.
 */
final class ControlServer implements AutoCloseable {
    /** In nanoseconds. */
    private static final long PAUSE = 1_000_000_000;

    private final EventLoop loop;
    private final Listener listener;
    private final int uid;
    private final OptionalInt group;
    private final BiConsumer<ControlConnection, Request> answerer;
    private @Nullable Timer again;

    private ControlServer(
            EventLoop loop,
            Listener listener,
            int uid,
            OptionalInt group,
            BiConsumer<ControlConnection, Request> answerer) {
        this.loop = loop;
        this.listener = listener;
        this.uid = uid;
        this.group = group;
        // Who looks after a launcher that is out of descriptors must be heard.
        this.answerer = (client, request) -> OriginalLimits.toTheFull(() -> answerer.accept(client, request));
        listen();
    }

    private void listen() {
        loop.watch(listener.descriptor(), EventLoop.READABLE, events -> OriginalLimits.toTheFull(this::accept));
    }

    /** Opens the socket; throws {@link Unfit} with a sentence for people where that is not possible. */
    static ControlServer open(
            EventLoop loop,
            Places places,
            Optional<String> group,
            Survivors survivors,
            Keeper keeper,
            BiConsumer<ControlConnection, Request> answerer)
            throws Unfit {
        OptionalInt gid = group.map(Users::group).orElse(OptionalInt.empty());
        if (group.isPresent() && gid.isEmpty()) {
            throw new Unfit("--control-group " + group.get() + ": the group database has no such group");
        }
        ListeningSocket declaration = declaration(places.control().toString(), group);
        Optional<Descriptor> open = survivors
                .control()
                // Somebody may have removed it.
                .filter(socket -> Files.exists(places.control()) && Listener.isOpenAt(declaration.address(), socket));
        Opening opening = open.isPresent()
                ? new Opening.Opened(Listener.adopt(declaration, open.get()), List.of())
                : Listener.open(declaration);
        if (opening instanceof Opening.Opened opened) {
            opened.listener().listenAgain(); // so that clients are told of this process as the one that listens
            keeper.keep(Survivors.CONTROL, List.of(opened.listener().descriptor()));
            return new ControlServer(loop, opened.listener(), places.uid(), gid, answerer);
        }
        throw new Unfit(((Opening.OpenFailure) opening).message());
    }

    private static ListeningSocket declaration(String path, Optional<String> group) {
        return new ListeningSocket(
                "control",
                "control socket",
                new Address.Unix(Address.UnixType.STREAM, path, false),
                true,
                ListeningSocket.Handover.STDIN,
                "control",
                false,
                ListeningSocket.Connections.DEFAULT,
                SocketOptions.NONE,
                new ListeningSocket.Node(
                        Optional.empty(), group, group.isPresent() ? 0660 : 0600, 0755, true, List.of()));
    }

    private void accept() {
        Acceptance accepted = listener.accept();
        while (accepted instanceof Acceptance.Connection connection) {
            if (isAllowed(connection.descriptor())) {
                new ControlConnection(loop, connection.descriptor(), answerer);
            } else {
                refuse(connection);
            }
            accepted = listener.accept();
        }
        if (accepted instanceof Acceptance.Exhausted) {
            // Clients have all that was kept back, and who waits would be told of again and again.
            loop.unwatch(listener.descriptor());
            again = loop.at(System.nanoTime() + PAUSE, this::listen);
        }
    }

    /** It is told, as a connection that just ends is what a launcher leaves that was killed. */
    private static void refuse(Acceptance.Connection connection) {
        byte[] why =
                ControlProtocol.err("usher: control: is not for you (the launcher's own user and root may do all)");
        byte[] exit = ControlProtocol.exit(Exit.FAILED);
        try (connection) {
            Descriptors.write(connection.descriptor().number(), why, 0, why.length);
            Descriptors.write(connection.descriptor().number(), exit, 0, exit.length);
        }
    }

    private boolean isAllowed(Descriptor client) {
        Optional<PeerCredentials> peer = PeerCredentials.of(client);
        if (peer.isEmpty()) {
            return false;
        }
        boolean known = peer.get().uid() == 0 || peer.get().uid() == uid;
        return known
                || group.isPresent()
                        && (peer.get().gid() == group.getAsInt()
                                || PeerCredentials.groups(client).contains(group.getAsInt()));
    }

    @Override
    public void close() {
        if (again != null) {
            again.cancel();
        }
        loop.unwatch(listener.descriptor());
        listener.close();
    }
}

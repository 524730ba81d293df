package usher.launcher;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import usher.activation.EventLoop;
import usher.activation.Keeper;
import usher.activation.Listener;
import usher.activation.Opening;
import usher.activation.PassedSockets;
import usher.bundles.Bundle;
import usher.bundles.BundleName;
import usher.bundles.ListeningSocket;

/** Opens, watches, revives and closes the listening sockets of bundles, and tells the engine what came of it. */
final class ListeningSockets {
    /** Whether a descriptor hangs up is always said: epoll_ctl(2). */
    private static final int HANG_UP_ONLY = 0;

    private final EventLoop loop;
    private final PassedSockets passed;
    private final Keeper keeper;
    private final Diary diary;
    private final Consumer<Event> tell;
    private final Consumer<BundleName> knocked;

    /** {@code knocked} hears of traffic. */
    ListeningSockets(
            EventLoop loop,
            PassedSockets passed,
            Keeper keeper,
            Diary diary,
            Consumer<Event> tell,
            Consumer<BundleName> knocked) {
        this.knocked = knocked;
        this.loop = loop;
        this.keeper = keeper;
        this.passed = passed;
        this.diary = diary;
        this.tell = tell;
    }

    /** Opens what is not open; what is takes over its declaration. The engine hears of each that was tried. */
    void open(Bundle bundle, Holding holding) {
        for (ListeningSocket socket : bundle.sockets()) {
            Listener open = holding.listeners.get(socket.name());
            if (open != null) {
                open.redeclare(socket);
                holding.intake(socket.name()).full = false;
                if (holding.restored.remove(socket.name())) {
                    tell.accept(new Event.Opened(bundle.name(), socket.name()));
                }
                continue;
            }
            Opening opening =
                    passed.take(socket).<Opening>map(ListeningSockets::adopted).orElseGet(() -> Listener.open(socket));
            if (opening instanceof Opening.Opened opened) {
                holding.listeners.put(socket.name(), opened.listener());
                keep(bundle.name(), opened.listener());
                passed.forgetTaken(keeper);
                holding.troubles.remove(socket.name());
                opened.warnings().forEach(diary::complain);
                tell.accept(new Event.Opened(bundle.name(), socket.name()));
            } else if (opening instanceof Opening.OpenFailure failure) {
                failed(bundle.name(), holding, socket.name(), failure);
            }
        }
        if (holding.watching) {
            watch(bundle.name(), holding);
        }
    }

    private void failed(BundleName bundle, Holding holding, String socket, Opening.OpenFailure failure) {
        if (!failure.message().equals(holding.troubles.put(socket, failure.message()))) {
            diary.complain(failure.message());
        }
        boolean hopeful = failure.kind() == Opening.Kind.NOT_YET || failure.kind() == Opening.Kind.RESOURCES;
        tell.accept(new Event.OpenFailed(bundle, socket, hopeful, failure.message()));
    }

    private void keep(BundleName bundle, Listener listener) {
        keeper.keep(key(bundle, listener), List.of(listener.descriptor()));
    }

    private static String key(BundleName bundle, Listener listener) {
        return Survivors.socketKey(bundle, SocketMarks.of(listener.declaration()));
    }

    /** Takes over the sockets that a launcher before this one had open. */
    void restore(Bundle bundle, Holding holding, Survivors survivors) {
        survivors.sockets(bundle.name(), bundle.sockets()).forEach((mark, listener) -> {
            String name = listener.declaration().name();
            holding.listeners.put(name, listener);
            holding.restored.add(name);
            keepInsteadOf(Survivors.socketKey(bundle.name(), mark), bundle.name(), listener);
        });
    }

    /** First the new key, then not the old one: it is kept at every moment. */
    private void keepInsteadOf(String key, BundleName bundle, Listener listener) {
        if (!key.equals(key(bundle, listener))) {
            keep(bundle, listener);
            keeper.forget(key);
        }
    }

    private static Opening adopted(Listener listener) {
        return new Opening.Opened(listener, List.of());
    }

    /** Closes those whose addresses the bundle does not declare; to others it may give other names. */
    void closeOthers(Bundle bundle, Holding holding) {
        Map<String, Listener> open = new HashMap<>();
        holding.listeners.values().forEach(listener -> open.put(SocketMarks.of(listener.declaration()), listener));
        Map<String, ListeningSocket> heirs = SocketMarks.heirs(open.keySet(), bundle.sockets());
        Map<String, ListeningSocket> renamed = new HashMap<>();
        open.forEach((mark, listener) -> {
            String name = listener.declaration().name();
            ListeningSocket heir = heirs.get(mark);
            if (heir == null) {
                keeper.forget(key(bundle.name(), listener));
                listener.close();
                holding.lent.remove(listener);
                holding.listeners.remove(name);
                holding.intake(name).dismiss();
            } else if (!heir.name().equals(name)) {
                renamed.put(name, heir);
            }
        });
        holding.rename(renamed);
        heirs.forEach((mark, heir) -> keepInsteadOf(
                Survivors.socketKey(bundle.name(), mark),
                bundle.name(),
                Objects.requireNonNull(holding.listeners.get(heir.name()))));
    }

    void close(BundleName bundle, Holding holding) {
        holding.listeners.values().forEach(listener -> keeper.forget(key(bundle, listener)));
        holding.listeners.values().forEach(Listener::close);
        holding.listeners.clear();
        holding.lent.clear();
        holding.watching = false;
    }

    void unwatch(BundleName bundle, Holding holding) {
        holding.watching = false;
        for (Listener listener : holding.listeners.values()) {
            loop.unwatch(listener.descriptor());
        }
        holding.lent.clear();
        if (holding.runs()) {
            lend(bundle, holding);
        }
    }

    /** A daemon has them now; it may shut one down, which was everybody's. */
    void lend(BundleName bundle, Holding holding) {
        for (Listener listener : holding.listeners.values()) {
            if (listener.declaration().address().isConnectionOriented() && !loop.isWatched(listener.descriptor())) {
                holding.lent.add(listener);
                loop.watch(listener.descriptor(), HANG_UP_ONLY, events -> hungUp(bundle, holding, listener));
            }
        }
    }

    private void hungUp(BundleName bundle, Holding holding, Listener listener) {
        if (listener.isShutDown()) {
            revive(bundle, holding, listener);
            lend(bundle, holding);
        } else {
            loop.unwatch(listener.descriptor());
            holding.lent.remove(listener);
        }
    }

    /** Has the engine told of the next traffic on any of them. */
    void watch(BundleName bundle, Holding holding) {
        holding.watching = true;
        for (Listener listener : holding.listeners.values()) {
            boolean watched = loop.isWatched(listener.descriptor()) && !holding.lent.remove(listener);
            if (!watched && !holding.intake(listener.declaration().name()).full) {
                loop.watch(
                        listener.descriptor(), EventLoop.READABLE, events -> ready(bundle, holding, listener, events));
            }
        }
        if (holding.hasDueConnections()) {
            tell.accept(new Event.Knocked(bundle));
        }
    }

    private void ready(BundleName bundle, Holding holding, Listener listener, int events) {
        String socket = listener.declaration().name(); // it may have got another one since it is watched
        if (!listener.equals(holding.listeners.get(socket))) {
            return;
        }
        if ((events & (EventLoop.HANG_UP | EventLoop.ERROR)) != 0 && listener.isShutDown()) {
            revive(bundle, holding, listener);
            watch(bundle, holding);
        } else {
            holding.intake(socket).knocking = true;
            knocked.accept(bundle);
        }
    }

    /** After a daemon has ended. */
    void reviveShutDown(BundleName bundle, Holding holding) {
        for (Listener listener : List.copyOf(holding.listeners.values())) {
            if (listener.isShutDown()) {
                revive(bundle, holding, listener);
            }
        }
    }

    /** A daemon shut the socket down, and everybody's socket it was: it is made to listen again, or to be opened later. */
    private void revive(BundleName bundle, Holding holding, Listener listener) {
        loop.unwatch(listener.descriptor());
        holding.lent.remove(listener);
        diary.note(bundle + ": " + listener + " was shut down by its daemon and is made to listen again");
        if (listener.listenAgain()) {
            return;
        }
        String socket = listener.declaration().name();
        keeper.forget(key(bundle, listener));
        keeper.letGo(); // until then the address is taken
        if (listener.openAnew() instanceof Opening.OpenFailure failure) {
            holding.listeners.remove(socket);
            failed(bundle, holding, socket, failure);
        } else {
            keep(bundle, listener);
        }
    }
}

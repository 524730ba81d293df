package usher.launcher;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import usher.activation.EventLoop;
import usher.activation.Keeper;
import usher.activation.Listener;
import usher.activation.Opening;
import usher.activation.PassedSockets;
import usher.bundles.Address;
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

    ListeningSockets(EventLoop loop, PassedSockets passed, Keeper keeper, Diary diary, Consumer<Event> tell) {
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
        keeper.keep(Survivors.socketKey(bundle, listener.declaration().name()), List.of(listener.descriptor()));
    }

    /** Takes over the sockets that a launcher before this one had open. */
    void restore(Bundle bundle, Holding holding, Survivors survivors) {
        for (ListeningSocket socket : bundle.sockets()) {
            survivors.socket(bundle.name(), socket).ifPresent(listener -> {
                holding.listeners.put(socket.name(), listener);
                holding.restored.add(socket.name());
            });
        }
    }

    private static Opening adopted(Listener listener) {
        return new Opening.Opened(listener, List.of());
    }

    /** Closes what the bundle does not declare, or declares at another address. */
    void closeOthers(Bundle bundle, Holding holding) {
        Map<String, Address> declared = new HashMap<>();
        bundle.sockets().forEach(socket -> declared.put(socket.name(), socket.address()));
        for (Listener listener : List.copyOf(holding.listeners.values())) {
            String name = listener.declaration().name();
            if (!listener.declaration().address().equals(declared.get(name))) {
                keeper.forget(Survivors.socketKey(bundle.name(), name));
                listener.close();
                holding.lent.remove(listener);
                holding.listeners.remove(name);
                holding.intake(name).dismiss();
            }
        }
    }

    void close(BundleName bundle, Holding holding) {
        holding.listeners.keySet().forEach(name -> keeper.forget(Survivors.socketKey(bundle, name)));
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
        for (Map.Entry<String, Listener> entry : holding.listeners.entrySet()) {
            Listener listener = entry.getValue();
            boolean watched = loop.isWatched(listener.descriptor()) && !holding.lent.remove(listener);
            if (!watched && !holding.intake(entry.getKey()).full) {
                loop.watch(
                        listener.descriptor(),
                        EventLoop.READABLE,
                        events -> ready(bundle, holding, entry.getKey(), events));
            }
        }
        if (holding.hasDueConnections()) {
            tell.accept(new Event.Knocked(bundle));
        }
    }

    private void ready(BundleName bundle, Holding holding, String socket, int events) {
        Listener listener = holding.listeners.get(socket);
        if (listener == null) {
            return;
        }
        if ((events & (EventLoop.HANG_UP | EventLoop.ERROR)) != 0 && listener.isShutDown()) {
            revive(bundle, holding, listener);
            watch(bundle, holding);
        } else {
            holding.intake(socket).knocking = true;
            tell.accept(new Event.Knocked(bundle));
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
        keeper.forget(Survivors.socketKey(bundle, socket));
        keeper.letGo(); // until then the address is taken
        if (listener.openAnew() instanceof Opening.OpenFailure failure) {
            holding.listeners.remove(socket);
            failed(bundle, holding, socket, failure);
        } else {
            keep(bundle, listener);
        }
    }
}

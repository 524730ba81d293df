package usher.launcher;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import usher.activation.Listener;
import usher.bundles.Bundle;
import usher.bundles.BundleName;
import usher.bundles.BundleSet;
import usher.bundles.Enablement;
import usher.bundles.ListeningSocket;
import usher.bundles.SearchPath;
import usher.bundles.Service.Script;

/** What {@code status} and {@code sockets} tell: the engine's lives and the shell's holdings, as records for printing. */
final class Survey {
    private static final String LATER = "the daemon gets it at its next start or replace";

    private final SearchPath path;
    private final Engine engine;
    private final Shell shell;
    private final Clock clock;

    Survey(SearchPath path, Engine engine, Shell shell, Clock clock) {
        this.path = path;
        this.engine = engine;
        this.shell = shell;
        this.clock = clock;
    }

    /** The bundle's life; one that has never been asked for is down. */
    private BundleStatus bundle(Bundle bundle, boolean enabled) {
        Life life = engine.life(bundle.name());
        if (life == null) {
            life = Life.of(bundle, 1);
        }
        Holding.Running process = shell.holding(bundle.name()).processes.get(life.main());
        Optional<Instant> nextTry = life.phase() == Life.Phase.BACKOFF
                ? Optional.of(clock.instant(life.deadline()))
                : life.state() == State.WAITING && life.doors().retryAt() != Life.NEVER
                        ? Optional.of(clock.instant(life.doors().retryAt()))
                        : Optional.empty();
        String detail = life.detail().isEmpty() ? life.doors().why() : life.detail();
        return new BundleStatus(
                bundle.name(),
                life.state(),
                process != null && process.script() == Script.RUN
                        ? OptionalLong.of(
                                shell.holding(bundle.name()).main(process).pid())
                        : OptionalLong.empty(),
                life.tally().instances(),
                clock.instant(life.since()),
                life.tally().starts(),
                life.tally().lastExit(),
                nextTry,
                enabled,
                detail,
                shell.containment().kind());
    }

    /**
     * Those that live, and those that are there to be started.
     *
     * @param tree as it is now: whose links say what is enabled
     */
    List<BundleStatus> bundles(Collection<Bundle> known, BundleSet tree) {
        Enablement enablement = new Enablement(path, tree);
        List<BundleStatus> all = new ArrayList<>();
        for (Bundle bundle : known) {
            all.add(bundle(bundle, enablement.isEnabled(bundle)));
        }
        return all;
    }

    List<SocketStatus> sockets(Collection<BundleName> of) {
        List<SocketStatus> all = new ArrayList<>();
        for (Life life : engine.lives()) {
            if (of.isEmpty() || of.contains(life.bundle().name())) {
                for (ListeningSocket socket : life.bundle().sockets()) {
                    all.add(socket(life, socket));
                }
            }
        }
        return all;
    }

    private SocketStatus socket(Life life, ListeningSocket socket) {
        Holding holding = shell.holding(life.bundle().name());
        Listener listener = holding.listeners.get(socket.name());
        Intake intake = holding.intake(socket.name());
        boolean handedOver = listener != null && holding.isHandedOver(listener);
        String state = listener == null
                ? life.wish() == Life.Wish.DOWN ? "closed" : "waiting"
                : handedOver ? "handed over" : "listening";
        boolean daemonLacksIt = listener != null && !handedOver && holding.runs();
        return new SocketStatus(
                socket.address().toString(),
                life.bundle().name(),
                socket.name(),
                socket.fdName(),
                state,
                intake.taken,
                intake.refused,
                daemonLacksIt ? LATER : holding.troubles.getOrDefault(socket.name(), ""));
    }
}

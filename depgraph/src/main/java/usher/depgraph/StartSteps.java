package usher.depgraph;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import usher.bundles.Address;
import usher.bundles.ListeningSocket;
import usher.bundles.SourcePath;

/** The steps of a start job that are taken at once: conflicts stop, sockets open, processes start. */
final class StartSteps implements Conflicts.Starting {
    private static final List<ListeningSocket> NO_SOCKETS = List.of();

    private final Ties ties;
    private final Members members;
    private final Blocked blocked;
    private final BitSet inFlight;
    private final OrderGraph graph;
    private final int[] order;
    private final StopOrder stops;
    private final Map<Address, Integer> held = new HashMap<>();
    private final StepList steps;
    private final int[] opened;
    private final int[] started;
    /** 1 if sockets are opened before anything else, so that no process starts in the first wave. */
    private int base;

    StartSteps(Ties ties, Members members, Blocked blocked, BitSet inFlight, OrderGraph graph, int[] order) {
        this.ties = ties;
        this.members = members;
        this.blocked = blocked;
        this.inFlight = inFlight;
        this.graph = graph;
        this.order = order;
        stops = Conflicts.stops(ties, members.all(), this);
        for (int bundle : stops.bundles()) {
            for (ListeningSocket socket : stops.closes(bundle) ? ties.bundles[bundle].sockets() : NO_SOCKETS) {
                held.putIfAbsent(socket.address(), bundle);
            }
        }
        steps = new StepList(ties, -1);
        opened = new int[ties.size()];
        started = new int[ties.size()];
    }

    @Override
    public boolean has(int bundle) {
        return members.starts(bundle) && !blocked.has(bundle);
    }

    @Override
    public boolean opens(int bundle) {
        return members.has(bundle) && !blocked.has(bundle);
    }

    List<Step> all() {
        steps.addStops(stops);
        for (int member : members.all()) {
            if (opens(member) && graph.socketsOf(member) < 0) {
                open(member);
            }
        }
        // Sockets that wait for a mount may still add to the first wave by others of the same bundle that do not.
        for (int member : members.all()) {
            if (opens(member) && graph.socketsOf(member) >= 0 && hasEarlySocket(member)) {
                base = 1;
            }
        }
        for (int vertex : order) {
            int bundle = graph.bundle(vertex);
            if (graph.isSockets(vertex)) {
                if (opens(bundle)) {
                    open(bundle);
                }
            } else if (has(bundle)) {
                start(bundle);
            }
        }
        return steps.inPlanOrder();
    }

    private void open(int bundle) {
        List<ListeningSocket> sockets = ties.bundles[bundle].sockets();
        for (int place = 0; place < sockets.size(); place++) {
            List<Edge> after = openAfter(bundle, sockets.get(place));
            int wave = 1;
            for (Edge edge : after) {
                int first = ties.find(edge.from());
                wave = Math.max(wave, 1 + (stops.has(first) ? stops.endWave(first) : up(first)));
            }
            base = wave == 1 ? 1 : base;
            opened[bundle] = Math.max(opened[bundle], wave);
            steps.add(wave, Step.Kind.OPEN, bundle, place, after);
        }
    }

    private boolean hasEarlySocket(int bundle) {
        for (ListeningSocket socket : ties.bundles[bundle].sockets()) {
            if (openAfter(bundle, socket).isEmpty()) {
                return true;
            }
        }
        return false;
    }

    /** What the socket must wait for: its mount, and a bundle that holds its address and is stopped by this job. */
    private List<Edge> openAfter(int bundle, ListeningSocket socket) {
        int arcs = graph.socketsOf(bundle) < 0 ? 0 : ties.listens.inEnd(bundle) - ties.listens.inStart(bundle);
        Integer holder = held.isEmpty() ? null : held.get(socket.address());
        if (arcs == 0 && holder == null) {
            return List.of();
        }
        List<Edge> after = new ArrayList<>();
        for (int place = ties.listens.inStart(bundle); place < ties.listens.inStart(bundle) + arcs; place++) {
            int arc = ties.listens.in(place);
            int mounter = ties.listens.tail(arc);
            if (ties.listens.label(arc).source().equals(socket.source())
                    && graph.mayPrecede(mounter, bundle)
                    && (has(mounter) || (opens(mounter) && ties.lazy[mounter]))) {
                after.add(ties.listens.label(arc));
            }
        }
        if (holder != null) {
            int arc = ties.conflicts.find(holder, bundle);
            after.add(
                    arc >= 0
                            ? ties.conflicts.label(arc)
                            : new Edge(
                                    ties.name(holder),
                                    ties.name(bundle),
                                    Reason.SOCKET,
                                    SourcePath.of(socket.source())));
        }
        return after;
    }

    private void start(int bundle) {
        List<Edge> after = new ArrayList<>();
        int wave = Math.max(base, opened[bundle]);
        for (int place = ties.orders.inStart(bundle); place < ties.orders.inEnd(bundle); place++) {
            int arc = ties.orders.in(place);
            int first = ties.orders.tail(arc);
            if (waitsFor(first, bundle)) {
                after.add(ties.orders.label(arc));
                wave = Math.max(wave, up(first));
            }
        }
        for (Edge edge : Conflicts.after(ties, stops, bundle)) {
            after.add(edge);
            wave = Math.max(wave, stops.endWave(Conflicts.stopped(ties, edge, bundle)));
        }
        started[bundle] = wave + 1;
        steps.add(wave + 1, Step.Kind.START, bundle, after);
    }

    private boolean waitsFor(int first, int bundle) {
        if (first == bundle || stops.has(first) || graph.isMute(first, bundle)) {
            return false;
        }
        return opens(first) ? ties.lazy[first] || has(first) : inFlight.get(first);
    }

    /** The wave in which a bundle is up for those after it; 0 if another job sees to that. */
    private int up(int bundle) {
        return ties.lazy[bundle] ? opened[bundle] : started[bundle];
    }
}

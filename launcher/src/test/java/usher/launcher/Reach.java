package usher.launcher;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import usher.bundles.Bundle;
import usher.bundles.BundleName;
import usher.bundles.Relation;
import usher.depgraph.Relations;

/** How far a request or a knock reaches, found in the plainest way: whom it may stop. */
final class Reach {
    private static final Set<Relation> TAKES_IN = EnumSet.of(Relation.WANTS, Relation.REQUIRES, Relation.LOG);

    private final Relations relations;
    private final Map<BundleName, Set<BundleName>> requirers = new HashMap<>();

    Reach(Relations relations) {
        this.relations = relations;
        for (Bundle bundle : relations.bundles().bundles()) {
            for (BundleName required : relations.requires(bundle.name())) {
                requirers.computeIfAbsent(required, name -> new TreeSet<>()).add(bundle.name());
            }
        }
    }

    /** Whose sockets may be closed because of it. */
    Set<BundleName> stoppedBy(Event event) {
        if (event instanceof Event.Requested request) {
            return stoppedBy(request);
        }
        return event instanceof Event.Knocked knock
                ? withRequirers(conflictsOfClosure(List.of(knock.bundle())))
                : Set.of();
    }

    private Set<BundleName> stoppedBy(Event.Requested request) {
        return switch (request.verb()) {
            case STOP, RESTART -> withRequirers(union(request.names(), conflictsOfClosure(request.names())));
            case REFRESH -> Set.of();
            case START, START_NOW, REPLACE -> withRequirers(conflictsOfClosure(request.names()));
            case SHUTDOWN -> {
                Set<BundleName> all = new TreeSet<>();
                relations.bundles().bundles().forEach(bundle -> all.add(bundle.name()));
                yield all;
            }
        };
    }

    private static Set<BundleName> union(Collection<BundleName> a, Collection<BundleName> b) {
        Set<BundleName> both = new TreeSet<>(a);
        both.addAll(b);
        return both;
    }

    private Set<BundleName> conflictsOfClosure(Collection<BundleName> names) {
        Set<BundleName> closure = new TreeSet<>();
        ArrayDeque<BundleName> open = new ArrayDeque<>(withRequirers(names));
        Set<BundleName> conflicts = new TreeSet<>();
        while (!open.isEmpty()) {
            BundleName next = open.remove();
            if (closure.add(next)) {
                conflicts.addAll(relations.conflicts(next));
                open.addAll(relations.requires(next));
                relations
                        .bundles()
                        .find(next)
                        .ifPresent(bundle -> bundle.links().forEach(link -> {
                            if (TAKES_IN.contains(link.relation())) {
                                open.add(link.to());
                            }
                        }));
            }
        }
        return conflicts;
    }

    private Set<BundleName> withRequirers(Collection<BundleName> names) {
        Set<BundleName> all = new TreeSet<>();
        ArrayDeque<BundleName> open = new ArrayDeque<>(names);
        while (!open.isEmpty()) {
            BundleName next = open.remove();
            if (all.add(next)) {
                open.addAll(requirers.getOrDefault(next, Set.of()));
            }
        }
        return all;
    }
}

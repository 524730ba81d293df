package usher.depgraph;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import usher.depgraph.Difference.FirstKnock;
import usher.depgraph.Difference.OnlySystemdRefuses;
import usher.depgraph.Difference.OnlySystemdStarts;
import usher.depgraph.Difference.OnlyUsherOrders;
import usher.depgraph.Difference.OnlyUsherSeesCycle;
import usher.depgraph.Difference.OnlyUsherStarts;

/** The known kinds of differences, each with the proof that a difference is of that kind. docs/orders-and-systemd.md says more. */
enum Explanation {
    BROKEN_CYCLE("systemd drops one job of a cycle and starts the rest; usher refuses all of it") {
        @Override
        boolean explains(Difference difference, Evidence evidence) {
            return difference instanceof OnlySystemdStarts only
                    && evidence.withRequirers(evidence.onCycles()).contains(DrawnTree.bundle(only.unit()));
        }
    },
    SETTLED_CONFLICT("systemd drops one of two in conflict and starts the other; usher refuses both") {
        @Override
        boolean explains(Difference difference, Evidence evidence) {
            return difference instanceof OnlySystemdStarts only
                    && evidence.withRequirers(evidence.inConflict()).contains(DrawnTree.bundle(only.unit()));
        }
    },
    ALL_OR_NOTHING("systemd starts nothing if what was asked for cannot be started; usher starts the rest") {
        @Override
        boolean explains(Difference difference, Evidence evidence) {
            return difference instanceof OnlyUsherStarts
                    && evidence.told().isRefused()
                    && evidence.blocked().contains(evidence.tree().asked());
        }
    },
    NOT_WANTED_ANY_MORE("systemd leaves out what only jobs that it dropped ask for; usher starts it") {
        @Override
        boolean explains(Difference difference, Evidence evidence) {
            return difference instanceof OnlyUsherStarts only
                    && !evidence.told().isRefused()
                    && !evidence.isAskedFor(only.unit(), Set.of());
        }
    },
    CYCLE_OF_STOPS("systemd refuses a job that has to stop, for a conflict, what is on a cycle; to usher a cycle never"
            + " holds up a stop") {
        @Override
        boolean explains(Difference difference, Evidence evidence) {
            return (difference instanceof OnlySystemdRefuses || difference instanceof OnlyUsherStarts)
                    && evidence.isCycleOfStops();
        }
    },
    RIVAL_REFUSED("usher starts what is in conflict with a bundle that it refuses for another reason; systemd has to"
            + " choose between the two") {
        @Override
        boolean explains(Difference difference, Evidence evidence) {
            return difference instanceof OnlyUsherStarts only
                    && evidence.besidesBlocked().contains(DrawnTree.bundle(only.unit()));
        }
    },
    HIDDEN_BY_A_STOP("systemd does not see a cycle of which it has a job to stop as well, for a conflict, and may start"
            + " what can never finish; usher reports it") {
        @Override
        boolean explains(Difference difference, Evidence evidence) {
            return difference instanceof OnlyUsherSeesCycle only
                    && evidence.areOrders(only.edges())
                    && bundles(only).stream().anyMatch(evidence.stoppedByConflicts(bundles(only))::contains);
        }
    },
    BEHIND_THE_KNOCK("usher reports with the job what would fail at a first knock; systemd then") {
        @Override
        boolean explains(Difference difference, Evidence evidence) {
            if (difference instanceof OnlyUsherSeesCycle only) {
                Set<String> onCycle = bundles(only);
                return evidence.areOrders(only.edges())
                        && onCycle.stream()
                                .anyMatch(bundle -> !evidence.taken()
                                        .contains(evidence.tree().process(bundle)))
                        && !evidence.startAll(onCycle).cycles().isEmpty();
            }
            if (!(difference instanceof OnlySystemdStarts only)) {
                return false;
            }
            String bundle = DrawnTree.bundle(only.unit());
            return evidence.withRequirers(evidence.onCyclesBehindKnocks()).contains(bundle)
                    || evidence.knockedInVain().stream()
                            .filter(knocked ->
                                    evidence.withRequirers(Set.of(knocked)).contains(bundle))
                            .anyMatch(knocked -> cannotBeAnswered(knocked, evidence));
        }

        private boolean cannotBeAnswered(String knocked, Evidence evidence) {
            SystemdOutcome outcome = evidence.knock(knocked);
            String process = evidence.tree().process(knocked);
            return outcome.isRefused() || !outcome.started().containsAll(evidence.ofTree(outcome.takenIn(process)));
        }
    },
    GONE_BEFORE("systemd does not come to a cycle whose jobs it has dropped for another reason; usher reports it") {
        @Override
        boolean explains(Difference difference, Evidence evidence) {
            return difference instanceof OnlyUsherSeesCycle only
                    && evidence.areOrders(only.edges())
                    && bundles(only).stream()
                            .anyMatch(bundle -> !evidence.told()
                                    .started()
                                    .contains(evidence.tree().process(bundle)))
                    && !evidence.startAll(bundles(only)).cycles().isEmpty();
        }
    },
    TARGET_KEEPS_BACK("systemd's target is not after a unit that is itself after the target because it requires it,"
            + " connects or logs to it, or is a target too; to usher that is a cycle") {
        @Override
        boolean explains(Difference difference, Evidence evidence) {
            if (difference instanceof OnlyUsherSeesCycle only) {
                return !evidence.areOrders(only.edges())
                        && only.edges().stream()
                                .allMatch(edge -> evidence.areOrders(List.of(edge))
                                        || (edge.reason() == Reason.TARGET
                                                && evidence.isTargetOrderKeptBack(
                                                        edge.from().value(),
                                                        edge.to().value())));
            }
            return difference instanceof OnlySystemdStarts only
                    && evidence.withRequirers(evidence.onCyclesWithAllTargetOrders())
                            .contains(DrawnTree.bundle(only.unit()));
        }
    },
    AFTER_ITSELF("systemd ignores an order of a unit after itself; to usher that is a cycle of one") {
        @Override
        boolean explains(Difference difference, Evidence evidence) {
            if (difference instanceof OnlyUsherSeesCycle only) {
                return only.edges().size() == 1
                        && evidence.afterThemselves()
                                .contains(only.edges().get(0).to().value());
            }
            return difference instanceof OnlySystemdStarts only
                    && evidence.withRequirers(evidence.afterThemselves()).contains(DrawnTree.bundle(only.unit()));
        }
    },
    MISSING_REQUIREMENT("systemd starts a wanted unit, though not what it wants, although what it requires does not"
            + " exist; usher skips it, and starts what it wants") {
        @Override
        boolean explains(Difference difference, Evidence evidence) {
            if (difference instanceof OnlyUsherStarts only) {
                // systemd does not read on after Requires=, so that it misses what the unit wants.
                return !evidence.isAskedFor(only.unit(), evidence.withRequirers(evidence.withoutRequirement()));
            }
            return difference instanceof OnlySystemdStarts only
                    && evidence.withRequirers(evidence.withoutRequirement()).contains(DrawnTree.bundle(only.unit()));
        }
    },
    SOCKETS_BEFORE_TARGETS("usher opens all sockets before it starts anything; systemd orders targets after none") {
        @Override
        boolean explains(Difference difference, Evidence evidence) {
            return difference instanceof OnlyUsherOrders only
                    && only.first().endsWith(".socket")
                    && only.second().endsWith(".target");
        }
    },
    KNOCK_WITHOUT("usher leaves out of a first knock what cannot be started; systemd decides when it comes") {
        @Override
        boolean explains(Difference difference, Evidence evidence) {
            return difference instanceof FirstKnock knock
                    && knock.bySystemd()
                    && (evidence.blocked().contains(DrawnTree.bundle(knock.unit()))
                            || evidence.inConflictAtKnock(knock.bundle()).contains(DrawnTree.bundle(knock.unit())));
        }
    };

    private final String sentence;

    Explanation(String sentence) {
        this.sentence = sentence;
    }

    String sentence() {
        return sentence;
    }

    abstract boolean explains(Difference difference, Evidence evidence);

    private static Set<String> bundles(OnlyUsherSeesCycle only) {
        Set<String> bundles = new TreeSet<>();
        only.edges().forEach(edge -> bundles.add(edge.to().value()));
        return bundles;
    }
}

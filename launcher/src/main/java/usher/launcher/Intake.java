package usher.launcher;

import java.util.ArrayDeque;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;
import usher.activation.Acceptance;
import usher.activation.Launch;
import usher.activation.Preparation;
import usher.activation.posix.Descriptor;
import usher.bundles.Bundle;

/** What there is of one socket's connections: those that run, those that wait, how many there were. */
final class Intake {
    /** Connections that are held back at once, over all sources: each is a descriptor of the launcher's. */
    static final int MOST_WAITING = 512;

    /** Taken off the queue, and to be served at that {@link System#nanoTime}, which has perhaps passed already. */
    record Waiting(Acceptance.Connection connection, Source source, long at) implements Comparable<Waiting> {
        @Override
        public int compareTo(Waiting other) {
            return Long.signum(at - other.at);
        }
    }

    /** What every connection's process has in common, prepared once for a bundle as it is defined now. */
    record Served(Bundle bundle, Preparation.Ready ready, Launch launch) {
        /** Whether that, which goes by numbers, may still be used. */
        boolean hasOutput() {
            return launch.descriptors().values().stream().allMatch(Descriptor::isOpen);
        }
    }

    final Sources sources = new Sources();

    /** Those for which no process could be made: they come first. */
    final ArrayDeque<Waiting> unserved = new ArrayDeque<>();

    /** Those that came too soon for their source's rate. */
    final PriorityQueue<Waiting> slowed = new PriorityQueue<>();

    long taken;
    long refused;
    /** Processes, alive or not. */
    int started;
    /** Processes alive. */
    int running;
    /** It has as many connections as it may, so the others are left in the kernel's queue. */
    boolean full;
    /** A peer was seen since connections were last taken. */
    boolean knocking;

    @Nullable
    Served served;

    /** The next connection that is due, taken out; null: none is. */
    @Nullable
    Waiting nextDue(long now) {
        if (!hasDue(now)) {
            return null;
        }
        return unserved.isEmpty() ? slowed.remove() : unserved.remove();
    }

    boolean hasDue(long now) {
        Waiting first = slowed.peek();
        return !unserved.isEmpty() || (first != null && first.at() - now <= 0);
    }

    /** Closes the connection and no longer counts it. */
    void drop(Waiting waiting) {
        waiting.connection().close();
        sources.left(waiting.source());
    }

    /** Those who wait are let go. */
    void dismiss() {
        knocking = false;
        unserved.forEach(this::drop);
        unserved.clear();
        slowed.forEach(this::drop);
        slowed.clear();
        forgetServed();
    }

    void forgetServed() {
        if (served != null) {
            served.ready().prepared().close();
            served = null;
        }
    }
}

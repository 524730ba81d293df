package usher.launcher;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.TreeSet;
import usher.bundles.Bundle;
import usher.launcher.Life.Wish;

/**
 * The start or the stop of one bundle, in flight: asked for by jobs, waiting for others, then begun. A bundle has at
 * most one stop and, behind it, one start.
 */
final class Operation {
    enum Kind {
        START,
        STOP
    }

    /** No two operations of a launcher, nor of those that go on from it, have the same. */
    final long number;

    final Kind kind;
    /** As read for the job. */
    final Bundle bundle;

    final Set<Operation> waitsFor = new LinkedHashSet<>();
    final Set<Operation> waiters = new LinkedHashSet<>();
    /** Starts of lazy bundles whose sockets, not whose daemons, this start waits for. */
    final Set<Operation> waitsForDoors = new LinkedHashSet<>();

    final Set<Operation> doorWaiters = new LinkedHashSet<>();
    final Set<Long> jobs = new TreeSet<>();

    /** Of a start: how far. */
    Wish wish = Wish.DOWN;
    /** Of a stop: half of a restart. */
    boolean keepSockets;
    /** Of a start: the bundle's life knows of it. */
    boolean wanted;

    /** Of a start: the bundle has been started already and stays up, so that it stands in nobody's way. */
    boolean standing;
    /** Of a start: beside the daemon that runs already, which is stopped when the new one is ready. */
    boolean replace;

    boolean begun;
    /** How often it has been changed whom it waits for, other than by their ends. */
    int rearranged;
    /** Of a replacement that has begun: the number of the process that is to be replaced. */
    int replaced;
    /** When the job stops waiting for it. */
    long deadline = Life.NEVER;

    Operation(long number, Kind kind, Bundle bundle) {
        this.number = number;
        this.kind = kind;
        this.bundle = bundle;
    }

    void waitFor(Operation other) {
        if (other != this && !begun) {
            rearranged++;
            waitsFor.add(other);
            other.waiters.add(this);
        }
    }

    void waitForDoors(Operation other) {
        if (other != this && !begun) {
            rearranged++;
            waitsForDoors.add(other);
            other.doorWaiters.add(this);
        }
    }

    void stopWaitingFor(Operation other) {
        rearranged++;
        waitsFor.remove(other);
        other.waiters.remove(this);
    }

    boolean mayBegin() {
        return !begun && waitsFor.isEmpty();
    }
}

package usher.launcher;

import java.util.Optional;
import usher.activation.Acceptance;
import usher.activation.Containment;
import usher.activation.Enclosure;
import usher.activation.ExitStatus;
import usher.activation.Launch;
import usher.activation.OpenSockets;
import usher.activation.PendingSpawn;
import usher.activation.Preparation;
import usher.activation.Prepared;
import usher.activation.Spawner;
import usher.activation.Spawning;
import usher.activation.Ucspi;
import usher.activation.posix.PosixException;
import usher.bundles.Bundle;
import usher.bundles.Service;

/** Makes the processes of connections. What those of one socket have in common is prepared once, and kept in its intake. */
final class ConnectionSpawner {
    private final Spawner spawner;
    private final Containment containment;
    private final Launches launches;

    ConnectionSpawner(Spawner spawner, Containment containment, Launches launches) {
        this.spawner = spawner;
        this.containment = containment;
        this.launches = launches;
    }

    /** A process for the connection, on its way to its exec, or why there is none. */
    PendingSpawn begin(Door door, Acceptance.Connection connection) {
        try {
            Preparation preparation = prepare(door);
            if (preparation instanceof Preparation.Failed failed) {
                return PendingSpawn.done(failed.failure());
            }
            Prepared prepared = ((Preparation.Ready) preparation).prepared();
            // Noted before: a launcher killed while it spawns leaves a process that serves the connection. But not
            // a moment before, since one killed in between leaves a connection that nobody serves.
            return prepared.begin(
                    connection.descriptor(), Ucspi.of(connection), () -> OpenSockets.noteServed(connection, true));
        } catch (PosixException full) {
            return PendingSpawn.done(new Spawning.SpawnFailure(full.errno(), String.valueOf(full.getMessage())));
        }
    }

    /** {@code finish} after the process of a connection, which led this process group. */
    Spawning finish(Door door, ExitStatus ended, int group) {
        Bundle bundle = door.bundle();
        try {
            Launch launch = launches.finish(bundle, bundle.service().orElseThrow(), ended, group);
            Enclosure held = door.holding().connectionsHeld;
            return spawner.spawn(held == null ? launch : held.admit(launch));
        } catch (PosixException full) {
            return new Spawning.SpawnFailure(full.errno(), String.valueOf(full.getMessage()));
        }
    }

    /** Made once for a bundle as it is defined now; comparing definitions by value would cost. */
    @SuppressWarnings("ReferenceEquality")
    private Preparation prepare(Door door) {
        Bundle bundle = door.bundle();
        Intake intake = door.intake();
        if (intake.served == null || intake.served.bundle() != bundle || !intake.served.hasOutput()) {
            intake.forgetServed();
            Optional<Service> service = bundle.service();
            if (service.isEmpty()) {
                return new Preparation.Failed(new Spawning.SpawnFailure(0, "nothing to run"));
            }
            Optional<String> fault = containment.apply(bundle);
            if (fault.isPresent()) {
                return new Preparation.Failed(new Spawning.SpawnFailure(0, fault.get()));
            }
            Optional<Enclosure> held = containment.ofConnections(bundle);
            door.holding().connectionsHeld = held.orElse(null);
            Launch launch = launches.perConnection(
                    bundle,
                    service.get(),
                    door.socket().handover(),
                    door.socket().fdName());
            Preparation preparation = spawner.prepareFor(
                    held.isPresent() ? held.get().admit(launch) : launch,
                    Launches.connectionNumbers(door.socket().handover()));
            if (!(preparation instanceof Preparation.Ready ready)) {
                return preparation;
            }
            intake.served = new Intake.Served(bundle, ready, launch);
        }
        return intake.served.ready();
    }
}

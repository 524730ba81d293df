package usher.launcher;

import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import usher.activation.Acceptance;
import usher.activation.EventLoop;

/** Takes connections off the kernel's queues, and says of each whether it is to be served now, later or not at all. */
final class Arrivals {
    private final EventLoop loop;
    private final Outputs outputs;
    private final ConnectionChronicle chronicle;
    private final Consumer<Event> tell;

    Arrivals(EventLoop loop, Outputs outputs, ConnectionChronicle chronicle, Consumer<Event> tell) {
        this.loop = loop;
        this.outputs = outputs;
        this.chronicle = chronicle;
        this.tell = tell;
    }

    /** What came of looking for the next one. */
    sealed interface Next permits Due, NotNow, Nobody {}

    /** One that is to be served now. */
    record Due(Intake.Waiting peer) implements Next {}

    /** One that has been let go, or waits for its turn; there may be others. */
    record NotNow() implements Next {}

    /** None; perhaps because none can be taken. */
    record Nobody(@Nullable String failure) implements Next {}

    private static final Next NOT_NOW = new NotNow();

    /** Those whose time has come before those in the kernel's queue. */
    Next next(Door door, long now) {
        Intake intake = door.intake();
        Intake.Waiting due = intake.nextDue(now);
        if (due != null) {
            if (due.at() - now < 0 && due.connection().isGone()) {
                intake.drop(due);
                return NOT_NOW;
            }
            return new Due(due);
        }
        if (!intake.knocking) {
            return new Nobody(null);
        }
        Acceptance acceptance = door.listener().accept();
        if (acceptance instanceof Acceptance.Connection connection) {
            return arrived(door, connection, now);
        }
        intake.knocking = false;
        return new Nobody(acceptance instanceof Acceptance.Exhausted out ? out.message() : null);
    }

    private Next arrived(Door door, Acceptance.Connection connection, long now) {
        Intake intake = door.intake();
        Source source = Source.of(connection);
        Optional<String> denied = AccessRules.objection(door.rules(), connection.peer());
        Sources.Verdict verdict = denied.isPresent()
                ? new Sources.Verdict.Refuse(denied.get())
                : intake.sources.arrived(source, door.rules(), now);
        if (verdict instanceof Sources.Verdict.Serve serve) {
            Intake.Waiting waiting = new Intake.Waiting(connection, source, serve.at());
            if (serve.at() - now <= 0) {
                intake.taken++;
                return new Due(waiting);
            }
            if (intake.slowed.size() < Intake.MOST_WAITING) {
                intake.taken++;
                slow(door, waiting);
                return NOT_NOW;
            }
            intake.sources.left(source);
            verdict = new Sources.Verdict.Refuse("rate-limit: too many are waiting for their turn");
        }
        connection.close();
        intake.refused++;
        chronicle.counted(door);
        if (door.rules().log() && verdict instanceof Sources.Verdict.Refuse refuse) {
            log(door, connection, "refused by " + refuse.why());
        }
        return NOT_NOW;
    }

    private void slow(Door door, Intake.Waiting waiting) {
        door.intake().slowed.add(waiting);
        loop.at(waiting.at(), () -> {
            if (door.holding().watching && door.intake().hasDue(System.nanoTime())) {
                tell.accept(new Event.Knocked(door.name()));
            }
        });
    }

    /** A line in the bundle's log. */
    void log(Door door, Acceptance.Connection connection, String what) {
        log(door, peer(connection) + " " + what);
    }

    void log(Door door, String what) {
        outputs.say(door.bundle(), "usher: " + door.socket().name() + ": " + what);
    }

    private static String peer(Acceptance.Connection connection) {
        return connection
                .credentials()
                .map(who -> "process " + who.pid() + " of user " + Integer.toUnsignedString(who.uid()))
                .orElseGet(() -> connection.peer().toString());
    }
}

package usher.launcher;

import java.util.Optional;
import usher.activation.ExitStatus;
import usher.activation.Taken;
import usher.bundles.Service;
import usher.bundles.Service.Script;
import usher.launcher.Life.Phase;
import usher.launcher.Life.Watchdog;
import usher.launcher.Life.Wish;

/** What follows when a bundle's main process has ended: {@code finish}, another try, listening, {@code stop}, rest. */
final class Aftermath {
    private static final int FAILED_FOR_GOOD = 125;

    private final LifeRules life;

    Aftermath(LifeRules life) {
        this.life = life;
    }

    void exited(Event.Exited exited) {
        life.main = 0;
        life.watchdog = Watchdog.NONE;
        switch (exited.script()) {
            case START -> prepared(exited.status());
            case RUN -> ranOut(exited);
            case FINISH -> {
                life.fatal |= exited.status().equals(ExitStatus.exit(FAILED_FOR_GOOD)) && life.wish != Wish.DOWN;
                cleaned();
            }
            case STOP -> undone();
        }
    }

    private void prepared(ExitStatus status) {
        if (life.bundle.isOneShot()) {
            life.tally = life.tally.ended(status);
        }
        if (life.phase == Phase.STOPPING) {
            cleaned();
        } else if (status.isSuccess()) {
            life.run();
        } else {
            life.fatal = life.bundle.isOneShot();
            life.detail = "start ended with " + Words.of(status);
            cleaned();
        }
    }

    private void ranOut(Event.Exited exited) {
        boolean idle = life.idleStop.ended();
        boolean served = idle || life.now - life.tally.spawnedAt() >= LifeRules.LIVED || exited.taken() == Taken.YES;
        boolean wasTold = life.phase == Phase.STOPPING || life.phase == Phase.DRAINING;
        if (!wasTold) {
            life.detail = "run ended with " + Words.of(exited.status());
        }
        life.tally = life.tally.exited(exited.status());
        if (!wasTold && life.succession.takesOver(exited.process())) {
            return;
        }
        boolean wasIdle = idle && wasTold;
        if (wasIdle && life.wish == Wish.RUN) {
            life.wish = Wish.LISTEN;
        }
        if (!life.bundle.isLazy() && !wasIdle) {
            life.tally = life.now - life.tally.spawnedAt() >= Pause.NONE_AFTER_UP
                    ? life.tally.forgiven()
                    : life.tally.failed();
        } else if (served) {
            life.tally = life.tally.forgiven();
        } else {
            life.tally = exited.taken() == Taken.NO ? life.tally.failed() : life.tally.suspected();
        }
        if (life.bundle.has(Script.FINISH)) {
            life.phase = Phase.CLEANING;
            life.deadline = life.deadlineAfter(life.timeouts().finish());
            life.spawnFinish(exited.process());
        } else {
            cleaned();
        }
    }

    /** Nothing of the last start is left: what comes next? */
    void cleaned() {
        if (life.second.isPresent() && life.wish == Wish.DOWN) {
            life.phase = Phase.STOPPING; // until that is gone, too
            life.deadline = Life.NEVER;
        } else if (life.wish == Wish.DOWN) {
            undo();
        } else if (life.doomed) {
            life.rest(Phase.DOOMED, life.detail);
        } else if (life.fatal) {
            life.wish = Wish.DOWN;
            life.rest(Phase.FAILED, life.detail);
        } else {
            again();
        }
    }

    private void again() {
        life.bundle = life.newer.orElse(life.bundle);
        life.newer = Optional.empty();
        life.wish = life.awaitsKnock() ? Wish.LISTEN : Wish.RUN;
        if (life.waitsForSockets()) {
            return;
        }
        if (!life.prepared) {
            retryLater(life.detail);
        } else if (life.tally.failures() > 0) {
            pause();
        } else if (life.awaitsKnock()) {
            life.rest(Phase.LISTENING, "");
            life.watch();
        } else {
            life.begun();
        }
    }

    void retryLater(String why) {
        life.detail = why;
        life.tally = life.tally.failed();
        pause();
    }

    private void pause() {
        if (life.doomed && !life.hasConnections()) {
            life.rest(Phase.DOOMED, life.detail);
            return;
        }
        life.phase = Phase.BACKOFF;
        life.deadline = life.now + Pause.after(life.tally.failures());
        if (life.bundle.isLazy()) {
            life.wish = Wish.LISTEN;
        }
    }

    void undo() {
        if (life.prepared && life.bundle.has(Script.STOP)) {
            life.phase = Phase.UNDOING;
            life.deadline = life.deadlineAfter(life.timeouts().down());
            life.spawn(Script.STOP);
        } else {
            undone();
        }
    }

    void undone() {
        life.prepared = false;
        life.tally = life.tally.forgiven();
        life.rest(Phase.DOWN, "");
        boolean stores = life.bundle.service().map(Service::sdNotify).orElse(false);
        if (!life.keepSockets && (stores || !life.doors.open().isEmpty())) {
            life.effects.add(new Effect.Close(life.bundle.name()));
            life.doors = Doors.CLOSED;
        }
    }
}

package usher.launcher;

import java.time.Duration;
import usher.activation.ExitStatus;
import usher.bundles.Service.Script;
import usher.launcher.Life.Phase;
import usher.launcher.Life.Watchdog;
import usher.launcher.Life.Wish;

/** What happens to a life by itself: facts about its sockets, its processes and its connections, and time. */
final class Facts {
    private static final String RELOADING = "says that it is reloading";
    private static final String AND = ": ";

    private final LifeRules life;

    Facts(LifeRules life) {
        this.life = life;
    }

    void on(Event event) {
        if (event instanceof Event.OfProcess fact) {
            ofProcess(fact);
        } else if (event instanceof Event.Opened opened) {
            opened(opened.socket());
        } else if (event instanceof Event.OpenFailed failed) {
            openFailed(failed);
        } else if (event instanceof Event.Knocked) {
            knocked();
        } else if (event instanceof Event.Counted counted) {
            life.idleStop.counted(counted.connections());
        } else if (event instanceof Event.Connected) {
            connected();
        } else if (event instanceof Event.Disconnected gone) {
            disconnected(gone.status());
        } else if (event instanceof Event.AcceptFailed failed) {
            acceptFailed(failed.why());
        } else if (event instanceof Event.Tick) {
            tick();
        } else {
            throw new IllegalStateException("no fact: " + event);
        }
    }

    /** What is heard of a process that is no longer the bundle's is old news. */
    private void ofProcess(Event.OfProcess fact) {
        if (life.second.isPresent() && life.second.get().process() == fact.process()) {
            life.succession.on(life.second.get(), fact);
        } else if (life.main != fact.process()) {
            return;
        } else if (fact instanceof Event.Spawned spawned) {
            spawned(spawned.script());
        } else if (fact instanceof Event.SpawnFailed failed) {
            spawnFailed(failed);
        } else if (fact instanceof Event.Ready) {
            ready();
        } else if (fact instanceof Event.Notified notified) {
            notified(notified.said());
        } else if (fact instanceof Event.Exited exited) {
            life.aftermath.exited(exited);
        }
    }

    private void opened(String socket) {
        life.doors = life.doors.opened(socket, life.bundle);
        if (life.isListening() && life.wish == Wish.LISTEN) {
            life.watch();
        }
        life.listenIfAllIsOpen();
    }

    private void openFailed(Event.OpenFailed failed) {
        life.doors = life.doors.without(failed.socket()).failed(failed.why(), life.now);
        if (life.phase == Phase.DOWN) {
            life.detail = failed.why();
        } else if (life.phase == Phase.LISTENING && life.waitsForSockets()) {
            life.unwatch();
        }
    }

    private void knocked() {
        if (life.phase == Phase.UP && life.bundle.isPerConnection()) {
            if (life.room() > 0) {
                life.effects.add(new Effect.Accept(life.bundle, life.room()));
            } else {
                life.unwatch(); // the limit has come down below what runs
            }
        } else if (life.phase == Phase.LISTENING) {
            life.unwatch();
        } else {
            life.idleStop.knocked();
        }
    }

    private void spawned(Script script) {
        if (script != Script.RUN) {
            return;
        }
        life.tally = life.tally.spawned(life.now);
        if (life.phase == Phase.STARTING && !LifeDraft.announcesReadiness(life.bundle)) {
            ready();
        }
    }

    private void spawnFailed(Event.SpawnFailed failed) {
        life.main = 0;
        switch (failed.script()) {
            case START, RUN -> {
                if (life.wish == Wish.DOWN) {
                    life.aftermath.undo();
                } else {
                    life.aftermath.retryLater(failed.why());
                }
            }
            case FINISH -> life.aftermath.cleaned();
            case STOP -> life.aftermath.undone();
        }
    }

    private void ready() {
        if (life.phase == Phase.STARTING) {
            life.rest(Phase.UP, "");
            life.idleStop.begin();
        }
    }

    void notified(Notification said) {
        if (said.ready()) {
            ready();
        }
        if (life.phase == Phase.UP || life.phase == Phase.STARTING) {
            life.detail = detail(said);
        }
        if (said.extend().isPresent() && life.phase.isPassing() && life.deadline != Life.NEVER) {
            life.deadline = Math.max(life.deadline, life.now + said.extend().getAsLong());
        }
        if (said.watchdog().isPresent()) {
            life.watchdog = Watchdog.from(life.now, said.watchdog().getAsLong());
        } else if (said.alive()) {
            life.watchdog = Watchdog.from(life.now, life.watchdog.interval());
        }
        if (said.stuck()) {
            stuck("it asked to be taken for stuck");
        }
    }

    /** While it is reloading, what it has said last stands behind that, and again alone when it is ready. */
    private String detail(Notification said) {
        if (said.status().isPresent()) {
            return said.status().get();
        }
        boolean reloads = life.detail.equals(RELOADING) || life.detail.startsWith(RELOADING + AND);
        if (said.reloading() && !reloads) {
            return life.detail.isEmpty() ? RELOADING : RELOADING + AND + life.detail;
        }
        if (said.ready() && reloads) {
            return life.detail.equals(RELOADING) ? "" : life.detail.substring((RELOADING + AND).length());
        }
        return life.detail;
    }

    private void stuck(String why) {
        life.watchdog = Watchdog.NONE;
        if (life.phase == Phase.UP) {
            life.idleStop.forgetQuiet();
            life.end(why);
        }
    }

    private void connected() {
        life.tally = life.tally.spawned(life.now).forgiven();
        if (life.phase == Phase.UP && life.room() == 0) {
            life.unwatch();
        }
    }

    private void disconnected(ExitStatus status) {
        boolean wasFull = life.room() == 0;
        life.tally = life.tally.exited(status);
        if (life.phase == Phase.UP && wasFull && life.room() > 0) {
            life.watch();
        } else if (life.phase == Phase.STOPPING && life.tally.instances() == 0) {
            life.aftermath.cleaned();
        }
    }

    private void acceptFailed(String why) {
        if (life.phase == Phase.UP) {
            life.unwatch();
            life.aftermath.retryLater(why);
        }
    }

    private void tick() {
        if (life.second.isPresent() && life.second.get().deadline() <= life.now) {
            life.succession.tick(life.second.get());
        }
        if (life.watchdog.deadline() <= life.now) {
            stuck("no sign of life within " + Words.of(Duration.ofMillis(life.watchdog.interval())));
        }
        if (life.deadline > life.now) {
            return;
        }
        life.deadline = Life.NEVER;
        switch (life.phase) {
            case PREPARING, STARTING -> {
                life.fatal = true;
                life.end("not ready within " + Words.of(life.timeouts().up()));
            }
            case DRAINING -> life.end("");
            case STOPPING, CLEANING, UNDOING -> life.effects.add(new Effect.Kill(life.bundle.name()));
            case BACKOFF -> tryAgain();
            case UP -> life.idleStop.look();
            default -> {}
        }
    }

    private void tryAgain() {
        if (life.waitsForSockets()) {
            return;
        }
        if (life.bundle.isPerConnection() && life.prepared) {
            life.rest(Phase.UP, "");
            life.watch();
        } else if (life.awaitsKnock() && !life.bundle.isPerConnection()) {
            life.rest(Phase.LISTENING, life.detail);
            life.watch();
        } else {
            life.begun();
        }
    }
}

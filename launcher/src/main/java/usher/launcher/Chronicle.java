package usher.launcher;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import usher.activation.ProcessId;
import usher.bundles.BundleName;

/**
 * Writes down, step by step, what the launcher that comes after this one goes on from.
 *
 * <pre>
 *   event ──▶ engine decides ──▶ written: lives, operations, the effects      (one batch, all or nothing)
 *                                effect 0 is carried out; written: done 1, events that it raised, its process
 *                                effect 1 ...
 * </pre>
 *
 * <p>So of all effects at most one is in doubt, the one under way when the launcher was killed, besides processes that
 * were being made meanwhile, which are written down for themselves ({@link #begun}): all these are carried out once more,
 * and every effect is such that this does no harm. That a connection came or went is no step of its own
 * ({@link ConnectionChronicle}).
 */
final class Chronicle {
    private final StateFile file;
    private final Records records;
    private final Renaming renaming;
    private final ConnectionChronicle connections;
    private final Consumer<String> complain;
    private final Map<BundleName, Life> lives = new HashMap<>();
    private final Map<Operation.Kind, Map<BundleName, OperationImage>> operations = new EnumMap<>(Operation.Kind.class);
    /** Numbers of the events that were raised by effects and have not come to their turn. */
    private final Queue<Long> raised = new ArrayDeque<>();

    private long lastEvent;
    private boolean full;
    private @Nullable Settings settings;

    /**
     * What there is besides.
     *
     * @param boot of the machine that this was written on
     * @param clock {@link System#nanoTime} at which the engine's clock began
     * @param lastJob the highest number given to a job
     * @param shutdownJob the job that shuts down, -1 if none does
     * @param mark begins the marker by which processes are known
     */
    record Settings(String boot, long clock, long lastJob, long shutdownJob, String mark) {
        Settings withLastJob(long number) {
            return new Settings(boot, clock, number, shutdownJob, mark);
        }

        Settings withShutdownJob(long number) {
            return new Settings(boot, clock, lastJob, number, mark);
        }
    }

    /** The process that shares the launcher's table of descriptors, and the numbers of the mailbox's ends in there. */
    record Holder(ProcessId process, int in, int out) {}

    /** Effects of one step. */
    record Step(List<Effect> effects) {}

    Chronicle(StateFile file, Consumer<String> complain) {
        this.file = file;
        this.records = new Records(file);
        this.renaming = new Renaming(file, records);
        this.connections = new ConnectionChronicle(file, records, this::commit);
        this.complain = complain;
        for (Operation.Kind kind : Operation.Kind.values()) {
            operations.put(kind, new HashMap<>());
        }
    }

    /** What is recorded and is gone on with now, if anything is. Throws if it cannot be understood. */
    Optional<Found> find(String boot) {
        Optional<Found> found = Found.in(file, records, boot);
        found.ifPresent(before -> {
            raised.addAll(before.events().keySet());
            raised.forEach(number -> lastEvent = Math.max(lastEvent, number));
            before.lives().forEach(life -> lives.put(life.bundle().name(), life));
            before.operations()
                    .forEach(image -> of(image.kind()).put(image.bundle().name(), image));
        });
        return found;
    }

    /** Begins to record; what was there before counts no more, unless it is gone on with. */
    void begin(Settings now, boolean afresh) {
        if (afresh) {
            file.clear();
            records.clear();
            lives.clear();
            operations.values().forEach(Map::clear);
            raised.clear();
        }
        set(now);
        commit();
    }

    /** An event that an effect has raised waits for its turn. */
    void raised(Event event) {
        raised.add(++lastEvent);
        file.put(Entries.EVENT + hex(lastEvent), records.write(event));
    }

    /** The engine has taken the event, the first that was raised if it was raised, and wants these effects. */
    void decided(boolean wasRaised, Engine engine, Collection<Effect> effects) {
        if (wasRaised) {
            file.remove(Entries.EVENT + hex(raised.remove()));
        }
        for (BundleName name : engine.takeTouched()) {
            life(name, engine.life(name));
            operation(Operation.Kind.START, name, engine.operations().start(name));
            operation(Operation.Kind.STOP, name, engine.operations().stop(name));
        }
        if (settings != null && settings.shutdownJob() != engine.shutdownJob()) {
            set(settings.withShutdownJob(engine.shutdownJob()));
        }
        if (effects.isEmpty()) {
            records.remove(Entries.EFFECTS);
        } else {
            records.put(Entries.EFFECTS, new Step(List.copyOf(effects)));
        }
        file.remove(Entries.DONE);
        commit();
    }

    @SuppressWarnings("ReferenceEquality") // a life that has changed is another one
    private void life(BundleName name, @Nullable Life life) {
        Life before = life == null ? null : lives.put(name, life);
        if (life != null && before != life) {
            records.put(Entries.LIFE + name, life);
            if (before != null) {
                renaming.follow(before, life);
            }
        }
    }

    private void operation(Operation.Kind kind, BundleName name, @Nullable Operation operation) {
        Map<BundleName, OperationImage> written = of(kind);
        OperationImage before = written.get(name);
        if (operation == null) {
            if (before != null) {
                written.remove(name);
                records.remove(key(kind, name));
            }
        } else if (before == null || !before.tells(operation)) {
            OperationImage image = OperationImage.of(operation);
            written.put(name, image);
            records.put(key(kind, name), image);
        }
    }

    private Map<BundleName, OperationImage> of(Operation.Kind kind) {
        return Objects.requireNonNull(operations.get(kind));
    }

    private static String key(Operation.Kind kind, BundleName name) {
        return Entries.OPERATION + (kind == Operation.Kind.START ? "start/" : "stop/") + name;
    }

    /** So many of the step's effects have been carried out. */
    void done(int effects) {
        file.put(Entries.DONE, Integer.toString(effects).getBytes(StandardCharsets.US_ASCII));
        commit();
    }

    /** What was being made is made. */
    void settled() {
        commit();
    }

    ConnectionChronicle connections() {
        return connections;
    }

    void job(JobImage job) {
        records.put(Entries.JOB + job.number(), job);
    }

    /** What the job's client is told, and as how many-eth: each by itself, since a job may be of ten thousand bundles. */
    void told(int place, JobImage.Told told) {
        records.put(Entries.OUTCOME + hex(told.job()) + "/" + hex(place), told);
    }

    void lastJob(long number) {
        set(Objects.requireNonNull(settings).withLastJob(number));
    }

    void holder(Holder holder) {
        records.put(Entries.HOLDER + holder.process().pid(), holder);
        commit();
    }

    void holderIsGone(ProcessId holder) {
        forgetHolder(holder);
        commit();
    }

    /** With whatever is written down next. */
    void forgetHolder(ProcessId holder) {
        records.remove(Entries.HOLDER + holder.pid());
    }

    private void set(Settings changed) {
        settings = changed;
        file.put(Entries.SETTINGS, records.write(changed));
    }

    /** So many outcomes were told of it. */
    void jobIsOver(long number, int told) {
        records.remove(Entries.JOB + number);
        for (int place = 0; place < told; place++) {
            records.remove(Entries.OUTCOME + hex(number) + "/" + hex(place));
        }
    }

    /** It is made, or another one of it has become the main one; with whatever is written down next. */
    void process(ProcessImage process) {
        begunIsOver(process.bundle(), process.number());
        records.put(Entries.PROCESS + process.bundle() + "/" + process.number(), process);
    }

    /** A process is being made, while other effects are carried out. */
    void begun(Effect.Spawn spawn) {
        records.put(begunKey(spawn.bundle().name(), spawn.process()), spawn);
    }

    /** With whatever is written down next. */
    void begunIsOver(BundleName bundle, int number) {
        records.remove(begunKey(bundle, number));
    }

    private static String begunKey(BundleName bundle, int number) {
        return Entries.BEGUN + bundle + "/" + number;
    }

    void processIsGone(BundleName bundle, int number) {
        records.remove(Entries.PROCESS + bundle + "/" + number);
    }

    /** The process group of a {@code run} that has ended, for its {@code finish}; with whatever is written down next. */
    void ended(BundleName bundle, int number, int group) {
        file.put(Entries.GROUP + bundle + "/" + number, Integer.toString(group).getBytes(StandardCharsets.US_ASCII));
    }

    /** What {@link #ended} has written down, once; 0 if nothing is. */
    int takeGroup(BundleName bundle, int number) {
        String key = Entries.GROUP + bundle + "/" + number;
        byte[] group = file.get(key);
        file.remove(key);
        return group == null ? 0 : Integer.parseInt(new String(group, StandardCharsets.US_ASCII));
    }

    private void commit() {
        try {
            file.commit();
            full = false;
        } catch (IOException e) {
            if (!full) {
                complain.accept("what the next launcher is to know cannot be written down: " + RunDirectory.reason(e)
                        + "; it is tried again with every change");
                full = true;
            }
        }
    }

    /** After an orderly end nothing is gone on with. */
    void end() {
        try {
            file.end();
        } catch (IOException e) {
            complain.accept("the record of this launcher's state cannot be removed: " + RunDirectory.reason(e));
        }
    }

    private static String hex(long number) {
        return HexFormat.of().toHexDigits(number);
    }
}

package usher.launcher;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import usher.launcher.Chronicle.Holder;
import usher.launcher.Chronicle.Settings;

/**
 * What a launcher before this one had on its hands, as its {@link Chronicle} tells.
 *
 * @param events that effects had raised and that had not come to their turn, by their numbers, in order
 * @param begun processes that were being made
 * @param effects of its last step
 * @param done so many of them had been carried out
 */
record Found(
        Settings settings,
        List<Life> lives,
        List<OperationImage> operations,
        List<JobImage> jobs,
        List<JobImage.Told> told,
        List<ProcessImage> processes,
        List<Effect.Spawn> begun,
        List<ConnectionImage> connections,
        List<Holder> holders,
        Map<Long, Event> events,
        List<Effect> effects,
        int done) {

    /** Nothing if nothing is recorded, or of another boot of the machine. Throws if it cannot be understood. */
    static Optional<Found> in(StateFile file, Records records, String boot) {
        byte[] head = file.get(Entries.SETTINGS);
        if (head == null) {
            return Optional.empty();
        }
        Settings settings = records.read(head, Settings.class);
        if (!settings.boot().equals(boot)) {
            return Optional.empty();
        }
        TreeMap<Long, Event> events = new TreeMap<>();
        file.forEach(
                Entries.EVENT,
                (number, bytes) -> events.put(Long.parseLong(number, 16), records.read(bytes, Event.class)));
        List<Chronicle.Step> steps = records.all(Entries.EFFECTS, Chronicle.Step.class);
        byte[] done = file.get(Entries.DONE);
        return Optional.of(new Found(
                settings,
                records.all(Entries.LIFE, Life.class),
                records.all(Entries.OPERATION, OperationImage.class),
                records.all(Entries.JOB, JobImage.class),
                records.all(Entries.OUTCOME, JobImage.Told.class),
                records.all(Entries.PROCESS, ProcessImage.class),
                records.all(Entries.BEGUN, Effect.Spawn.class),
                records.all(Entries.CONNECTION, ConnectionImage.class),
                records.all(Entries.HOLDER, Holder.class),
                events,
                steps.isEmpty() ? List.of() : steps.get(0).effects(),
                done == null ? 0 : Integer.parseInt(new String(done, StandardCharsets.US_ASCII))));
    }
}

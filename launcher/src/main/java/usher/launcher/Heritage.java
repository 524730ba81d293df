package usher.launcher;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import usher.activation.Mailbox;
import usher.activation.Orphans;
import usher.activation.TableHolder;
import usher.activation.posix.Descriptor;

/**
 * What one launcher leaves to the next: what is written down in RUN-DIR/state, and what is open in the mailbox.
 *
 * @param found what is to be gone on with; empty at a first start
 * @param holders processes that have the descriptors of launchers before this one open
 * @param isToStop the guard was told to end everything while there was no launcher
 */
record Heritage(
        Optional<Found> found,
        Chronicle chronicle,
        Survivors survivors,
        List<TableHolder> holders,
        Mailbox keeper,
        Clock clock,
        boolean isToStop) {

    private static final String STATE = "state";

    /** Takes it over, for this process and boot of the machine. */
    static Heritage take(RunDirectory directory, Map<String, String> environment, Diary diary) throws Unfit {
        List<Descriptor> ends = Boot.inherited().orElseGet(() -> List.of(Mailbox.pair()));
        Mailbox mailbox = new Mailbox(ends.get(0), ends.get(1), diary::complain);
        Map<String, List<Descriptor>> kept = mailbox.contents();
        Path path = directory.path().resolve(STATE);
        try {
            Chronicle chronicle = new Chronicle(StateFile.open(path), diary::complain);
            Optional<Found> found = find(chronicle, path, diary);
            List<TableHolder> holders = new ArrayList<>();
            List<Descriptor> rescued = new ArrayList<>();
            for (Chronicle.Holder before : found.map(Found::holders).orElse(List.of())) {
                Optional<TableHolder> holder = TableHolder.of(before.process());
                if (holder.isEmpty()) {
                    chronicle.forgetHolder(before.process());
                    continue;
                }
                holders.add(holder.get());
                if (kept.isEmpty()) {
                    // Guard and launcher were killed both: what they shared is in the holder's table only.
                    kept = empty(before, holder.get(), mailbox, diary);
                }
                rescued.addAll(holder.get().connections());
            }
            Clock clock =
                    found.map(before -> new Clock(before.settings().clock())).orElseGet(Clock::new);
            String mark = found.map(before -> before.settings().mark()).orElseGet(Heritage::randomMark);
            chronicle.begin(
                    found.map(Found::settings)
                            .orElseGet(() -> new Chronicle.Settings(Lock.boot(), clock.begun(), 0, -1, mark)),
                    found.isEmpty());
            Survivors survivors =
                    new Survivors(kept, mark, found.isPresent() ? Orphans.search() : Orphans.none(), rescued);
            boolean stop = !environment.getOrDefault("USHER_STOPPING", "").isEmpty();
            return new Heritage(found, chronicle, survivors, holders, mailbox, clock, stop);
        } catch (IOException e) {
            throw new Unfit(path + ": cannot be written: " + RunDirectory.reason(e));
        }
    }

    /** Moves what a mailbox that nobody but the holder has open keeps into this one. */
    private static Map<String, List<Descriptor>> empty(
            Chronicle.Holder record, TableHolder holder, Mailbox into, Diary diary) {
        Optional<Descriptor> in = holder.take(record.in());
        Optional<Descriptor> out = holder.take(record.out());
        if (in.isEmpty() || out.isEmpty()) {
            return Map.of();
        }
        try (Mailbox before = new Mailbox(in.get(), out.get(), diary::complain)) {
            Map<String, List<Descriptor>> kept = before.contents();
            kept.forEach(into::keep);
            return kept;
        }
    }

    /** Whether a launcher before this one has taken up its first job; one that was killed before that has done nothing. */
    boolean hasBegun() {
        return found.isPresent() && found.get().settings().lastJob() > 0;
    }

    /** Something that cannot be understood is put aside, and everything begins anew. */
    private static Optional<Found> find(Chronicle chronicle, Path path, Diary diary) {
        try {
            return chronicle.find(Lock.boot());
        } catch (IllegalArgumentException | IllegalStateException | NullPointerException | ClassCastException e) {
            diary.complain(
                    path + ": what a launcher before this one has written down cannot be understood, so that what"
                            + " it had started is not known: " + e);
            return Optional.empty();
        }
    }

    private static String randomMark() {
        byte[] random = new byte[8];
        new SecureRandom().nextBytes(random);
        return HexFormat.of().formatHex(random);
    }
}

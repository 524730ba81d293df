package usher.launcher;

import java.nio.charset.StandardCharsets;
import usher.bundles.BundleName;

/**
 * The connections' part of the {@link Chronicle}: thousands come and go in a second, and the engine's state with them changes
 * by a count only, which can be told again by what is written here.
 */
final class ConnectionChronicle {
    private final StateFile file;
    private final Records records;
    private final Runnable commit;

    ConnectionChronicle(StateFile file, Records records, Runnable commit) {
        this.file = file;
        this.records = records;
        this.commit = commit;
    }

    /** At once, because a process that serves somebody is not to be lost sight of. */
    void begun(ConnectionImage connection) {
        file.put(Entries.CONNECTION + connection.bundle() + "/" + connection.pid(), records.write(connection));
        commit.run();
    }

    /** With whatever is written down next. */
    void isOver(BundleName bundle, int pid) {
        file.remove(Entries.CONNECTION + bundle + "/" + pid);
    }

    /** Connections taken, refused and given a process, with whatever is written down next. */
    void counted(Door door) {
        Intake intake = door.intake();
        String counts = intake.taken + " " + intake.refused + " " + intake.started;
        file.put(Entries.COUNTS + door.name() + "/" + door.socket().name(), counts.getBytes(StandardCharsets.US_ASCII));
    }

    /** What {@link #counted} has written down. */
    void recall(BundleName bundle, String socket, Intake intake) {
        byte[] counts = file.get(Entries.COUNTS + bundle + "/" + socket);
        if (counts != null) {
            String[] words = new String(counts, StandardCharsets.US_ASCII).split(" ", -1);
            intake.taken = Long.parseLong(words[0]);
            intake.refused = Long.parseLong(words[1]);
            intake.started = words.length < 3 ? 0 : Integer.parseInt(words[2]); // an earlier build's has two
        }
    }
}

package usher.launcher;

import java.util.HashMap;
import java.util.Map;
import usher.bundles.BundleName;

/**
 * Has what is written down of a bundle's sockets by their names follow those that go on under other names: it counts as of
 * the same moment as the bundle's new definition, so that no launcher finds the one without the other.
 */
final class Renaming {
    private final StateFile file;
    private final Records records;

    Renaming(StateFile file, Records records) {
        this.file = file;
        this.records = records;
    }

    /** With whatever is written down next. */
    @SuppressWarnings("ReferenceEquality") // sockets that were read anew are others; it is for those that this is
    void follow(Life before, Life after) {
        if (before.bundle().sockets() == after.bundle().sockets()
                || before.doors().open().isEmpty()) {
            return;
        }
        Map<String, String> names =
                SocketMarks.names(before.openSockets(), after.bundle().sockets());
        names.entrySet().removeIf(name -> name.getKey().equals(name.getValue()));
        if (!names.isEmpty()) {
            counts(before.bundle().name(), names);
            connections(before.bundle().name(), names);
        }
    }

    private void counts(BundleName bundle, Map<String, String> names) {
        String prefix = Entries.COUNTS + bundle + "/";
        Map<String, byte[]> moved = new HashMap<>();
        names.forEach((old, fresh) -> {
            byte[] counts = file.get(prefix + old);
            if (counts != null) {
                moved.put(fresh, counts);
            }
        });
        names.forEach((old, fresh) -> {
            file.remove(prefix + old);
            file.remove(prefix + fresh);
        });
        moved.forEach((fresh, counts) -> file.put(prefix + fresh, counts));
    }

    private void connections(BundleName bundle, Map<String, String> names) {
        String prefix = Entries.CONNECTION + bundle + "/";
        file.forEach(prefix, (pid, bytes) -> {
            ConnectionImage image = records.read(bytes, ConnectionImage.class);
            String fresh = names.get(image.socket());
            if (fresh != null) {
                file.put(prefix + pid, records.write(image.of(fresh)));
            }
        });
    }
}

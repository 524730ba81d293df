package usher.bundles;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The files of a bundle that are not read here, though its scripts may: what everybody may write there is refused, in
 * whatever depth. Whose it is does not count, because daemons keep their own data there. Links are not followed.
 */
final class UnreadFiles {
    /** So many of a bundle are looked at: it is read anew for every job, and may hold a database. */
    static final int MOST = 10_000;

    /** So many are refused one by one. */
    static final int MOST_REFUSED = 20;

    private final Reading reading;
    private final TrustRule trust;
    private int seen;
    private int refused;

    private record Place(Path path, String source) {}

    UnreadFiles(Reading reading, TrustRule trust) {
        this.reading = reading;
        this.trust = trust;
    }

    /** Looks at the file and, if it is a directory, at what is in it, hidden or not. */
    void check(Path path, String source) {
        Deque<Place> open = new ArrayDeque<>();
        Place next = new Place(path, source);
        while (next != null) {
            if (isDirectory(next)) {
                open.addAll(within(next, MOST - seen - open.size()));
            }
            next = seen < MOST && refused < MOST_REFUSED ? open.poll() : null;
        }
        if (!open.isEmpty() && refused < MOST_REFUSED) {
            reading.warn(
                    source,
                    "holds more files than are looked at, which are " + MOST + " of a bundle",
                    "keep data elsewhere, such as below /var/lib");
        }
    }

    /** Whether it is a directory to look into; it has been looked at itself. */
    private boolean isDirectory(Place place) {
        seen++;
        try {
            Stat stat = Stat.ofLink(place.path);
            TrustRule.Refusal refusal = trust.refuseUnread(stat, place.path);
            if (refusal != null) {
                reading.refuse(place.source, refusal);
                refused++;
            }
            return stat.isDirectory();
        } catch (IOException e) {
            // It is gone again, as the files of a daemon that runs may be.
            return false;
        }
    }

    /** In byte order; one more than {@code most} if there are more. */
    private static List<Place> within(Place directory, int most) {
        List<Path> paths = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory.path)) {
            for (Path entry : entries) {
                paths.add(entry);
                if (paths.size() > most) {
                    break;
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            // Where the launcher's user may not look, no script of that user may.
        }
        paths.sort(null);
        List<Place> places = new ArrayList<>(paths.size());
        for (Path path : paths) {
            places.add(new Place(path, directory.source + "/" + path.getFileName()));
        }
        return places;
    }
}

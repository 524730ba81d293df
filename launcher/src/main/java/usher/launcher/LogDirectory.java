package usher.launcher;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The files of one log in multilog's layout, for reading: {@code @TAI64N.s} and {@code .u}, the oldest first, {@code current}. */
record LogDirectory(Path path) {
    Path current() {
        return path.resolve("current");
    }

    boolean exists() {
        return Files.isDirectory(path);
    }

    /** When something was written last, or long ago. */
    FileTime writtenAt() {
        try {
            return Files.getLastModifiedTime(current());
        } catch (IOException e) {
            return FileTime.fromMillis(0);
        }
    }

    /** Those that have been rotated out. */
    List<Path> finished() throws IOException {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> finished = Files.newDirectoryStream(path, "@*.[su]")) {
            finished.forEach(files::add);
        } catch (NoSuchFileException e) {
            return files;
        }
        Collections.sort(files);
        return files;
    }

    /** All its files, {@code current} last if it is there. */
    List<Path> files() throws IOException {
        List<Path> files = finished();
        if (Files.exists(current())) {
            files.add(current());
        }
        return files;
    }
}

package usher.launcher;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;

/**
 * The directory of the control socket and of all else that lives as long as the launcher.
 *
 * @param path absolute
 * @param shared it lies in a directory where everybody may make files, so that somebody else could have made it first:
 *     it is believed only if it is this user's own, with mode 0700
 */
record RunDirectory(Path path, boolean shared) {
    private static final int OTHERS = 0077;

    /** Makes it if it is not there; why that failed or why it is not to be believed, if so. */
    Optional<String> make(int uid) {
        try {
            if (shared) {
                Files.createDirectory(
                        path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            } else {
                Files.createDirectories(path);
            }
        } catch (FileAlreadyExistsException e) {
            // What is there is looked at below.
        } catch (IOException e) {
            return Optional.of(path + ": cannot be made: " + reason(e) + " (name another with --run-dir)");
        }
        Optional<String> doubt = doubt(uid);
        if (doubt.isEmpty() && !Files.isDirectory(path)) {
            return Optional.of(path + ": is not a directory (name another with --run-dir)");
        }
        return doubt.isEmpty() && !Files.isWritable(path)
                ? Optional.of(path + ": cannot be written to by user " + uid + " (name another with --run-dir)")
                : doubt;
    }

    /** Why what is there is not to be believed; empty also if nothing is there. */
    Optional<String> doubt(int uid) {
        if (!shared) {
            return Optional.empty();
        }
        try {
            Map<String, Object> stat =
                    Files.readAttributes(path, "unix:uid,mode,isDirectory", LinkOption.NOFOLLOW_LINKS);
            boolean own = stat.get("uid") instanceof Integer owner && owner == uid;
            boolean directory = Boolean.TRUE.equals(stat.get("isDirectory"));
            boolean closed = stat.get("mode") instanceof Integer mode && (mode & OTHERS) == 0;
            return own && directory && closed
                    ? Optional.empty()
                    : Optional.of(path + ": is not a directory of mode 0700 that belongs to user " + uid
                            + ", so somebody else may have made it (remove it, or name another with --run-dir)");
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(path + ": cannot be read: " + reason(e));
        }
    }

    /** What a file system says of a failure, in words. */
    static String reason(IOException e) {
        if (e instanceof NoSuchFileException) {
            return "no such file or directory";
        }
        if (e instanceof java.nio.file.AccessDeniedException) {
            return "permission denied";
        }
        if (e instanceof java.nio.file.FileSystemException failure && failure.getReason() != null) {
            return failure.getReason();
        }
        return String.valueOf(e.getMessage());
    }
}

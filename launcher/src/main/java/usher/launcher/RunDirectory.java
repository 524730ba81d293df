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
import usher.activation.posix.Processes;

/**
 * The directory of the control socket and of all else that lives as long as the launcher.
 *
 * @param path absolute
 * @param shared it lies in a directory where everybody may make files, so that somebody else could have made it first:
 *     it is believed only if it is this user's own, with mode 0700
 */
record RunDirectory(Path path, boolean shared) {
    private static final int OTHERS = 0077;
    private static final int GROUP_WRITES = 0020;
    private static final int OTHERS_WRITE = 0002;

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
        return doubt.or(() -> exposure(uid))
                .or(() -> Files.isWritable(path)
                        ? Optional.empty()
                        : Optional.of(
                                path + ": cannot be written to by user " + uid + " (name another with --run-dir)"));
    }

    /** Why somebody else could put files there, to be written to or talked to in place of the launcher's own. */
    private Optional<String> exposure(int uid) {
        try {
            Map<String, Object> stat = Files.readAttributes(path, "unix:uid,gid,mode");
            int owner = number(stat, "uid");
            int mode = number(stat, "mode");
            boolean foreignGroup = (mode & GROUP_WRITES) != 0 && number(stat, "gid") != Processes.effectiveGroup();
            if (owner != 0 && owner != uid) {
                return Optional.of(path + ": belongs to user " + owner + ", not to root or user " + uid
                        + " (name another with --run-dir)");
            }
            return foreignGroup || (mode & OTHERS_WRITE) != 0
                    ? Optional.of(path + ": is writable for others, mode 0" + Integer.toOctalString(mode & 07777)
                            + " (chmod go-w, or name another with --run-dir)")
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.of(path + ": cannot be read: " + reason(e));
        }
    }

    /** -1, which is nobody and every mode, if the file system does not tell. */
    private static int number(Map<String, Object> stat, String name) {
        return stat.get(name) instanceof Integer number ? number : -1;
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

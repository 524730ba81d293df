package usher.bundles;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;

/** Type, permissions and owner of a file, {@code inode(7)}, in one system call. */
public record Stat(int mode, int uid, int gid) {
    private static final int TYPE = 0170000;

    /** Of what the path leads to. */
    static Stat of(Path path) throws IOException {
        return of(Files.readAttributes(path, "unix:mode,uid,gid"));
    }

    /** Of the path itself, be it a symbolic link. */
    static Stat ofLink(Path path) throws IOException {
        return of(Files.readAttributes(path, "unix:mode,uid,gid", LinkOption.NOFOLLOW_LINKS));
    }

    private static Stat of(Map<String, Object> attributes) {
        return new Stat(number(attributes, "mode"), number(attributes, "uid"), number(attributes, "gid"));
    }

    private static int number(Map<String, Object> attributes, String name) {
        return attributes.get(name) instanceof Integer number ? number : -1;
    }

    boolean isDirectory() {
        return (mode & TYPE) == 0040000;
    }

    boolean isRegular() {
        return (mode & TYPE) == 0100000;
    }

    boolean isLink() {
        return (mode & TYPE) == 0120000;
    }

    boolean isExecutable() {
        return (mode & 0111) != 0;
    }

    /** Whether anybody may make and remove entries, unless the sticky bit keeps everybody to their own. */
    boolean isWritableForAll() {
        return (mode & 0002) != 0 && (mode & 01000) == 0;
    }

    /** {@code a file}, {@code a directory} and so on, for messages. */
    String kind() {
        return switch (mode & TYPE) {
            case 0100000 -> "a file";
            case 0040000 -> "a directory";
            case 0120000 -> "a symbolic link";
            case 0010000 -> "a FIFO";
            case 0140000 -> "a socket";
            default -> "a device";
        };
    }

    /** The permission bits as chmod takes them. */
    String permissions() {
        String octal = Integer.toOctalString(mode & 07777);
        return "0000".substring(Math.min(4, octal.length())) + octal;
    }
}

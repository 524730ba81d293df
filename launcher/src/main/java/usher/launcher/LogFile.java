package usher.launcher;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import usher.bundles.Service;

/**
 * A log directory in multilog's layout: {@code current} is appended to; when it has reached its size it becomes {@code
 * @TAI64N.s}, and only so many of those are kept. A {@code current} with the owner's execute bit was closed in order.
 *
 * <p>Bytes go in as they come; each line gets its stamp when its first byte arrives. What the disk refuses is counted
 * and the count is written as soon as the disk takes something again.
 */
final class LogFile implements AutoCloseable {
    private static final int LONGEST_STAMP = 40;
    private static final String CURRENT = "current";
    private static final Set<PosixFilePermission> BEING_WRITTEN = PosixFilePermissions.fromString("rw-r--r--");
    private static final Set<PosixFilePermission> CLOSED_IN_ORDER = PosixFilePermissions.fromString("rwxr--r--");

    private final Path wanted;
    private final Path spare;
    private final Service.Log settings;
    private Path directory;
    private @Nullable FileChannel current;
    private long size;
    private boolean insideLine;
    private long droppedBytes;
    private ByteBuffer out = ByteBuffer.allocate(128 * 1024);

    /** Logs to a directory that need not exist, or to the spare one as long as it cannot be written. */
    LogFile(Path wanted, Path spare, Service.Log settings) {
        this.wanted = wanted;
        this.spare = spare;
        this.directory = wanted;
        this.settings = settings;
    }

    /** Appends these bytes, a stamp in front of each line. */
    void append(byte[] bytes, int length, Instant now) {
        String stamp = Stamp.of(settings.stamp(), now) + " ";
        int from = 0;
        while (from < length) {
            if (!insideLine && size >= settings.size()) {
                flush();
                rotate(now);
            }
            int end = from;
            while (end < length && bytes[end] != '\n') {
                end++;
            }
            int until = Math.min(end + 1, length);
            if (!insideLine) {
                put(stamp);
            }
            put(bytes, from, until - from);
            insideLine = end >= length;
            from = until;
        }
        flush();
    }

    /** Appends a line of the launcher's own. */
    void line(String text, Instant now) {
        byte[] bytes = ((insideLine ? "\n" : "") + text + "\n").getBytes(StandardCharsets.UTF_8);
        append(bytes, bytes.length, now);
    }

    private void put(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        put(bytes, 0, bytes.length);
    }

    private void put(byte[] bytes, int from, int length) {
        if (out.remaining() < length + LONGEST_STAMP) {
            flush();
        }
        if (out.capacity() < length) {
            out = ByteBuffer.allocate(length);
        }
        out.put(bytes, from, length);
        size += length;
    }

    private void flush() {
        out.flip();
        try {
            FileChannel channel = open();
            while (out.hasRemaining()) {
                channel.write(out);
            }
            reportDropped(channel);
        } catch (IOException e) {
            droppedBytes += out.remaining();
        }
        out.clear();
    }

    private void reportDropped(FileChannel channel) throws IOException {
        if (droppedBytes > 0 && !insideLine) {
            String line = Stamp.of(settings.stamp(), Instant.now()) + " usher: " + droppedBytes
                    + " bytes of this log could not be written and are lost\n";
            channel.write(ByteBuffer.wrap(line.getBytes(StandardCharsets.US_ASCII)));
            droppedBytes = 0;
        }
    }

    private FileChannel open() throws IOException {
        FileChannel channel = current;
        if (channel == null) {
            try {
                channel = open(wanted);
            } catch (IOException e) {
                if (spare.equals(wanted)) {
                    throw e;
                }
                channel = open(spare);
            }
            current = channel;
        }
        return channel;
    }

    private FileChannel open(Path where) throws IOException {
        Files.createDirectories(where);
        Path file = where.resolve(CURRENT);
        FileChannel channel = FileChannel.open(
                file,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS),
                PosixFilePermissions.asFileAttribute(BEING_WRITTEN));
        size = channel.size();
        channel.position(size);
        Files.setPosixFilePermissions(file, BEING_WRITTEN);
        directory = where;
        return channel;
    }

    private void rotate(Instant now) {
        if (current == null) {
            return;
        }
        try {
            close();
            Path finished = directory.resolve(Stamp.tai64n(now) + ".s");
            Files.move(directory.resolve(CURRENT), finished);
            forgetOldest();
        } catch (IOException e) {
            // The next line goes on in the old file, which then grows beyond its size: better than losing lines.
        }
        size = 0;
    }

    private void forgetOldest() throws IOException {
        List<Path> finished = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "@*.[su]")) {
            files.forEach(finished::add);
        }
        Collections.sort(finished);
        for (int i = 0; i < finished.size() - settings.count(); i++) {
            Files.delete(finished.get(i));
        }
    }

    /** Closes {@code current} in order. Appending opens it again. */
    @Override
    public void close() {
        FileChannel channel = current;
        current = null;
        if (channel == null) {
            return;
        }
        try (channel) {
            channel.force(false);
            Files.setPosixFilePermissions(directory.resolve(CURRENT), CLOSED_IN_ORDER);
        } catch (IOException e) {
            // The missing execute bit says that it was not closed in order.
        }
    }
}

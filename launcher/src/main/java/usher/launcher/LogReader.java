package usher.launcher;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reads a log from one of its last lines on, across its files. The file being read stays open, so that it is read to its
 * end although it has been renamed meanwhile; the files after it follow in their order.
 */
final class LogReader implements AutoCloseable {
    /** In case a file system tells of no changes. */
    private static final long LOOK_AGAIN_MILLIS = 2000;

    /** While there is no directory to be told about. */
    private static final long LOOK_FOR_DIRECTORY_MILLIS = 200;

    private final LogDirectory log;
    private final LogPrinter printer;
    private final int lines;
    private final ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
    private @Nullable FileChannel reading;
    private @Nullable Object key;
    private boolean started;

    /** From the last so many lines on, or from the beginning if there are not so many. */
    LogReader(LogDirectory log, LogPrinter printer, int lines) {
        this.log = log;
        this.printer = printer;
        this.lines = lines;
    }

    /** Prints what is there and has not been printed. */
    void readOn() throws IOException {
        List<Path> files = log.files();
        int next = 0;
        if (!started && !files.isEmpty()) {
            started = true;
            next = start(files);
        } else if (reading != null) {
            // The files may have been listed before the last lines of this one were written: read it after the listing.
            copy(reading);
            for (int i = 0; i < files.size(); i++) {
                if (key != null && key.equals(keyOf(files.get(i)))) {
                    next = i + 1;
                }
            }
        }
        for (Path file : files.subList(Math.min(next, files.size()), files.size())) {
            open(file, 0);
        }
    }

    private static @Nullable Object keyOf(Path file) throws IOException {
        try {
            return Files.readAttributes(file, java.nio.file.attribute.BasicFileAttributes.class)
                    .fileKey();
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    private void open(Path file, long offset) throws IOException {
        try {
            Object nextKey = keyOf(file);
            FileChannel next = FileChannel.open(file);
            close();
            reading = next;
            key = nextKey;
            next.position(offset);
            copy(next);
        } catch (NoSuchFileException e) {
            // Forgotten meanwhile, as the oldest; or renamed, and then the next listing has it.
        }
    }

    private void copy(FileChannel channel) throws IOException {
        while (channel.read(buffer.clear()) > 0) {
            printer.add(buffer.array(), buffer.position());
        }
    }

    /** Reads the file in which the last so many lines begin from there on; which file comes after it. */
    private int start(List<Path> files) throws IOException {
        long wanted = lines;
        for (int i = files.size() - 1; i > 0; i--) {
            try (FileChannel channel = FileChannel.open(files.get(i))) {
                Found found = find(channel, wanted);
                if (found.wanted <= 0) {
                    open(files.get(i), found.offset);
                    return i + 1;
                }
                wanted = found.wanted;
            }
        }
        long offset;
        try (FileChannel channel = FileChannel.open(files.get(0))) {
            offset = find(channel, wanted).offset;
        }
        open(files.get(0), offset);
        return 1;
    }

    /** Where in a file the last so many lines begin, and how many more are wanted from before it. */
    private record Found(long offset, long wanted) {}

    private Found find(FileChannel channel, long lastLines) throws IOException {
        long size = channel.size();
        if (lastLines == Integer.MAX_VALUE || size == 0) {
            return new Found(0, lastLines);
        }
        if (lastLines == 0) {
            return new Found(size, 0);
        }
        long wanted = lastLines;
        for (long end = size; end > 0; end = Math.max(0, end - buffer.capacity())) {
            long from = Math.max(0, end - buffer.capacity());
            int length = channel.read(buffer.clear().limit((int) (end - from)), from);
            for (int at = length - 1; at >= 0; at--) {
                // The last byte of a file ends its last line; it does not begin one.
                boolean begins = buffer.get(at) == '\n' && from + at + 1 < size;
                if (begins && --wanted == 0) {
                    return new Found(from + at + 1, 0);
                }
            }
        }
        return new Found(0, wanted - 1);
    }

    /** Reads on whenever more is written, until the thread is interrupted. */
    void follow() throws IOException, InterruptedException {
        try (WatchService watcher = FileSystems.getDefault().newWatchService()) {
            boolean watched = false;
            while (!Thread.currentThread().isInterrupted()) {
                watched = watched || watch(watcher);
                readOn();
                printer.flush();
                WatchKey changes =
                        watcher.poll(watched ? LOOK_AGAIN_MILLIS : LOOK_FOR_DIRECTORY_MILLIS, TimeUnit.MILLISECONDS);
                if (changes != null) {
                    changes.pollEvents();
                    watched = changes.reset();
                }
            }
        }
    }

    private boolean watch(WatchService watcher) throws IOException {
        if (!log.exists()) {
            return false;
        }
        return log.path()
                .register(watcher, StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_MODIFY)
                .isValid();
    }

    @Override
    public void close() throws IOException {
        if (reading != null) {
            reading.close();
            reading = null;
        }
    }
}

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
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads a log from one of its last lines on, across its files. The file being read stays open, so that it is read to its
 * end although it has been renamed meanwhile; the files after it follow in their order.
 */
final class LogReader implements AutoCloseable {
    /** For whoever reads what is printed; and for files, should there be no directory yet or its file system tell nothing. */
    private static final long LOOK_MILLIS = 200;

    private final LogDirectory log;
    private final LogPrinter printer;
    private final int lines;
    private final ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
    private @Nullable FileChannel reading;
    private @Nullable Object key;

    /** A file and what stays the same when it is renamed. */
    private record Listed(Path path, Object key) {}

    /** From the last so many lines on, or from the beginning if there are not so many. */
    LogReader(LogDirectory log, LogPrinter printer, int lines) {
        this.log = log;
        this.printer = printer;
        this.lines = lines;
    }

    /** Prints what is there and has not been printed, unless the printer is done. */
    void readOn() throws IOException {
        boolean more = reading != null || start();
        while (more && reading != null) {
            // Looked at before it is read: what is written no more is read to its end.
            boolean isLast = Objects.equals(key, keyOf(log.current()));
            copy(reading);
            more = !isLast && !printer.isDone() && openNext();
        }
    }

    /** Goes on to the file after the one at hand, or to the oldest if that is gone. Whether there is any. */
    private boolean openNext() throws IOException {
        List<Listed> files = listed();
        int next = 0;
        for (int i = 0; i < files.size(); i++) {
            if (files.get(i).key().equals(key)) {
                next = i + 1;
            }
        }
        if (next == files.size()) {
            return false;
        }
        try {
            open(files.get(next), 0);
        } catch (NoSuchFileException e) {
            // Forgotten meanwhile, as the oldest; or renamed, and then the next listing has it.
        }
        return true;
    }

    /** The files of one moment: if one is renamed while they are looked at, they are looked at again. */
    private List<Listed> listed() throws IOException {
        List<Listed> files = look();
        for (List<Listed> again = look(); !again.equals(files); again = look()) {
            files = again;
        }
        return files;
    }

    private List<Listed> look() throws IOException {
        List<Listed> files = new ArrayList<>();
        for (Path path : log.files()) {
            Object found = keyOf(path);
            if (found != null) {
                files.add(new Listed(path, found));
            }
        }
        return files;
    }

    private static @Nullable Object keyOf(Path file) throws IOException {
        try {
            return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    /** Whether it is that file still, and not one that has come to its name. */
    private boolean open(Listed file, long offset) throws IOException {
        FileChannel next = FileChannel.open(file.path());
        if (!file.key().equals(keyOf(file.path()))) {
            next.close();
            return false;
        }
        close();
        reading = next;
        key = file.key();
        next.position(offset);
        return true;
    }

    private void copy(FileChannel channel) throws IOException {
        while (!printer.isDone() && channel.read(buffer.clear()) > 0) {
            printer.add(buffer.array(), buffer.position());
        }
    }

    /** Opens the file in which the last so many lines begin, and there. Whether there is any. */
    private boolean start() throws IOException {
        for (List<Listed> files = listed(); !files.isEmpty(); files = listed()) {
            try {
                if (start(files)) {
                    return true;
                }
            } catch (NoSuchFileException renamed) {
                // It is looked for again.
            }
        }
        return false;
    }

    private boolean start(List<Listed> files) throws IOException {
        long wanted = lines;
        long offset = 0;
        int first = files.size();
        do {
            first--;
            try (FileChannel channel = FileChannel.open(files.get(first).path())) {
                Found found = find(channel, wanted);
                wanted = found.wanted;
                offset = found.offset;
            }
        } while (wanted > 0 && first > 0);
        return open(files.get(first), offset);
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

    /** Reads on whenever more is written, until the printer is done or nobody is left to read what it prints. */
    void follow(BooleanSupplier isAbandoned) throws IOException, InterruptedException {
        try (WatchService watcher = FileSystems.getDefault().newWatchService()) {
            boolean watched = false;
            while (!printer.isDone() && !isAbandoned.getAsBoolean()) {
                watched = watched || watch(watcher);
                readOn();
                printer.flush();
                WatchKey changes = watcher.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS);
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

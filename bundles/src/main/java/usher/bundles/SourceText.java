package usher.bundles;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A configuration file of another system. Its arguments are bytes to that system, so what is no UTF-8 is read as
 * ISO 8859-1, a character for each byte; written back in the same character set, it is the same bytes.
 */
record SourceText(String file, String text, Charset charset) {
    private static final int LARGEST = 1 << 20;

    static SourceText of(String file, byte[] bytes) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return new SourceText(file, text, StandardCharsets.UTF_8);
        } catch (CharacterCodingException e) {
            return new SourceText(file, new String(bytes, StandardCharsets.ISO_8859_1), StandardCharsets.ISO_8859_1);
        }
    }

    /** The file's text, which may come out of a pipe; null, and a remark, if it cannot be read. */
    static @Nullable SourceText read(Path file, Remarks remarks) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(LARGEST + 1);
            if (bytes.length <= LARGEST) {
                return of(file.toString(), bytes);
            }
            remarks.lostAll(file.toString(), "is not read: it holds more than 1 MiB");
        } catch (IOException e) {
            remarks.lostAll(file.toString(), "cannot be read: " + Reading.reason(e));
        }
        return null;
    }

    /** The regular files in a directory whose names are wanted, in byte order. */
    static List<Path> filesIn(Path directory, Predicate<String> wanted, Remarks remarks) {
        List<Path> files = new ArrayList<>();
        try (Stream<Path> entries = Files.list(directory)) {
            entries.filter(entry -> wanted.test(String.valueOf(entry.getFileName())) && Files.isRegularFile(entry))
                    .forEach(files::add);
        } catch (IOException e) {
            remarks.lostAll(directory.toString(), "cannot be listed: " + Reading.reason(e));
        }
        files.sort((one, other) -> ByteOrder.order(one.toString(), other.toString()));
        return files;
    }

    /** The lines without their ends; the last may have none. */
    List<String> lines() {
        return List.of(text.split("\n", -1));
    }

    Origin line(int index) {
        return new Origin(file, index + 1);
    }
}

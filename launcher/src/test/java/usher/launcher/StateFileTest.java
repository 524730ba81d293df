package usher.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateFileTest {
    @TempDir
    Path directory;

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private Map<String, String> read() throws IOException {
        Map<String, String> all = new TreeMap<>();
        StateFile.open(directory.resolve("state"))
                .forEach("", (name, value) -> all.put(name, new String(value, StandardCharsets.UTF_8)));
        return all;
    }

    @Test
    void whatIsCommittedIsThereForTheNext() throws IOException {
        StateFile file = StateFile.open(directory.resolve("state"));
        file.put("a/1", bytes("one"));
        file.put("b", bytes(""));
        file.commit();
        file.remove("b");
        file.put("a/1", bytes("uno"));
        file.commit();
        file.put("lost", bytes("lost"));
        assertThat(read()).isEqualTo(Map.of("a/1", "uno"));
    }

    @Test
    void whatIsPutCountsForWhoAsksBeforeItIsCommitted() throws IOException {
        StateFile file = StateFile.open(directory.resolve("state"));
        file.put("a/1", bytes("one"));
        file.put("a/2", bytes("two"));
        file.put("b", bytes("b"));
        file.commit();
        file.put("a/2", bytes("due"));
        file.put("a/3", bytes("three"));
        file.put("a/4", bytes("four"));
        file.remove("a/1");
        file.remove("a/4");
        Map<String, String> seen = new TreeMap<>();
        file.forEach("a/", (name, value) -> seen.put(name, new String(value, StandardCharsets.UTF_8)));
        assertThat(seen).isEqualTo(Map.of("2", "due", "3", "three"));
        assertThat(file.get("a/1")).isNull();
        assertThat(file.get("a/3")).isEqualTo(bytes("three"));
        assertThat(file.get("a/4")).isNull();
        assertThat(read()).isEqualTo(Map.of("a/1", "one", "a/2", "two", "b", "b"));
        file.clear();
        file.commit();
        assertThat(read()).isEmpty();
    }

    @Test
    void aBatchWhoseLengthIsNotThereDoesNotCount() throws IOException {
        StateFile file = StateFile.open(directory.resolve("state"));
        file.put("a", bytes("one"));
        file.commit();
        long end = 8 + 4 + 4 + 1 + 4 + 3;
        file.put("a", bytes("two"));
        file.put("b", bytes("two"));
        file.commit();
        try (FileChannel channel = FileChannel.open(directory.resolve("state"), StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate(4), end);
        }
        assertThat(read()).isEqualTo(Map.of("a", "one"));
    }

    /** A launcher was killed before its batch was whole; the next one's is shorter. */
    @Test
    void theRestOfABatchThatDoesNotCountIsNotTakenForAnother() throws IOException {
        StateFile file = StateFile.open(directory.resolve("state"));
        byte[] small = new byte[4000];
        for (int i = 2; i < small.length; i += 4) {
            small[i] = 1; // wherever one looks, a number that might be a length
        }
        file.put("b", small);
        file.commit();
        try (FileChannel channel = FileChannel.open(directory.resolve("state"), StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate(4), 8);
        }
        for (int length = 1; length < 5; length++) {
            StateFile next = StateFile.open(directory.resolve("state"));
            next.put("c", bytes("x".repeat(length)));
            next.commit();
            assertThat(read()).isEqualTo(Map.of("c", "x".repeat(length)));
        }
    }

    @Test
    void growsAndForgetsWhatIsOutOfDate() throws IOException {
        Random random = new Random(1);
        Map<String, String> model = new TreeMap<>();
        StateFile file = StateFile.open(directory.resolve("state"));
        for (int i = 0; i < 20_000; i++) {
            String name = "name " + random.nextInt(500);
            if (random.nextInt(4) == 0) {
                file.remove(name);
                model.remove(name);
            } else {
                String value = "x".repeat(random.nextInt(400)) + i;
                file.put(name, bytes(value));
                model.put(name, value);
            }
            file.commit();
        }
        assertThat(read()).isEqualTo(model);
        assertThat(Files.size(directory.resolve("state"))).isLessThan(2 << 20);
    }
}

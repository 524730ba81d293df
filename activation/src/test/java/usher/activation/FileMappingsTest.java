package usher.activation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import usher.activation.posix.FileMappings;

class FileMappingsTest {
    private static final int SIZE = 1 << 20;

    @TempDir
    Path temp;

    @Test
    void whatIsOnlyReadIsHeldNoMoreAndThereAgainWhenItIsRead() throws IOException {
        MappedByteBuffer mapped = map("read", MapMode.READ_ONLY);
        byte[] before = contents(mapped);
        assertThat(resident("read")).isEqualTo(SIZE / 1024);
        FileMappings.unchanged().giveBack();
        assertThat(resident("read")).isZero();
        assertThat(contents(mapped)).isEqualTo(before);
    }

    @Test
    void whatWasWrittenIsNotLost() throws IOException {
        MappedByteBuffer mapped = map("written", MapMode.PRIVATE);
        mapped.put(SIZE / 2, (byte) 'w');
        FileMappings.unchanged().giveBack();
        assertThat(mapped.get(SIZE / 2)).isEqualTo((byte) 'w');
        assertThat(mapped.get(0)).isEqualTo((byte) 'x');
    }

    private MappedByteBuffer map(String name, MapMode mode) throws IOException {
        byte[] contents = new byte[SIZE];
        Arrays.fill(contents, (byte) 'x');
        Path file = Files.write(temp.resolve(name), contents);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return channel.map(mode, 0, SIZE);
        }
    }

    private static byte[] contents(MappedByteBuffer mapped) {
        byte[] contents = new byte[SIZE];
        mapped.get(0, contents);
        return contents;
    }

    /** KiB of it that this process holds: proc_pid_smaps(5). */
    private int resident(String name) throws IOException {
        List<String> lines = Files.readAllLines(Path.of("/proc/self/smaps"));
        int head = 0;
        while (!lines.get(head).endsWith(temp.resolve(name).toString())) {
            head++;
        }
        while (!lines.get(head).startsWith("Rss:")) {
            head++;
        }
        return Integer.parseInt(lines.get(head).replaceAll("[^0-9]", ""));
    }
}

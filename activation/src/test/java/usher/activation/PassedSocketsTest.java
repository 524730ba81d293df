package usher.activation;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import usher.activation.posix.Descriptor;
import usher.bundles.ListeningSocket;

class PassedSocketsTest {
    @TempDir
    Path temp;

    @Test
    void everyDeclarationGetsTheSocketThatIsOpenAtItsAddress() {
        List<Listener> open = new ArrayList<>();
        Map<String, Descriptor> passed = new TreeMap<>();
        for (int i = 0; i < 10; i++) {
            Listener listener = Declared.open(Declared.socket(Declared.unix(temp.resolve("s" + i))));
            open.add(listener);
            passed.put("passed/" + i, listener.descriptor().duplicate());
        }
        PassedSockets sockets = new PassedSockets(passed);
        // In an order in which neighbours in the table go one after the other.
        for (int i : new int[] {3, 4, 1, 0, 2, 7, 5, 6, 9, 8}) {
            ListeningSocket declared = open.get(i).declaration();
            try (Listener taken = sockets.take(declared).orElseThrow()) {
                assertThat(taken.inode())
                        .as("socket " + i)
                        .isEqualTo(open.get(i).inode());
            }
            assertThat(sockets.take(declared)).as("once").isEqualTo(Optional.empty());
        }
        open.forEach(Listener::close);
    }
}

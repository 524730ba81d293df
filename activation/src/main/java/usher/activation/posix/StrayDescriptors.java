package usher.activation.posix;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Descriptors that this process was started with and knows nothing of. */
public final class StrayDescriptors {
    private static final Path OPEN = Path.of("/proc/self/fd");

    private StrayDescriptors() {}

    /** Sets FD_CLOEXEC on every descriptor from 3 up, so that none reaches a child, and says how many lacked it. */
    public static int sealAll() {
        int sealed = 0;
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(OPEN)) {
            for (Path descriptor : descriptors) {
                int number = Integer.parseInt(descriptor.getFileName().toString());
                if (number > 2 && Descriptors.isCloseOnExec(number) == 0) {
                    Descriptors.setCloseOnExec(number, true);
                    sealed++;
                }
            }
        } catch (IOException noProc) {
            return sealed; // closefrom in the child is the other half of this
        }
        return sealed;
    }
}

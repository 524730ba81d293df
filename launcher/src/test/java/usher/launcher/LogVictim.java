package usher.launcher;

import java.nio.file.Path;
import usher.activation.EventLoop;
import usher.activation.posix.Descriptor;
import usher.activation.posix.Descriptors;
import usher.bundles.Service;

/** Writes the log of what comes out of a FIFO, and nothing else, until it is killed. */
final class LogVictim {
    private static final int ROOM = 256 * 1024;
    private static final Service.Log SETTINGS = new Service.Log(Service.Log.Stamp.TAI64N, 1_000_000, 1_000_000);

    private LogVictim() {}

    /** Arguments: the FIFO, the directory, and {@code last} to end when the FIFO is empty. */
    @SuppressWarnings("SystemOut") // its parent reads it
    public static void main(String[] arguments) {
        Path home = Path.of(arguments[1]);
        EventLoop loop = new EventLoop();
        LogStream stream = new LogStream(
                Disk.SYSTEM,
                new LogDesk(loop, ROOM),
                new LogStream.Places(home.resolve("spool"), home.resolve("log"), home.resolve("spare")),
                SETTINGS);
        stream.follow(Descriptor.own(
                Descriptors.open(arguments[0], Descriptors.O_RDWR | Descriptors.O_NONBLOCK, 0), "open", arguments[0]));
        System.out.println("ready");
        if (arguments.length > 2) {
            stream.stop();
        } else {
            loop.run();
        }
    }
}

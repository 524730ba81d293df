import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A web daemon that never opens a port: its listening socket was open before it ran, and is its descriptor 0.
 *
 * <p>So it may be started by the first request, may crash and be started again, and no request is refused meanwhile.
 */
class Web {
    private static final Instant STARTED = Instant.now();
    private static final AtomicInteger VISITS = new AtomicInteger();

    public static void main(String[] arguments) throws IOException {
        if (!(System.inheritedChannel() instanceof ServerSocketChannel listening)) {
            System.err.println("web: descriptor 0 is no listening socket; let usher start this");
            System.exit(1);
            return;
        }
        System.out.println("web: taking requests as process " + ProcessHandle.current().pid());
        ExecutorService threads = Executors.newFixedThreadPool(8);
        while (true) {
            SocketChannel peer = listening.accept();
            threads.execute(() -> answer(peer));
        }
    }

    private static void answer(SocketChannel peer) {
        try (peer) {
            peer.read(ByteBuffer.allocate(8192)); // what is asked for does not matter here
            String page = "Process %d, started %s by the first visitor; you are visitor %d.\n"
                    .formatted(ProcessHandle.current().pid(), STARTED, VISITS.incrementAndGet());
            String head = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nConnection: close\r\nContent-Length: %d\r\n\r\n"
                    .formatted(page.length());
            peer.write(ByteBuffer.wrap((head + page).getBytes(StandardCharsets.US_ASCII)));
        } catch (IOException e) {
            System.err.println("web: a visitor went away: " + e.getMessage());
        }
    }
}

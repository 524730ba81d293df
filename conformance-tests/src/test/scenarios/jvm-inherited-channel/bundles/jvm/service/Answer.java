import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/**
 * Takes the listening socket on descriptor 0, says on descriptor 3 that it is ready, and answers every request with the
 * same few words. Told to end by TERM, it takes no more connections and finishes the one it has.
 */
class Answer {
    private static final byte[] ANSWER =
            "HTTP/1.0 200 OK\r\nContent-Length: 38\r\n\r\nthe channel was there when we came in\n"
                    .getBytes(StandardCharsets.US_ASCII);

    private static volatile boolean over;

    public static void main(String[] arguments) throws IOException {
        if (!(System.inheritedChannel() instanceof ServerSocketChannel listening)) {
            throw new IOException("no listening socket on descriptor 0");
        }
        listening.configureBlocking(false);
        Selector selector = Selector.open();
        listening.register(selector, SelectionKey.OP_ACCEPT);
        Thread serving = Thread.currentThread();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            over = true;
            selector.wakeup();
            try {
                serving.join();
            } catch (InterruptedException impatient) {
                // then without
            }
        }));
        try (FileOutputStream ready = new FileOutputStream("/proc/self/fd/3")) {
            ready.write('\n');
        }
        while (!over) {
            selector.select();
            selector.selectedKeys().clear();
            // Another process may have been quicker.
            try (SocketChannel peer = over ? null : listening.accept()) {
                if (peer != null) {
                    peer.read(ByteBuffer.allocate(8192));
                    peer.write(ByteBuffer.wrap(ANSWER));
                }
            }
        }
    }
}

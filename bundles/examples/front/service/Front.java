import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/** A web page that asks the counter for its number: `requires/counter` and `after/counter` say so to usher. */
class Front {
    public static void main(String[] arguments) throws IOException {
        if (!(System.inheritedChannel() instanceof ServerSocketChannel listening)) {
            System.err.println("front: descriptor 0 is no listening socket; let usher start this");
            System.exit(1);
            return;
        }
        while (true) {
            try (SocketChannel peer = listening.accept()) {
                peer.read(ByteBuffer.allocate(8192));
                String page = "The counter stands at " + count() + ".\n";
                String head = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nConnection: close\r\nContent-Length: %d\r\n\r\n"
                        .formatted(page.length());
                peer.write(ByteBuffer.wrap((head + page).getBytes(StandardCharsets.US_ASCII)));
            } catch (IOException e) {
                System.err.println("front: not answered: " + e.getMessage());
            }
        }
    }

    /** No waiting and no retries: the counter's socket is open before this runs, even while the counter restarts. */
    private static String count() throws IOException {
        int port = Integer.parseInt(System.getenv("COUNTER_PORT"));
        try (Socket counter = new Socket("127.0.0.1", port);
                BufferedReader lines = new BufferedReader(
                        new InputStreamReader(counter.getInputStream(), StandardCharsets.US_ASCII))) {
            return lines.readLine();
        }
    }
}

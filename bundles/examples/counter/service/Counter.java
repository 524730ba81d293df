import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/** Says the next number to each that connects. It is started with the job (`service/eager`), not by the first peer. */
class Counter {
    public static void main(String[] arguments) throws IOException {
        if (!(System.inheritedChannel() instanceof ServerSocketChannel listening)) {
            System.err.println("counter: descriptor 0 is no listening socket; let usher start this");
            System.exit(1);
            return;
        }
        for (long count = 1; true; count++) {
            try (SocketChannel peer = listening.accept()) {
                peer.write(ByteBuffer.wrap((count + "\n").getBytes(StandardCharsets.US_ASCII)));
            } catch (IOException e) {
                System.err.println("counter: a peer went away: " + e.getMessage());
            }
        }
    }
}
